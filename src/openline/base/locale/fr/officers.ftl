### Les officiers à la console : sessions, clés d’accès, invitations, le certificat auquel les postes se fient.

## Entrer

host-unknown = La console ne répond pas sous le nom { $host }. Ouvrez-la sous un nom de openline.toml, ou sous localhost.
request-from-elsewhere = Cette requête ne vient pas d’une page de la console. Rien n’est fait. Ouvrez la console elle-même et réessayez.
seats-closed = Les places sans clé d’accès ne servent qu’aux démonstrations. Entrez avec votre clé d’accès.
session-needed = Personne n’est assis ici, ou la session est finie. Entrez avec votre clé d’accès.

## Clés d’accès

holder-too-long = Le nom du détenteur a plus de { $limit } octets. Rien n’est écrit. Raccourcissez-le.
invite-wrong = Cette invitation est inconnue, utilisée ou trop ancienne. Rien n’est enregistré. Demandez-en une autre à l’exploitant.
login-too-often = Trop d’essais ont été refusés ici. Attendez une minute, puis réessayez.
passkey-copied = La clé d’accès { $number } existe peut-être deux fois : son compteur a reculé. Ne l’utilisez plus. Faites-la révoquer par le technicien.
passkey-place = Les clés d’accès ne marchent pas à cette adresse. Ouvrez la console sous un de ces noms, à son propre port : { $names }.
passkey-position-gone = Le poste { $position } de cette clé d’accès n’est plus dans openline.toml. Demandez à l’exploitant.
passkey-too-late = Cet essai est trop ancien, ou a déjà servi. Rien n’est ouvert. Recommencez.
passkey-unknown = Cette clé d’accès n’est pas connue ici, ou a été révoquée. Demandez une invitation à l’exploitant.
passkey-wrong = Ce que la clé d’accès a signé ne tient pas. Rien n’est ouvert. Recommencez ; si cela dure, prévenez le technicien.
position-unknown = Il n’y a pas de poste { $position }. Les postes de ce nœud sont : { $positions }.
told-invited = Donnez le code à l’officier de { $position } de vive voix ou en main propre. Il sert une fois, pendant 30 minutes.

## Le certificat

console-authority-other-names = L’autorité de cette console ne peut pas signer pour { $names }. Lancez openline console cert --new-ca, puis installez-la à chaque poste.
console-certificate-missing = Le certificat { $file } n’est pas là. Lancez openline console cert, puis redémarrez le nœud.
console-certificate-unreadable = { $file } n’est pas lisible comme certificat avec sa clé ({ $detail }). Lancez openline console cert.
console-certificate-ends = Le certificat de la console est valable jusqu’au { $until }. Lancez openline console cert pour le renouveler.
console-names-missing = Il n’y a pas de noms pour la console. Écrivez-les sous [https] dans { $file }, puis réessayez.
seats-need-loopback = Les places ne s’ouvrent que sur la boucle locale. Écrivez listen sous [http] dans openline.toml, puis redémarrez.
told-install-ca = Installez { $file } à chaque poste comme autorité pour les sites web. Comparez d’abord son empreinte.

## Officiers et signatures personnelles

fault-officer-incomplete = { $pseudonym } : { $step } n’a pas de raison, ou une récupération n’a pas de témoin. Rien ne change.
fault-officer-key = { $pseudonym } : la clé de { $step } n’est pas vérifiable, ou a déjà été inscrite. Personne n’est inscrit.
fault-officer-name = { $pseudonym } : le nom dans { $step } n’est pas celui qui a été inscrit. Il n’ouvre rien.
fault-officer-not-possible = { $pseudonym } : { $step } n’est pas possible dans l’état de cet officier. Rien ne change.
fault-signature-of-others = Cette signature désigne une entrée d’une autre partie. Elle ne signe rien.
fault-signature-wrong = Ce n’est pas une signature de l’entrée désignée : { $reason }. Elle ne signe rien.
officer-nameless = Aucun nom de { $officer } n’est connu ici. Rien n’est ouvert.
officer-recover-here = Un superviseur ne se récupère que sur la machine du nœud. Lancez-y openline officer recover.
officer-recover-needed = Un superviseur est invité par un superviseur. S’il n’en reste aucun, lancez openline officer recover { $position } sur la machine du nœud.
officer-still-enrolled = L’officier { $officer } a encore une clé d’accès valable. Retirez-la d’abord, avec une raison.
officer-unknown = Il n’y a pas d’officier valable { $officer }. Voyez openline officer list.
officer-withdrawn = Vous êtes retiré comme officier. Rien n’est fait. Demandez à un superviseur.
officer-witness-missing = Une récupération demande un témoin. Donnez son rôle et son nom avec --witness-role et --witness.
passkey-key-wrong = Cette clé d’accès a une clé que le registre ne peut pas vérifier ({ $detail }). Prenez un autre authentificateur.
role-unknown = Il n’y a pas de rôle { $role }, que { $whose } a. Les rôles sont : { $roles }. Corrigez openline.toml ou le fichier de jetons.
signature-of-others = L’entrée { $entry } n’est pas la nôtre. Un officier signe les entrées de sa propre partie.
signature-officer-unknown = Aucun officier du registre ne peut signer { $entry } ici avec cette clé d’accès. Attendez un instant, ou prenez l’autre nom de la console.
signature-passkey-needed = Personne n’est assis ici avec une clé d’accès. Entrez avec la vôtre pour signer.
signature-unreadable = La réponse de la clé d’accès n’est pas en base64url. Rien n’est signé.
signature-wrong = Ce n’est pas une signature de { $entry } : { $reason }. Rien n’est signé. Réessayez.
