### Ce qui ne va pas dans les clés, les cartes et le appariement, et dans les octets venus d'ailleurs.
### Chaque phrase dit ce qui n'a pas pu être fait et ce qu'il faut faire. { $detail } est un mot technique, toujours en anglais.

## Octets de l'autre partie

peer-value-not-canonical = L’envoi de l’autre partie n’a pas la seule forme permise. Il est refusé. Prévenez les techniciens des deux côtés.
peer-value-too-large = L’envoi est trop grand : { $size } octets, { $limit } au plus sont permis. Il est refusé. Prévenez les techniciens des deux côtés.
peer-value-unreadable = L’envoi est illisible ({ $detail }). Il est refusé. Demandez à l’autre partie de recommencer.
peer-body-wrong = L’envoi n’est pas un objet { $kind } valable ({ $detail }). Il est refusé. Prévenez les techniciens des deux côtés.
peer-leaf-wrong = Une entrée de l’autre partie a un en-tête faux ({ $detail }). Elle est refusée. Prévenez les techniciens des deux côtés.
peer-push-wrong = Des entrées de l’autre partie ne peuvent pas être reconstituées ({ $detail }). Elles sont refusées. Prévenez les techniciens des deux côtés.
peer-names-unheld = Une entrée cite { $origin }, numéro { NUMBER($index, useGrouping: 0) }, qui n’est pas encore ici. Elle est refusée pour l’instant. L’autre nœud la renvoie.
peer-push-unsigned = La signature de { $origin } à { $size } entrées est fausse. Elles sont refusées. Prévenez le superviseur et appelez l’autre partie.
peer-checkpoint-unsigned = La déclaration sur { $origin } à { $size } entrées porte une fausse signature. Elle est refusée. Prévenez le superviseur et appelez l’autre partie.
peer-receipt-unsigned = Un accusé de l’autre partie porte une fausse signature. Il ne compte pas. Prévenez le superviseur et appelez l’autre partie.
peer-key-unknown = Aucune clé de l’autre partie n’est connue pour ce passage de son journal. Demandez-lui sa carte la plus récente.

## Le registre

log-forked = Le registre se contredit : { $origin } a deux histoires signées à { $size } entrées. Les deux sont gardées. Appelez le superviseur maintenant.
log-quarantined = Rien ne peut être écrit dans { $origin } : il vient d’une sauvegarde. Vérifiez les voies. Il s’ouvre quand l’autre partie est entendue.
frontier-wrong = L’arbre d’un journal est illisible ({ $size } octets). Arrêtez le nœud et restaurez une sauvegarde.

checkpoint-other-log = Ce point de contrôle est celui de { $origin } à { $size } entrées, pas celui du journal examiné. Il est refusé. Demandez le bon fichier.
checkpoint-signature-wrong = La signature de { $name } sous le point de contrôle de { $origin } est fausse. Ne vous fiez pas à ce fichier. Prévenez le superviseur.
checkpoint-unsigned = Le point de contrôle de { $origin } ne porte aucune signature d’une clé connue. Il est refusé. Demandez à la partie sa carte la plus récente.
checkpoint-wrong = Le point de contrôle est illisible ({ $detail }). Il est refusé. Demandez de nouveau le fichier.
note-too-large = La note signée est trop grande ({ $size }, { $limit } au plus). Elle est refusée. Demandez de nouveau le fichier.
note-wrong = La note signée est illisible ({ $detail }). Elle est refusée. Demandez de nouveau le fichier.
policy-too-large = Le fichier de règles est trop grand : { $size } octets, { $limit } au plus. Il est refusé. Demandez de nouveau le fichier.
policy-wrong = La ligne { NUMBER($line, useGrouping: 0) } du fichier de règles est fausse ({ $detail }). Il est refusé. Demandez de nouveau le fichier.
proof-fails = La preuve ne mène pas à l’entrée { NUMBER($index, useGrouping: 0) } de { $origin }. Ne vous fiez pas à ce fichier. Prévenez le superviseur.
proof-too-large = La preuve est trop grande ({ $size }, { $limit } au plus). Elle est refusée. Demandez de nouveau le fichier.
proof-unsigned = La preuve n’est pas signée par { $origin }. Ne vous fiez pas à ce fichier. Demandez-le de nouveau.
proof-wrong = La preuve est illisible ({ $detail }). Elle est refusée. Demandez de nouveau le fichier.
tile-missing = Le fichier { $path } du journal manque. Le journal ne peut pas être vérifié. Demandez de nouveau l’export complet.
tile-wrong = Un fichier du journal n’est pas ce que donnent ses entrées ({ $detail }). Ne vous fiez pas à cet export. Demandez-le de nouveau.
tiles-root-differs = Les entrées de { $origin } ne sont pas celles qui ont été signées à { $size }. Ne vous fiez pas à cet export. Prévenez le superviseur.

