### Pourquoi un navigateur ou un téléphone n’a pas de son. Un motif sans détail figure à côté du poste concerné.

## Un son que l’on ne peut pas établir

leg-address-not-ours = Le son ne peut pas être reçu à { $address } : ce n’est pas une adresse de cette machine. Corrigez les adresses de la voix dans openline.toml, puis redémarrez le nœud.
leg-offer-wrong = L’offre de son du navigateur n’est pas celle que demande la console ({ $detail }). Rechargez la page. Si cela dure, prévenez le technicien.
legs-too-many = Au plus { $limit } navigateurs et téléphones peuvent avoir du son en même temps. Celui-ci n’en a pas. Fermez une console dont personne ne se sert.

## Comment un son finit

leg-consent-expired = Le navigateur ne répond plus au nœud. La console se reconnecte. Si cela dure, vérifiez le réseau de ce poste.
leg-fingerprint-wrong = Un autre que le navigateur de cette session a tenté de se connecter. Aucun son n’est passé. Prévenez le superviseur.
leg-handshake-failed = Le navigateur et le nœud n’ont pu convenir d’une connexion sûre pour le son. Rechargez la page. Si cela dure, prévenez le technicien.
leg-left = Le navigateur a coupé le son : la page a été quittée ou rechargée. Ouvrez la console pour entendre la ligne.
leg-lost = Le son de ce poste est perdu. La console se reconnecte et reprend le même appel. Écrivez en attendant.
leg-rang-for-stop = Ce téléphone a sonné pour un STOP et n’en transmet pas le son. Le STOP est affiché sur la console : répondez-y là.
leg-replaced = La console a rétabli son son. Il n’y a rien à faire.
leg-setup-timed-out = Le navigateur n’atteint pas le nœud pour le son. Vérifiez que l’UDP de ce poste vers le nœud n’est pas bloqué. Écrivez en attendant.
leg-silent = Rien n’est venu du navigateur depuis 6 secondes. La console se reconnecte. Si cela dure, vérifiez le réseau de ce poste.
leg-stopped = Le nœud a coupé tout le son ici parce qu’il s’arrête. Attendez son retour. Écrivez en attendant.

## Des paquets qui ne sont pas du son

rtcp-wrong = Un rapport sur le son de { $size } octets est illisible. Il est écarté, et l’appel continue.
rtp-wrong = Un paquet de { $size } octets n’est pas du son. Il est écarté, et l’appel continue.
