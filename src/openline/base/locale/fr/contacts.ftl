### Les contacts et ce qui en est dit : refus, fautes d'entrées, réponses de l'historique.

## Un refus : rien n'a été écrit

allegation-own = L’accusation { $entry } est de nous. Seule une autre partie y réplique.
allegation-unknown = L’entrée { $entry } n’est pas une accusation sur la ligne { $line }. Regardez les entrées de la ligne et nommez-en une.
allegation-withdrawn = L’accusation { $entry } a été retirée par son auteur. Il n’y a rien à répliquer.
answer-incomplete = Il manque quelque chose à la réponse { $answer } : une proposition a une plage horaire, une délégation un niveau ou un rôle ; le reste, aucun niveau.
answer-not-possible = On ne peut pas répondre { $answer } à { $entry } : notre côté en est à { $state }. Voyez ce qui a été répondu.
code-wrong = { $code } n’est pas un code pour { $field }. Prenez petites lettres, chiffres, points et traits d’union ; mettez les paroles à côté.
contact-call-missing = Un contact par un appel de cette ligne nomme cet appel et n’a pas eu lieu ailleurs. Nommez l’appel.
contact-not-a-call = L’entrée { $entry } est du genre { $kind }, non un appel. Nommez l’appel de ce contact.
contact-parties-wrong = Un contact nomme de 2 à { $limit } parties présentes ; celui-ci en nomme { $count }. Nommez chacune.
contact-unknown = L’entrée { $entry } n’est pas un contact sur la ligne { $line }. Regardez les contacts de la ligne et nommez-en un.
demand-own = La demande { $entry } est de nous. Seule une autre partie y répond.
demand-unknown = L’entrée { $entry } n’est pas une demande sur la ligne { $line }. Regardez les entrées de la ligne et nommez-en une.
demand-withdrawn = La demande { $entry } a été retirée par son auteur. Il n’y a rien à répondre.
level-unknown = { $level } n’est pas un niveau de contact. Les niveaux sont { $levels }.
name-missing = Le champ { $field } est vide. Écrivez le nom comme il a été publié.
name-too-long = Le nom dans { $field } a { $size } caractères ; { $limit } au plus sont permis. Abrégez-le.
readout-own = Le compte rendu { $entry } est de nous. Nommez celui d’une autre partie, paru avant le nôtre.
readout-unknown = L’entrée { $entry } n’est pas un compte rendu sur la ligne { $line }. Regardez le contact et nommez-en un.
recurrence-wrong = Un appel périodique a une plage pour sa première fois, plus courte que l’écart entre deux fois, et au moins une heure entre elles. Donnez les deux bouts.
repeats-others = L’entrée { $entry } n’est pas une entrée antérieure de nous, du même genre. On ne répète que ses propres paroles.
request-own = La demande d’appel { $entry } est de nous. Seule une autre partie y répond.
request-unknown = L’entrée { $entry } n’est pas une demande d’appel sur la ligne { $line }. Regardez les demandes de la ligne.
request-withdrawn = La demande d’appel { $entry } a été retirée par son auteur. Il n’y a rien à répondre.
sources-too-many = Une chaîne a { $limit } maillons au plus. Gardez le premier qui l’a dit et le dernier qui le tient.
stance-not-possible = L’entrée { $entry } n’est pas une déclaration d’une autre partie sur { $fact }. Nommez celle que vous confirmez ou contredisez.
stance-wrong = Qui confirme ou contredit nomme la déclaration visée. Rien n’est écrit. Nommez-la, ou ne faites ni l’un ni l’autre.
statement-not-possible = L’entrée { $entry } est du genre { $kind }. On n’en peut rien déclarer. Nommez un contact, une demande ou un compte rendu.
statement-value-wrong = « { $value } » n’est pas une valeur pour { $fact }. Voyez la liste des faits et ce que chacun prend.
subject-missing = Une demande d’appel dit de quoi l’appel traite. Écrivez son objet.
window-wrong = Une plage horaire a un début et une fin plus tardive. Donnez les deux, ou aucun.

## Une faute : l'entrée est dans le registre et reste sans effet

fault-answer-incomplete = Il manque à cette réponse { $answer } sa plage horaire, son niveau ou son rôle. Elle ne change rien. Demandez à son auteur.
fault-answer-not-possible = { $answer } ne peut pas suivre : cette partie en était à { $state }. Cela ne change rien. Demandez à son auteur ce qui vaut.
fault-answers-own = Cette entrée répond à une entrée de son propre auteur. Elle ne change rien.
fault-contact-call = Ce contact se dit un appel de cette ligne et n’en nomme aucun, ou se dit ailleurs. Il ne compte pas.
fault-contact-refs = Ce contact se dit le même que plusieurs autres. Il ne compte pas : nul ne fait un seul contact de deux.
fault-evidence-wrong = Cette entrée dit joindre des preuves et n’en a pas, ou l’inverse. Elle ne compte pas. Demandez à son auteur.
fault-stance-wrong = Qui confirme ou contredit nomme la déclaration visée. Rien n’est écrit. Nommez-la, ou ne faites ni l’un ni l’autre.
fault-statement-empty = Cette déclaration n’a ni valeur ni paroles. Elle ne compte pas.
fault-value-wrong = La valeur de cette déclaration ne va pas avec { $fact }. Elle ne compte pas. Demandez à son auteur.
fault-window-wrong = La plage horaire de cette demande n’a pas de fin, ou finit avant de commencer. Elle ne compte pas. Demandez à son auteur.

## Réponses de l'historique. Les jours sont des dates en UTC ; un niveau est l'une des étiquettes ci-dessous

