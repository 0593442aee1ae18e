### Les appels sur la ligne téléphonique ouverte.

call-unknown = { $entry } n’est pas un appel sur la ligne { $line }. Consultez les appels de la ligne et désignez-en un.
call-under-way = Un appel est en cours sur la ligne { $line } : { $entry }. Prenez-y part, ou quittez-le avant de sonner de nouveau.
call-step-not-possible = « { $step } » n’est pas possible dans l’appel { $entry } : notre côté est { $state }, ou l’appel est terminé. Consultez l’appel de nouveau.
fault-step-not-possible = Ce côté était { $state } dans l’appel ; { $step } ne peut pas suivre. Rien ne change. Demandez à l’autre partie où elle en est.

## Ce que l’on ne peut pas faire avec le son

gate-not-possible = { $desk } ne peut pas être entendu dans l’appel { $entry } : il n’y prend pas part, ou l’appel est en attente ou terminé. Consultez l’appel de nouveau.
interpreter-list-wrong = Un interprète écoute et parle au plus à { $limit } de nos postes, et { $desk } n’en est pas un lui-même. Nommez d’autres postes.
leg-missing = { $desk } n’a pas de son. Ouvrez-y la console et laissez la page utiliser le microphone.
leg-needs-session = Le son appartient à une session de la console. Connectez-vous à la console dans un navigateur.
leg-offer-too-large = L’offre de son du navigateur a plus de { $limit } caractères. Rechargez la page. Si cela dure, prévenez le technicien.
leg-unknown = { $leg } n’est pas un son de ce poste, ou il est terminé. Consultez de nouveau le son de ce nœud.
phone-line-unknown = Le numéro composé n’est pas une ligne de ce nœud. Composez le nom ou le numéro d’une ligne.
session-withdrawn = La session de la console est terminée, et son son avec elle. Connectez-vous de nouveau.
voice-not-running = Le processus qui porte le son ne tourne pas. Le nœud le relance. Écrivez en attendant.

## Pourquoi un appel est ce qu’il est

call-declined = Tous les postes de ce côté ont décliné l’appel.
call-glare = Les deux côtés ont sonné en même temps ; ils sont réunis dans un seul appel.
call-left = { $party } a quitté l’appel.
call-leg-over = Le son de ce poste est terminé.
call-missed = Personne n’a répondu à temps. Envoyez un message, ou prenez un autre moyen.
call-no-path = Aucune voie ne porte le son. L’appel continue. Écrivez jusqu’au retour du son.
call-no-voice = Ce côté ne porte pas de son. Écrivez, ou prenez un autre moyen.
call-nobody-left = Personne n’y a eu de son pendant 10 minutes ; le nœud a quitté l’appel.
call-node-restarted = Le nœud a redémarré ; personne n’y est entendu avant d’appuyer de nouveau sur la touche.
call-over = L’appel est terminé.
call-ringer-left = Celui qui sonnait a quitté l’appel.
call-voice-ended = Le processus qui porte le son s’est arrêté. Le nœud le relance. Écrivez en attendant.

## Comment va le son

carriage-both = L’UDP sur { $path } est douteux ; le son passe aussi dans sa connexion.
carriage-dead = Aucun son ne passe sur { $path }.
carriage-stream = L’UDP ne passe pas sur { $path } ; le son va dans sa connexion, avec plus de retard.
carriage-udp = Le son va par { $path } en UDP.
voice-is-off = Ce nœud ne porte pas de son.
voice-is-running = Le son est porté.
voice-is-starting = Le processus qui porte le son démarre. Écrivez en attendant.
