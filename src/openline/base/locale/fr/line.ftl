### Ce qui se dit sur une ligne : refus, fautes d'entrées, alarmes et ce qu'il faut en faire.

## Un refus : rien n'a été écrit

arguments-wrong = La commande { $verb } est incompréhensible : { $detail }. Rien n’est écrit. Corrigez-la et recommencez.
attachment-too-large = Le fichier a { $size } octets ; { $limit } au plus sont permis. Rien n’est envoyé. Divisez le fichier.
attachment-wrong = La pièce jointe { $digest } est mal désignée. Rien n’est envoyé. Donnez sa taille, et son SHA-256 en 64 petits chiffres hexadécimaux.
attachments-too-many = Un message a { $limit } pièces jointes au plus. Rien n’est envoyé. Envoyez les autres avec un second message.
correction-not-possible = L’entrée { $entry } est du genre { $kind } et ne peut pas être corrigée. Redites-le par un nouveau message.
correction-of-cancelled = L’entrée { $entry } est retirée et ne peut pas être corrigée. Envoyez un nouveau message.
correction-of-others-entry = L’entrée { $entry } n’est pas de nous. Seul son auteur peut la corriger. Répondez-y.
desk-name-wrong = Le nom du poste ne peut pas figurer dans le registre. Prenez des caractères visibles, { $limit } octets au plus.
entry-id-wrong = { $entry } n’est pas le nom d’une entrée. Écrivez la partie et le numéro, par exemple bravo:14.
entry-names-too-much = Le message cite trop de choses ({ $refs } entrées, { $attachments } pièces jointes). Rien n’est envoyé. Faites deux messages.
entry-other-line = { $entry } n’est pas sur la ligne { $line }. Nommez l’entrée de cette ligne, ou demandez sur l’autre.
entry-party-unknown = Cette partie n’est pas sur la ligne { $line } : { $entry }. Prenez le nom d’un membre, par exemple bravo:14.
entry-unknown = La ligne { $line } n’a pas ici d’entrée { $entry }. Vérifiez le numéro, ou attendez qu’elle arrive.
language-wrong = { $language } n’est pas un code de langue. Écrivez par exemple en, fr, ru, uk ou ar.
line-forked = Rien ne peut être écrit sur la ligne { $line } : le registre est en conflit avec { $party }. Appelez le superviseur maintenant.
line-full = La ligne { $line } ne prend plus de { $precedence } : { $waiting } entrées attendent un accusé. Vérifiez les voies. FLASH passe encore.
line-suspended = La ligne { $line } est suspendue par { $party } depuis { $since }. Rien n’est envoyé. FLASH, essais et messages de service passent encore.
mark-differs = L’entrée { $entry } porte la marque { $expected }, non { $mark }. Rien n’est écrit. Prenez la marque { $expected }.
message-too-many-words = Un { $precedence } a { $limit } mots au plus ; celui-ci en a { $words }. Rien n’est envoyé. Raccourcissez, ou joignez le texte long en fichier.
reason-missing = Il faut un motif. Rien n’est écrit. Dites pourquoi ; l’autre partie le voit.
receipt-not-possible = L’entrée { $entry } est du genre { $kind } : elle ne prend pas d’accusé. Il n’y a rien à faire.
receipt-of-own-entry = L’entrée { $entry } est de nous. Seule l’autre partie peut dire qu’elle l’a lue, acceptée, transmise ou qu’elle y a répondu.
refs-too-many = Un message cite { $limit } autres entrées au plus. Rien n’est envoyé. Citez-en moins.
reply-by-past = L’heure { $time } est passée ; il est { $now }. Rien n’est envoyé. Donnez une heure de réponse plus tardive.
role-wrong = { $role } n’est pas le nom d’un rôle. Prenez des minuscules, des chiffres, des points et des traits d’union.
roles-missing = Le message ne nomme aucun rôle qui agit. Rien n’est envoyé. Nommez-en un au moins, par exemple watch.
roles-too-many = Un message nomme { $limit } rôles au plus. Rien n’est envoyé. Nommez-en moins.
status-not-possible = La ligne { $line } est { $state } de notre côté ; { $status } ne peut pas être déclaré. Reprenez-la d’abord, ou ne déclarez rien.
text-empty = Le texte est vide. Rien n’est envoyé. Écrivez de nouveau le message.
text-too-long = Le champ { $field } a { $size } octets ; { $limit } au plus sont permis. Rien n’est envoyé. Raccourcissez-le, ou joignez-le en fichier.
text-unreadable = Le champ { $field } n’est pas du texte Unicode. Rien n’est envoyé. Tapez-le de nouveau.
time-unreadable = { $time } n’est pas une heure lisible. Écrivez 2300Z, 212300Z, +30m, ou RFC 3339 avec son fuseau.
translation-not-possible = L’entrée { $entry } est du genre { $kind } et ne prend pas de traduction. Rien n’est écrit.
translation-of-translation = L’entrée { $entry } est elle-même une traduction. Traduisez l’entrée d’origine.
verb-unknown = Il n’y a pas de commande { $verb }. Voyez la liste des commandes.
withdrawal-not-possible = L’entrée { $entry } est du genre { $kind } et ne peut pas être retirée. Dites par un nouveau message ce qui ne vaut plus.
withdrawal-of-others-entry = L’entrée { $entry } n’est pas de nous. Seul son auteur peut la retirer. Répondez-y.
withdrawn-already = L’entrée { $entry } est déjà retirée. Il n’y a rien à faire.

batch-too-large = { $count } entrées à la fois sont trop nombreuses ou trop longues ; { $limit } au plus tiennent. Rien n’est écrit. Envoyez-les en plus petites parties.