history-attempts = { $count ->
    [0] Aucune tentative au niveau { $level } n’est au registre avant lui.
    [one] Une tentative au niveau { $level } le précède.
   *[other] { $count } tentatives au niveau { $level } le précèdent.
 }
history-channels = { $count ->
    [one] Les contacts de cette période ont passé par un seul canal.
   *[other] Les contacts de cette période ont passé par { $count } canaux.
 }
history-count = { $count ->
    [0] Aucun contact au niveau { $level } depuis le { $since }.
    [one] Un contact au niveau { $level } depuis le { $since }.
   *[other] { $count } contacts au niveau { $level } depuis le { $since }.
 }
history-count-ever = { $count ->
    [0] Aucun contact au niveau { $level } n’est au registre.
    [one] Un contact au niveau { $level } est au registre.
   *[other] { $count } contacts au niveau { $level } sont au registre.
 }
history-count-from-until = { $count ->
    [0] Aucun contact au niveau { $level } du { $since } jusqu’avant le { $until }.
    [one] Un contact au niveau { $level } du { $since } jusqu’avant le { $until }.
   *[other] { $count } contacts au niveau { $level } du { $since } jusqu’avant le { $until }.
 }
history-count-until = { $count ->
    [0] Aucun contact au niveau { $level } avant le { $until }.
    [one] Un contact au niveau { $level } avant le { $until }.
   *[other] { $count } contacts au niveau { $level } avant le { $until }.
 }
history-none = Aucun contact de cette période n’est au registre.
history-not-highest = Ce n’est pas le plus élevé : un autre, plus élevé, le précède dans cette période.
history-person = { $count ->
    [0] Aucune partie n’a déclaré la présence de { $person }.
   *[other] { $person } y était, selon les déclarations, le { $days }.
 }
history-top = Le contact le plus élevé de cette période datait du { $day }, au niveau { $level }.
history-days = { $count ->
    [one] Un jour sans contact au niveau { $level } le précède ; le dernier datait du { $day }.
   *[other] { $count } jours sans contact au niveau { $level } le précèdent ; le dernier datait du { $day }.
 }
history-first = Aucun ne le précède dans cette période.
history-highest = Le contact de plus haut niveau depuis le { $day }, alors au niveau { $level }.
history-last = Le dernier contact au niveau { $level } datait du { $day }, ligne { $line }.
history-never = Aucun contact au niveau { $level } n’est au registre.
history-never-before = Aucun contact antérieur au niveau { $level } n’est au registre.
history-nth = { $count ->
    [1] Premier contact au niveau { $level }.
    [2] Deuxième contact au niveau { $level }.
    [3] Troisième contact au niveau { $level }.
   *[other] Contact numéro { $count } au niveau { $level }.
 }
history-nth-since = { $count ->
    [1] Premier contact au niveau { $level } depuis le { $since }.
    [2] Deuxième contact au niveau { $level } depuis le { $since }.
    [3] Troisième contact au niveau { $level } depuis le { $since }.
   *[other] Contact numéro { $count } au niveau { $level } depuis le { $since }.
 }
history-parallel = { $count ->
    [0] Le même jour : contact { $entry } au niveau { $level }.
   *[other] Le même jour : contact { $entry } au niveau { $level } ; { $persons } était aux deux, selon les déclarations.
 }
history-previous = Le précédent datait du { $day }.
history-recurring = { $skipped ->
    [0] Il a tenu la date { $number } de l’appel périodique { $entry } ; aucune avant lui n’a été sautée.
    [one] Il a tenu la date { $number } de l’appel périodique { $entry } ; une avant lui a été sautée.
   *[other] Il a tenu la date { $number } de l’appel périodique { $entry } ; { $skipped } avant lui ont été sautées.
 }

label-level-duty = des officiers de permanence
label-level-operational = des états-majors opérationnels
label-level-chief-of-staff = des chefs d’état-major
label-level-adviser = des conseillers
label-level-minister = des ministres
label-level-head-of-state = des chefs d’État

## Naming a contact by its day

contact-of-day-unknown = Aucun contact n’a commencé le { $day }. Regardez les contacts et nommez-en un par son entrée.
contacts-of-day-many = Plusieurs contacts ont commencé le { $day } : { $entries }. Nommez-en un par son entrée.
readouts-missing = Aucune partie n’a publié de compte rendu de { $entry }. Il n’y a rien à comparer.
level-needed = Il faut un niveau, et pour une tentative ce qu’elle a donné. Donnez --level, et --result pour une tentative.
source-wrong = { $source } n’est pas une source. Écrivez comment et qui, par exemple anonymous:un responsable ; comment est l’un de { $hows }.

## Ce qui est dit à côté des contacts et des entrées

contact-is-withdrawn = Ce contact a été retiré par tous ceux qui l’avaient inscrit. Il ne compte pas.
label-evidence-none = aucune preuve produite
label-evidence-of-all = preuves produites par { $parties }
label-evidence-of-some = preuves produites par { $parties }, aucune par { $others }
found-by-id = Trouvé comme { $ids }, déclaré { $stated }.
found-by-ids = Déclaré { $stated }, que le registre donne à plusieurs : { $ids }. Ce peut être une autre personne.
found-by-spelling = Trouvé par la seule graphie : { $stated }. Aucun registre n’en a d’identifiant.
length-unreadable = { $length } n’est pas une durée. Écrivez un nombre avec m, h ou d, par exemple 90m, 24h ou 7d.
label-said-again = { $count ->
    [one] dit pour la première fois
   *[other] dit { $count } fois
 }
words-authentic = Les paroles en { $language } font foi.
words-translated = Une traduction ; les paroles qui font foi sont celles de { $entry }. Elle est de :
