### Le nœud : son démarrage, son stockage, ses lignes d'un coup d'œil, et ses portes.

## L'état d'une ligne, en un mot et une phrase

state-proven = La ligne { $line } est prouvée. Dernier signe de l’autre partie : { $since }.
state-one-path-left = La ligne { $line } est prouvée, sur une seule voie. Demandez au technicien de réparer les autres.
state-late = La ligne { $line } est en retard. Dernier signe de { $party } : { $since }. Attendez une minute, puis envoyez un essai.
state-ended = La ligne { $line } est finie pour nous : nous l’avons quittée, ou tous les autres. Ce qui a été dit reste au registre.
state-opening = La ligne { $line } n’est pas encore ouverte. Rien n’y est dit avant que chaque membre l’ait ouverte.
state-down = La ligne { $line } est coupée. Rien n’est entendu de { $party } depuis { $since }. Atteignez cette partie autrement.
state-down-unheard = La ligne { $line } est coupée. Rien n’est entendu de { $party } depuis le démarrage de ce nœud. Atteignez cette partie autrement.
state-never-heard = La ligne { $line } n’a pas été entendue depuis le démarrage de ce nœud. Regardez ses voies et appelez l’autre partie.
state-suspended = La ligne { $line } est déclarée suspendue. FLASH, essais et messages de service passent encore.
state-quarantined = La ligne { $line } ne prend rien de nouveau de nous après une restauration. Elle s’ouvre quand l’autre partie dit ce qu’elle a.
state-forked = Le registre de la ligne { $line } se contredit : deux histoires signées existent. Appelez le superviseur. N’effacez rien.

## Pourquoi l'autre partie se tait

cause-path-down = Aucune voie n’atteint l’autre partie. Regardez les voies et prévenez le technicien.
cause-node-down = Une voie marche, l’autre nœud ne répond pas. Appelez l’autre partie autrement.
cause-console-dark = L’autre nœud marche ; aucune console n’y est branchée. Si c’est urgent, appelez l’autre partie autrement.
cause-rang-no-answer = La sonnerie retentit de l’autre côté et personne ne répond. Continuez et prévenez le superviseur.
cause-declined = L’autre partie a vu l’appel et l’a décliné. Prévenez le superviseur.
cause-suspended = L’autre partie a déclaré qu’elle ne répond pas. Envoyez un FLASH si cela ne peut pas attendre.
clock-differs = L’horloge de { $party } et la nôtre diffèrent de { $seconds } secondes. Vérifiez la source d’heure de cette machine, puis demandez à l’autre partie.

## Ce que le docteur regarde

calls-refused = { $count ->
    [one] Un appel
   *[other] { $count } appels
 } sur la voie { $path } sans session. Le plus récent, à { $at } :
clock-jumped = L’horloge de cette machine a sauté de { NUMBER($seconds, useGrouping: 0) } secondes à { $at }. Vérifiez sa source. Ne vous fiez pas aux heures proches de ce moment.
clock-synchronized = L’horloge est tenue à l’heure par une source.
clock-unsynchronized = Aucune source ne tient l’horloge à l’heure. Démarrez chrony, ntpd ou systemd-timesyncd sur cette machine.
disk-free = { $free } Mio sont libres dans { $folder }. Faites de la place en dessous de 1 024 Mio.
key-file-open = D’autres que le propriétaire peuvent lire { $file }. Mettez son mode à 0600, puis cherchez qui l’a lu.
port-free = L’adresse { $address } est libre.
record-sound = Le registre est sain. Il a { $lines ->
    [one] une ligne
   *[other] { $lines } lignes
 }.
root-key-here = La clé racine est sur cette machine : { $file }. Portez-la sur un support gardé sous clé.
voice-ended-before = Le processus du son s’est arrêté { $count ->
    [one] une fois
   *[other] { $count } fois
 } depuis le démarrage, la dernière en moins d’un jour ({ $cause }). Si cela continue, prévenez les techniciens.
voice-late = Le son a été retenu { $ms } ms en moins d’un jour : cette machine était trop occupée. Faites-y tourner moins de choses.

## Configuration et clés

config-missing = La configuration { $file } n’est pas là. Donnez le bon dossier avec --dir, ou créez une partie avec openline init.
config-unreadable = La configuration { $file } est illisible : { $detail }. Corrigez le fichier, puis redémarrez.
config-wrong = La configuration { $file } est fausse : { $detail }. Corrigez-la, puis redémarrez.
folder-not-writable = On ne peut pas écrire dans le dossier { $folder } ({ $detail }). Vérifiez son propriétaire et le disque, puis réessayez.
no-party-here = Il n’y a pas de partie dans le dossier { $folder }. Donnez le bon dossier avec --dir, ou créez une partie avec openline init.
party-exists = Le dossier { $folder } contient déjà une partie. Rien n’est changé. Choisissez un autre dossier.
party-name-wrong = { $party } n’est pas un nom de partie. Prenez un nom sous votre domaine, par exemple north.example.
pair-name-wrong = { $name } n’est pas le nom d’une personne. Rien n’est accepté. Donnez la fonction et le nom de qui a comparé les chiffres.
pair-with-self = C’est la carte de { $party }, la nôtre. Prenez le fichier de l’autre partie.
line-exists = Il y a déjà une ligne { $line }. Choisissez un autre nom avec --line.
line-name-wrong = { $line } n’est pas un nom de ligne. Prenez des minuscules, des chiffres, des points et des traits d’union.

## Le stockage

