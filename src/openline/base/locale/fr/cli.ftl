### La ligne de commande : fichiers, phrases secrètes, et un nœud que l'on n'atteint pas.

confirmation-differs = Ce que vous avez tapé n’est pas { $name }. Rien n’est fait. Recommencez la commande.
confirmation-needed = { $effect } Personne ne peut être interrogé ici. Rien n’est fait. Prenez --yes avec --reason.
reason-needed = Avec --yes, il faut noter un motif. Rien n’est fait. Ajoutez --reason.
file-exists = Le fichier { $file } existe déjà et n’est pas remplacé. Donnez un autre nom.
file-unreadable = Le fichier { $file } ne peut pas être lu ({ $detail }). Vérifiez son nom et son propriétaire.
file-unwritable = Le fichier { $file } ne peut pas être écrit ({ $detail }). Vérifiez le dossier et la place sur le disque.
fingerprint-needed = Personne ne peut être interrogé ici. Donnez avec --fingerprint les chiffres que { $party } a lus.
invitation-too-large = Ce fichier est trop grand pour une invitation ({ $limit } octets au plus). Rien n’est accepté. Demandez le fichier de la carte.
language-needed = Il faut nommer la langue du texte. Rien n’est envoyé. Ajoutez --lang.
option-unreadable = La valeur { $value } de { $option } est illisible. Voyez l’exemple dans --help.
passphrase-file-unreadable = Le fichier de phrase secrète { $file } ne peut pas être lu ({ $detail }). Vérifiez son nom et son propriétaire.
passphrase-needed = Il faut une phrase secrète. Rien n’est fait. Tapez-la, ou donnez un fichier avec --passphrase-file.
role-needed = Nommez le rôle qui agit maintenant. Rien n’est écrit. Ajoutez --to.
root-unreadable = { $root } n’est pas une partie avec ses chiffres. Écrivez PARTIE=CHIFFRES avec les 30 chiffres que la partie lit.
value-wrong = { $value } n’est ni NOM=TEXTE ni NOM:=JSON, ou son nom figure deux fois. Rien n’est envoyé. Corrigez-le.
text-not-utf8 = Le texte n’est pas en UTF-8. Rien n’est envoyé. Enregistrez-le en UTF-8 et renvoyez-le.

token-file-needed = Avec --node, il faut un jeton. Donnez son fichier avec --token-file.
token-file-unreadable = Le fichier de jetons { $file } ne peut pas être lu ({ $detail }). Vérifiez son nom et son propriétaire.

node-address-wrong = { $address } n’est pas l’adresse d’un nœud. Écrivez par exemple http://127.0.0.1:8440.
node-broke-off = Le nœud à { $place } s’est interrompu ({ $detail }). Regardez s’il tourne, puis redonnez la commande.
node-failed = Le nœud répond par une erreur qu’il n’explique pas (état { NUMBER($status, useGrouping: 0) }). Lisez son journal technique et prévenez le technicien.
node-silent = Le nœud à { $place } ne dit rien depuis { $seconds } secondes. Regardez s’il tourne et si son disque est lent.
node-unreachable = Le nœud à { $place } ne peut pas être atteint ({ $detail }). Démarrez-le avec openline node run, ou donnez le bon --dir.
saying-uncertain = Le nœud à { $place } s’est interrompu : on ne sait pas si c’est enregistré. Redonnez la même commande avec --key { $key }.

demo-node-not-ready = Un nœud de la démonstration n’est pas prêt. Lisez son journal technique : { $file }.
demo-not-reached = La démonstration attend en vain : { $what } ({ $stage }). Recommencez ; si cela échoue encore, signalez-le.
demo-not-right = La démonstration a trouvé une erreur : { $what }. Recommencez ; si cela échoue encore, signalez-le.
