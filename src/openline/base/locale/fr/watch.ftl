### Le quart : STOP, qui l’a fait, collationnement, escalade, réponses brèves.

## Un refus : rien n’est écrit

read-back-by-several = Plusieurs parties ont collationné { $entry }. Rien n’est écrit. Nommez la partie dont vous jugez le collationnement.
read-back-not-possible = L’entrée { $entry } est { $state }, { $step } ne peut donc pas suivre. Rien n’est écrit. Regardez ses collationnements.
read-back-others = L’entrée { $entry } n’est pas la nôtre. Seul son auteur peut la confirmer ou la redire. Collationnez-la.
read-back-own = L’entrée { $entry } est la nôtre. Seule l’autre partie peut la collationner.
read-back-target-wrong = L’entrée { $entry } est du genre { $kind } et ne se collationne pas. Rien n’est écrit.
stop-own = Le STOP { $entry } est le nôtre. Seule l’autre partie peut y répondre.
stop-unbound = Un STOP a besoin d’un lieu ou d’une entrée. Rien n’est envoyé. Nommez l’un des deux et appuyez de nouveau.
stop-unknown = L’entrée { $entry } de la ligne { $line } n’est pas un STOP. Cherchez-le dans la liste des STOP.
tap-of-others = L’entrée { $entry } n’est pas la nôtre. On ne signe ainsi que ses propres entrées.

## Une faute : l’entrée est au registre et reste sans effet

fault-code-stage = Ce reçu dit { $code }, ce qui ne va pas avec { $stage }. Il n’établit rien. Demandez à son auteur.
fault-phrase-wrong = La phrase de cette entrée ne va pas avec son texte. Le texte fait foi. Demandez à son auteur.
fault-read-back-again = Ce { $step } suit une étape à laquelle son auteur a déjà répondu. Il ne change rien.
fault-read-back-not-possible = Ce collationnement était { $state } ; { $step } ne peut pas suivre. Il ne change rien. Demandez à son auteur.
fault-read-back-side = Ce { $step } vient de la mauvaise partie. Il ne change rien. Demandez à son auteur.
fault-tap-of-others = Cette signature nomme une entrée d’une autre partie. Elle ne dit rien.

## Les alarmes, et que faire

own-late-read-back = Nous n’avons pas collationné { $entry }. C’était dû { $due }.
peer-late-read-back = { $party } n’a pas collationné { $entry }. C’était dû { $due }.
stop-not-received = Le nœud de { $party } n’a pas notre STOP { $entry } de { $due }.
stop-standing = Le STOP { $entry } de { $due } est en vigueur. Nous n’y avons pas répondu.
stop-unanswered = { $party } n’a pas répondu à notre STOP { $entry } de { $due }.
do-answer-stop = Arrêtez maintenant, puis répondez à { $entry } : STOPPED, NOT OURS ou UNABLE.
do-read-back = Collationnez { $entry } maintenant, comme vous le comprenez.

## Phrases fixes qui ne peuvent pas être dites

phrase-and-text = Un message a une phrase ou un texte, pas les deux. Rien n’est envoyé. Ôtez le texte, ou la phrase { $code }.
phrase-unknown = Il n’y a pas de phrase { $code }. Rien n’est envoyé. Voyez la liste des phrases, ou écrivez un texte.
phrase-value-wrong = La valeur { $name } de la phrase { $code } n’est pas de la sorte { $sort }. Rien n’est envoyé. Corrigez-la.
phrase-values-wrong = La phrase { $code } a besoin de ces valeurs : { $names }. Rien n’est envoyé. Donnez chacune une fois.