## Clés

node-keys-unreadable = Les clés de ce nœud sont illisibles. Remettez votre copie du fichier keys/node.cbor, puis redémarrez.
root-keys-unreadable = Le fichier de la racine s’ouvre mais ne contient pas de clé racine. Prenez une autre copie.
root-locked = Le fichier de la racine ne s’ouvre pas. Retapez la phrase secrète. Si cela échoue encore, le fichier est peut-être abîmé : prenez une autre copie.
vkey-wrong = Une clé publique est fausse ({ $detail }). Elle est refusée. Demandez de nouveau le fichier à la partie.

## Cartes et appariement

card-key-taken = La carte de { $party } revendique une clé de { $other }. Elle est refusée. Appelez les deux parties et prévenez le superviseur.
card-not-newer = La carte de { $party } n’est pas plus récente que celle en usage. Rien n’est changé. Demandez le fichier le plus récent.
card-other-party = La carte est celle de { $other }, pas celle de { $party }. Elle est refusée. Demandez le bon fichier.
card-past-changed = La nouvelle carte de { $party } change une ancienne clé. Elle est refusée. Appelez { $party } et comparez les chiffres de sa racine.
card-promise-broken = La nouvelle carte de { $party } rompt sa promesse sur la racine suivante. Elle est refusée. Appelez { $party } et prévenez le superviseur.
card-root-unknown = La nouvelle carte de { $party } est signée par une racine que personne n’a promise. Elle est refusée. Appariez-vous de nouveau avec { $party } de vive voix.
card-wrong = La carte est fausse dans le champ { $field }. Elle est refusée. Demandez un nouveau fichier à la partie.
identity-log-differs = Les cartes de { $party } ne sont pas les { $size } que sa racine a signées. Elles sont refusées. Demandez un nouveau fichier.
identity-log-empty = Le journal d’identité ne contient aucune carte. Il est refusé. Demandez un nouveau fichier à la partie.
identity-log-unsigned = Les cartes de { $party } ne sont pas signées par les deux clés de sa racine. Elles sont refusées. Demandez un nouveau fichier.
invitation-other-root = Le fichier de { $party } a une autre racine que les chiffres connus. Ne l’acceptez pas. Appelez { $party } et prévenez le superviseur.
invitation-wrong = Ce fichier n’est pas une invitation ({ $detail }). Rien n’est accepté. Demandez à l’autre partie le fichier de sa carte.
trust-digits-differ = Les chiffres tapés ne sont pas ceux de { $party }. Rien n’est accepté. Faites-les relire lentement. S’ils diffèrent encore, prévenez le superviseur.
trust-known-party = { $party } est déjà acceptée. Rien n’est changé. Pour comparer de nouveau les chiffres, appariez-vous avec son nouveau fichier.
trust-unknown-party = { $party } n’a jamais été acceptée ici. Rien n’est changé. Appariez-vous d’abord avec { $party }.
