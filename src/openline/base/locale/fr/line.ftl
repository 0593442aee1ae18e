# Refus : ce qui est demandé et n'est pas possible. Rien n'a été écrit.
verb-unknown = La commande { $verb } n'existe pas. Rien n'a été dit. Voir la liste des commandes avec --help.
entry-id-wrong = { $entry } n'est pas une entrée. Rien n'a été dit. Écrire par exemple bravo:14.
entry-other-line = { $entry } n'est pas sur la ligne { $line }. Rien n'a été dit. Choisir d'abord sa ligne.
entry-party-unknown = La ligne { $line } n'a pas la partie nommée dans { $entry }. Rien n'a été dit. Vérifier le nom.
entry-unknown = L'entrée { $entry } n'est pas dans notre registre de la ligne { $line }. Rien n'a été dit. Vérifier le numéro.
entry-names-too-much = { $refs } références et { $attachments } pièces jointes dépassent une entrée. Rien n'a été dit. En nommer moins, ou envoyer deux fois.
refs-too-many = Une entrée en nomme au plus { $limit } autres. Rien n'a été dit. En nommer moins.
text-empty = Le texte est vide. Rien n'a été dit. L'écrire puis renvoyer.
text-too-long = Le champ { $field } a { $size } octets, { $limit } sont permis. Rien n'a été dit. Raccourcir, ou joindre un fichier.
text-unreadable = Le champ { $field } contient des caractères qui ne sont pas du texte. Rien n'a été dit. Le retaper.
message-too-many-words = Un message { $precedence } a au plus { $limit } mots ; celui-ci en a { $words }. Rien n'a été dit. Raccourcir, ou joindre le long texte.
language-wrong = { $language } n'est pas un code de langue. Rien n'a été dit. Écrire par exemple en, ru ou fr.
role-wrong = { $role } n'est pas un rôle. Rien n'a été dit. Lettres minuscules, chiffres, points et tirets, par exemple watch.
roles-missing = Personne n'est chargé d'agir. Rien n'a été dit. Nommer au moins un rôle ACTION, par exemple watch.
roles-too-many = Au plus { $limit } rôles agissent et { $limit } sont informés. Rien n'a été dit. En nommer moins.
time-unreadable = { $time } n'est pas une heure. Rien n'a été dit. Écrire par exemple 2026-11-22T23:00:00Z.
reply-by-past = L'échéance { $time } est passée ; il est { $now }. Rien n'a été dit. Donner une heure plus tardive.
reason-missing = Un motif est nécessaire. Rien n'a été dit. Le donner en quelques mots.
attachment-wrong = { $digest } ne désigne pas une pièce jointe. Rien n'a été dit. Joindre de nouveau le fichier.
attachment-too-large = La pièce jointe a { $size } octets, { $limit } sont permis. Rien n'a été dit. Diviser le fichier.
attachments-too-many = Une entrée porte au plus { $limit } pièces jointes. Rien n'a été dit. Envoyer les autres par un autre message.
line-suspended = La ligne { $line } est suspendue par { $party } depuis { $since }. Non envoyé. Seuls FLASH, essais, état et service passent.
status-not-possible = Notre côté de la ligne { $line } est { $state } ; { $status } ne peut suivre. Rien n'est déclaré. Déclarer d'abord RESUMED, ou rien.
receipt-not-possible = { $entry } est de type { $kind } et ne reçoit pas d'accusé. Rien n'a été dit. Choisir le message.
receipt-of-own-entry = { $entry } est à nous. Seul l'autre côté en accuse réception ou y répond. Pour ajouter, envoyer un nouveau message.
translation-not-possible = { $entry } est de type { $kind } et ne se traduit pas. Rien n'a été dit. Choisir le message.
translation-of-translation = { $entry } est une traduction. Rien n'a été dit. Traduire l'original, dans la langue de son auteur.
correction-not-possible = { $entry } est de type { $kind } et ne se corrige pas. Rien n'a été dit. Corriger le message dont elle dépend.
correction-of-others-entry = { $entry } n'est pas à nous. Seul son auteur la corrige. Le lui dire par une réponse.
correction-of-cancelled = { $entry } a été retirée et ne se corrige plus. Rien n'a été dit. Envoyer un nouveau message.
withdrawal-not-possible = { $entry } est de type { $kind } et ne se retire pas. Elle reste au registre. Rectifier par un nouveau message.
withdrawal-of-others-entry = { $entry } n'est pas à nous. Seul son auteur la retire. Le lui dire par une réponse.
withdrawn-already = { $entry } a déjà été retirée. Rien n'a été dit, et rien de plus n'est nécessaire.
mark-differs = Vous travaillez en { $mark }, mais { $entry } est { $expected }. Rien n'a été dit. Changer d'abord le mode du poste.

