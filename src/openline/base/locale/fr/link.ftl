### Pourquoi une voie ou une session ne fonctionne pas. Un motif sans détail figure à côté de la voie qu'il concerne.

## Une voie que l'on ne peut ni appeler ni écouter

path-address-not-ours = L’adresse { $address } n’est pas celle de cette machine. Corrigez la voie dans openline.toml, puis redémarrez le nœud.
path-address-wrong = L’adresse { $address } est illisible. Écrivez hôte:port, ou [hôte]:port pour une adresse IPv6.
path-broken-off = La connexion avec { $address } (voie { $path }) se coupe avant d’être sûre. Un nœud rappelle de lui-même. Si cela dure, appelez l’autre partie.
path-cannot-listen = Le nœud ne peut pas recevoir d’appels à { $address } ({ $detail }). Corrigez la voie dans openline.toml, puis redémarrez le nœud.
path-group-not-allowed = Le nœud à { $address } (voie { $path }) n’offre pas l’échange de clés exigé. Demandez à son technicien d’installer la dernière version.
path-handshake-failed = La connexion sûre avec { $address } (voie { $path }) échoue ({ $detail }). Un nœud rappelle de lui-même. Si cela dure, prévenez les techniciens.
path-handshake-timed-out = La connexion sûre avec { $address } (voie { $path }) dure trop longtemps. Un nœud rappelle de lui-même. Si cela dure, prenez une autre voie.
path-key-missing = L’appelant à { $address } (voie { $path }) ne montre pas de clé. Il n’entre pas. Ne faites rien si la ligne est prouvée.
path-key-unknown = Le nœud à { $address } (voie { $path }) montre une clé que personne n’a acceptée ici ({ $pin }). Il n’entre pas. Vérifiez l’adresse et demandez la carte la plus récente.
path-name-unknown = Le nom dans { $address } est introuvable. Vérifiez l’adresse et le service de noms de cette machine.
path-not-tls = La machine à { $address } (voie { $path }) ne parle pas TLS. Ce n’est pas un nœud. Vérifiez l’adresse et le port.
path-other-party = Le nœud à { $address } (voie { $path }) est { $party }, pas { $wanted }. Aucune session n’est ouverte. Vérifiez l’adresse avec { $wanted }.
path-port-not-allowed = Cet utilisateur ne peut pas ouvrir le port de { $address }. Choisissez un port au-dessus de 1023 dans openline.toml, puis redémarrez le nœud.
path-port-taken = L’adresse { $address } est occupée par un autre programme. Arrêtez-le ou choisissez un autre port dans openline.toml.
path-refused = Personne ne répond à { $address } (voie { $path }) : la machine marche, son nœud non. Appelez l’autre partie autrement.
path-refused-us = Le nœud à { $address } (voie { $path }) n’accepte pas notre clé. Demandez à l’autre partie si elle a notre carte la plus récente.
path-timed-out = Aucune réponse ne vient de { $address } (voie { $path }). Le nœud réessaie. Si cela dure, prenez une autre voie et prévenez le technicien.
path-tls-too-old = La machine à { $address } (voie { $path }) ne parle qu’un ancien TLS. Aucune session n’est ouverte. Son nœud doit être mis à jour.
path-too-many-calls = Trop d’appels viennent d’une même adresse. Les nouveaux attendent. Ne faites rien si la ligne est prouvée ; sinon prévenez le technicien.
path-unreachable = Aucun chemin ne mène à { $address } (voie { $path }) : { $detail }. Vérifiez le câble et le réseau de cette voie.

## Comment une session finit

path-crowded = La voie a trop de sessions. La plus ancienne est fermée. Il n’y a rien à faire.
path-no-hello = L’autre nœud se connecte et ne dit rien. La session est fermée, puis retentée. Si cela dure, appelez l’autre partie.
path-silent = Rien n’est entendu sur cette voie depuis 90 secondes. La session est fermée, puis retentée. Vérifiez la voie.
peer-left = L’autre nœud a fermé la session sans motif connu. Le nœud réessaie.
stopping = Le nœud est arrêté en bon ordre. La ligne revient quand il redémarre.
session-backlog-full = La voie ne prend plus de données. La session est fermée, puis retentée. Si cela dure, prenez une autre voie.
session-broken = La connexion est coupée. Le nœud réessaie. Rien n’est perdu.
session-bytes-wrong = Des octets sur cette voie ne sont pas permis par TLS. La session est fermée. Si cela dure, prenez une autre voie et prévenez le technicien.
session-ended = L’autre nœud a terminé la session. Le nœud réessaie.
session-ended-unheard = L’autre nœud termine la session sans avoir rien dit. Il n’accepte peut-être pas notre clé. Appelez l’autre partie.
session-frame-too-large = L’autre nœud envoie une trame de { $size } octets ; { $limit } au plus sont permis. La session est fermée. Prévenez les techniciens.
session-replaced = L’autre nœud a ouvert une session plus récente à la place de celle-ci. Il n’y a rien à faire.
session-timed-out = Les données envoyées sur cette voie restent trop longtemps sans réponse. La session est fermée, puis retentée. Vérifiez la voie.
peer-frame-wrong = Une trame de l’autre nœud est fausse ({ $detail }). La session est fermée, les octets sont gardés. Prévenez les techniciens des deux côtés.

## Deux nœuds qui ne s'accordent pas

hello-member-left = La partie à l’autre bout n’est plus sur cette ligne. La session est fermée. Voyez openline line members.
hello-other-line = L’autre nœud demande une autre ligne. La session est fermée. Comparez le nom de la ligne avec l’autre partie.
hello-other-members = L’autre nœud nomme d’autres membres pour cette ligne. La session est fermée. Comparez les membres avec l’autre partie.
hello-other-party = L’autre nœud nomme une partie qui n’est pas celle de sa clé. La session est fermée. Prévenez le superviseur.
hello-other-version = L’autre nœud n’a aucune version du protocole en commun avec nous. Le plus ancien des deux doit être mis à jour.