## Une faute : l'entrée est au registre et reste sans effet

fault-body-withheld = Le texte de cette entrée est retenu. On ne sait pas ici ce qu’elle dit. Demandez à son auteur.
fault-body-wrong = Le contenu de cette entrée est illisible ({ $reason }, { $detail }). Demandez à son auteur de le redire.
fault-cancelled-already = Cette entrée retire ce qui était déjà retiré. Elle ne change rien.
fault-corrects-cancelled = Cette entrée corrige ce qui était déjà retiré. Elle ne change rien. Demandez à son auteur ce qui vaut.
fault-mark-differs = Cette entrée porte la marque { $mark }, ce qu’elle vise porte { $expected }. Elle ne change rien. Demandez à son auteur.
fault-others-entry = Cette entrée corrige ou retire celle d’une autre partie. Elle ne change rien. Demandez à son auteur.
fault-own-entry = Cette entrée est un accusé pour une entrée de son propre auteur. Elle n’atteste rien.
fault-receipts-too-many = Cette partie a donné trop d’accusés pour une entrée. Celui-ci est gardé et ne compte pas.
fault-ref-wrong = Cette entrée cite { $ref } avec une fausse empreinte. Elle ne compte pas. Prévenez le superviseur et demandez à son auteur.
fault-refs-missing = Cette entrée doit citer { $count ->
    [one] une autre entrée
   *[other] { $count } autres entrées
 } et ne le fait pas. Elle ne change rien. Demandez à son auteur.
fault-reply-missing = Cette entrée dit « répondu » et ne nomme aucune réponse. Elle n’atteste rien. Demandez à son auteur.
fault-role-missing = Cette entrée dit « transmis » et ne nomme aucun rôle. Elle n’atteste rien. Demandez à son auteur.
fault-silence-end = Cette entrée termine un silence qui n’a pas commencé. Elle ne change rien.
fault-status-not-possible = La ligne était { $state } de ce côté ; { $status } ne peut pas suivre. Rien ne change. Demandez à l’autre partie l’état de son côté.
fault-target-wrong = Cette entrée ne peut pas viser une entrée du genre { $target }. Elle ne change rien. Demandez à son auteur.

## Alarmes : ce qui est en retard, ou faux. Ce qu'il faut faire suit dans une phrase à part.

own-late-displayed = Nous n’avons pas présenté { $entry } à un officier. L’échéance était { $due }.
own-late-accepted = Nous n’avons pas accepté { $entry }. L’échéance était { $due }.
own-late-passed = Nous n’avons pas transmis { $entry } au rôle qui agit. L’échéance était { $due }.
own-late-answered = Nous n’avons pas répondu à { $entry }. L’échéance était { $due }.
peer-late-received = Le nœud de { $party } n’a pas accusé réception de { $entry }. L’échéance était { $due }.
peer-late-displayed = { $party } n’a pas attesté que { $entry } a été présentée. L’échéance était { $due }.
peer-late-accepted = { $party } n’a pas accepté { $entry }. L’échéance était { $due }.
peer-late-passed = { $party } n’a pas attesté que { $entry } a été transmise. L’échéance était { $due }.
peer-late-answered = { $party } n’a pas répondu à { $entry }. L’échéance était { $due }.
test-unanswered = Le nœud de { $party } n’a pas répondu à l’essai { $entry }. L’échéance était { $due }.
test-garbled = La réponse de { $party } à l’essai { $entry } n’est pas le texte envoyé.
silence-path-down = Aucune voie n’atteint { $party } depuis { $due }.
silence-node-down = La machine de { $party } est atteinte, son nœud n’est pas entendu, depuis { $due }.
silence-console-dark = Le nœud de { $party } est entendu ; aucune console n’y est branchée depuis { $due }.
silence-rang-no-answer = La sonnerie retentit chez { $party } depuis { $due }. Personne ne répond.
silence-declined = { $party } a vu notre appel et l’a décliné à { $due }.

## Que faire d'une alarme

do-read = Ouvrez { $entry } et lisez-la maintenant.
do-accept = Acceptez { $entry }, ou dites à l’autre partie pourquoi non.
do-pass = Transmettez { $entry } au rôle qui agit, et dites auquel.
do-answer = Répondez à { $entry } maintenant, même par UNABLE.
do-stand-by = Restez au poste. Si rien ne vient, le superviseur est appelé ensuite.
do-tell-supervisor = Prévenez le superviseur maintenant.
do-ring = Appelez { $party } de vive voix maintenant et nommez { $entry }.
do-use-next-path = Atteignez { $party } autrement : une autre voie, un téléphone, l’échelon suivant. Notez chaque tentative.
do-check-paths = Regardez chaque voie de la ligne et prévenez le technicien. Appelez { $party } autrement.
do-test-paths = Envoyez un essai maintenant. S’il échoue aussi, regardez chaque voie et prévenez le technicien.

## Conservations légales et effacements fautifs

fault-hold-scope = Cette conservation ne porte sur rien, ou sur plus d’une chose. Elle ne conserve rien. Demandez à son auteur de la placer de nouveau.
fault-hold-unknown = Cette entrée lève une conservation que son auteur n’a pas placée. Rien n’est levé. Demandez à son auteur ce qui est voulu.
fault-hold-lifted = Cette entrée lève une conservation déjà levée. Rien ne change.
fault-erasure-wrong = Cette entrée dit que des textes ont été effacés et ne dit pas lesquels. Demandez à son auteur ce qui a été effacé.
fault-erased-already = Cette entrée dit effacés des textes que son auteur a déjà dits effacés. Demandez à son auteur ce qui est juste.