store-broken = Le disque a failli sur { $path } ({ $detail }). Le nœud s’arrête et n’écrit plus rien. Vérifiez le disque, puis redémarrez.
store-corrupt = { $path } est abîmé ({ $detail }). Arrêtez le nœud, gardez le fichier, restaurez une sauvegarde et remplacez le disque.
store-disk-full = Le disque de { $path } est plein. La dernière commande n’est pas enregistrée. Faites de la place, puis redémarrez le nœud.
store-fenced = Un autre nœud a pris ce registre ({ $detail }). Celui-ci s’arrête. Cherchez pourquoi deux nœuds ont été démarrés.
store-folder-missing = Le dossier { $path } n’est pas là. Vérifiez que son disque est branché, puis redémarrez.
store-in-use = Un autre nœud tourne sur { $path }. Arrêtez l’un des deux, puis redémarrez.
store-missing = { $path } n’est plus à sa place. Le nœud ne commence pas de nouveau registre. Retrouvez le fichier, ou restaurez une sauvegarde.
store-read-only = On ne peut pas écrire { $path }. Le disque a peut-être failli. Vérifiez le disque et le propriétaire du dossier.
store-schema-too-new = { $path } a été écrit par un openline plus récent (version { NUMBER($version, useGrouping: 0) }). Réinstallez la version plus récente.
store-sqlite-too-old = La bibliothèque SQLite { $version } peut abîmer le registre. Le nœud ne démarre pas. Installez openline avec ses propres bibliothèques.
store-wrong-file = { $path } n’est pas un registre d’openline. Vérifiez le dossier, ou restaurez une sauvegarde.
backup-damaged = Le fichier de sauvegarde { $path } n’est pas ce qui a été gardé. Rien n’est restauré. Prenez une autre sauvegarde.
backup-not-found = Il n’y a pas de sauvegarde dans { $path }. Rien n’est restauré. Donnez le dossier fait par openline node backup.
backup-target-exists = Le dossier { $path } existe déjà. Aucune sauvegarde n’est faite. Donnez le nom d’un nouveau dossier.
restore-in-the-way = { $path } est sur le chemin. Rien n’est restauré. Portez-le ailleurs et gardez-le.
blob-digest-wrong = La pièce jointe { $digest } ({ $size } octets) n’est pas celle annoncée. Elle est ôtée. Elle doit être renvoyée.
blob-missing = La pièce jointe { $digest } n’est pas complète ici. Attendez que l’autre partie l’ait envoyée.
blob-piece-misplaced = Un morceau de pièce jointe est mal placé (à { $offset }, { $stands } octets sont ici). Il est renvoyé de lui-même.

## Commandes au nœud qui tourne

address-unknown = Le nœud ne connaît pas l’adresse { $address }. Consultez le document de son API.
attachment-missing = La pièce jointe { $digest } n’est pas complète ici. Donnez-la d’abord au nœud, ou attendez-la.
digest-wrong = { $digest } n’est pas un SHA-256. Donnez 64 chiffres hexadécimaux.
key-used-elsewhere = La clé { $key } a déjà servi sur la ligne { $line }. Rien n’est écrit. Prenez une nouvelle clé.
key-wrong = La clé d’idempotence doit avoir de 1 à { $limit } caractères ASCII visibles. Rien n’est écrit. Prenez une autre clé.
line-needed = Ce nœud a plusieurs lignes : { $lines }. Nommez celle que vous voulez.
line-unknown = Il n’y a pas de ligne { $line } ici. Voyez openline lines list.
listen-not-loopback = La console ne peut écouter que sur cette machine, pas à { $host }. Prenez 127.0.0.1 dans openline.toml.
log-unknown = La ligne { $line } n’a pas de journal { $origin }. Nommez l’une de ses parties.
method-not-allowed = L’adresse { $address } ne prend pas ce genre de requête. Consultez le document de l’API.
no-lines = Ce nœud n’a pas encore de ligne. Appariez-vous d’abord avec une autre partie : openline pair.
node-running = Un nœud tourne déjà dans ce dossier ({ $file }). Arrêtez-le avant d’en démarrer un autre.
not-allowed = Le poste { $desk } ne peut pas faire cela : il lui manque le droit { $capability }. Demandez au superviseur.
port-taken = Le port { $port } de { $host } est occupé par un autre programme. Arrêtez-le, ou choisissez une autre adresse dans openline.toml.
port-unusable = La console ne peut pas écouter à { $host }, port { NUMBER($port, useGrouping: 0) } ({ $detail }). Choisissez une autre adresse dans openline.toml.
request-broken-off = La requête s’est coupée avant sa fin. Rien n’est écrit. Renvoyez-la.
request-too-large = La requête dépasse { $limit } octets. Rien n’est écrit. Envoyez la partie longue en pièce jointe.
request-wrong = La requête est incompréhensible : { $detail }. Rien n’est écrit. Corrigez-la et renvoyez-la.
socket-unusable = La socket { $file } ne peut pas être créée ({ $detail }). Vérifiez le dossier et son propriétaire, puis redémarrez.
token-file-open = D’autres que le propriétaire peuvent lire le fichier de jetons { $file } (mode { $mode }). Mettez son mode à 0600.
token-file-wrong = La ligne { NUMBER($line, useGrouping: 0) } du fichier de jetons { $file } est fausse. Écrivez : jeton, poste, rôle.
token-needed = Il faut un jeton valable. Rien n’est fait. Donnez-le avec --token-file.
upload-length-needed = Il faut la longueur de la pièce jointe. Renvoyez-la avec Content-Length.
upload-offset = Le nœud a { $offset } octets de cette pièce jointe. Continuez à partir de là.
snapshot-not-possible = Un instantané ne peut pas être écrit : { $detail }. Le registre est entier. Signalez-le aux développeurs.