# Défauts : ce qui ne va pas dans une entrée du registre. Affiché à côté d'elle.
fault-body-withheld = Son texte est retenu ou effacé ; seul l'en-tête est ici. Demander à l'auteur ce qu'il disait.
fault-body-wrong = Son texte ne peut être lu ici ({ $reason } : { $detail }). Le dire à l'autre côté, par service ou de vive voix.
fault-refs-missing = Elle ne nomme pas l'entrée concernée ; elle est sans effet. Le dire à l'auteur.
fault-ref-wrong = Elle nomme { $ref }, mais pas telle que nous la tenons. Comparer avec l'autre côté et prévenir le superviseur.
fault-target-wrong = Elle porte sur une entrée de type { $target }, qui ne s'y prête pas. Sans effet. Le dire à l'auteur.
fault-own-entry = L'auteur accuse réception de sa propre entrée ou y répond. Sans effet.
fault-others-entry = Elle modifie une entrée d'une autre partie. Sans effet. Le dire à l'auteur.
fault-mark-differs = Elle est marquée { $mark }, mais porte sur une entrée marquée { $expected }. Sans effet. Le dire à l'auteur.
fault-corrects-cancelled = Elle corrige une entrée déjà retirée. Sans effet. Demander à l'auteur ce qui vaut.
fault-cancelled-already = Elle retire une entrée déjà retirée. Rien ne change.
fault-role-missing = Elle dit PASSED sans dire à quel rôle. Sans effet. Demander à qui.
fault-reply-missing = Elle dit ANSWERED sans nommer une réponse de l'auteur. Sans effet. Demander la réponse.
fault-receipts-too-many = Trop d'accusés de cette partie pour une seule entrée. Celui-ci est gardé, mais pas compté.
fault-status-not-possible = Elle déclare { $status } alors que son auteur est { $state }. Sans effet. Demander à l'auteur ce qui vaut.
fault-silence-end = Elle termine un silence que son auteur n'a pas commencé. Sans effet.

# Alarmes : ce qui est en retard, et depuis quand.
own-late-displayed = { $entry } devait être montrée ici à un officier avant { $due }.
own-late-accepted = { $entry } devait être acceptée par notre veille avant { $due }.
own-late-passed = { $entry } devait être transmise au rôle qui agit avant { $due }.
own-late-answered = { $entry } demande notre réponse avant { $due }.
peer-late-received = { $party } ne tient pas { $entry } ; échéance { $due }.
peer-late-displayed = Personne chez { $party } n'a vu { $entry } ; échéance { $due }.
peer-late-accepted = La veille de { $party } n'a pas accepté { $entry } ; échéance { $due }.
peer-late-passed = { $party } n'a pas transmis { $entry } au rôle qui agit ; échéance { $due }.
peer-late-answered = { $party } n'a pas répondu à { $entry } ; échéance { $due }.
test-unanswered = { $party } n'a pas répondu à notre essai { $entry } ; échéance { $due }.
test-garbled = { $party } a mal décodé notre essai { $entry }. Des textes sont peut-être altérés en route.
silence-path-down = Aucune voie n'atteint { $party } depuis { $due }.
silence-node-down = Une voie atteint { $party }, mais son nœud se tait depuis { $due }.
silence-console-dark = Le nœud de { $party } répond, mais aucun pupitre n'y est allumé depuis { $due }.
silence-rang-no-answer = On sonne chez { $party } depuis { $due } et personne ne répond.
silence-declined = { $party } a vu notre demande et l'a déclinée à { $due }.

# Que faire devant une alarme.
do-read = L'ouvrir maintenant.
do-accept = La lire, puis en accuser réception.
do-pass = La transmettre au rôle qui agit, et dire à qui.
do-answer = Y répondre, ou dire STAND BY.
do-stand-by = Continuer la veille ; tenir prête la ligne vocale.
do-tell-supervisor = Prévenir le superviseur maintenant.
do-ring = Appeler de vive voix l'autre veille.
do-use-next-path = Prendre la voie suivante : autre ligne, officier de liaison, courrier.
do-check-paths = Vérifier nos propres voies ; le nœud continue d'essayer.
do-test-paths = Refaire l'essai ; puis vérifier chaque voie et prévenir les techniciens.

# Pourquoi l'autre côté se tait.
cause-path-down = Aucune voie n'atteint son nœud.
cause-node-down = Une voie atteint sa machine, mais son nœud ne répond pas.
cause-console-dark = Son nœud répond, mais aucun pupitre n'y est allumé.
cause-rang-no-answer = On y sonne et personne ne répond.
cause-declined = Quelqu'un l'a vu et a décliné.
cause-suspended = Il a déclaré la ligne suspendue, ou lui-même silencieux.
