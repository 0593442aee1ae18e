### La veille : relève, vérifications de ligne, registre des silences et rapport mensuel

## Un refus : rien n'a été écrit

handover-incomplete = La relève { $entry } n’est pas complète : { $entries } doivent d’abord être acceptés. Lisez-les et acceptez-les un par un.
handover-item-unknown = { $item } n’est ni dans la relève { $entry } ni ouvert. Voyez la liste de la relève.
handover-items-missing = Rien de la relève { $entry } n’a été nommé. Nommez ce que vous acceptez.
handover-not-possible = La relève { $entry } en est à { $state } : { $step } n’est plus possible. Voyez le journal de la veille.
handover-one-thing = Acceptez des éléments, prenez la veille, refusez-la ou retirez l’offre : une chose à la fois.
handover-others = La relève { $entry } est celle d’une autre partie. Seuls ses propres officiers la prennent.
handover-self = { $name } remet la veille et ne peut pas la prendre. Un autre officier la prend ; dites lequel, avec --by.
handover-too-many = Plus de { $limit } FLASH sont ouverts. Acceptez-en ou répondez-y avant de remettre la veille.
handover-under-way = Ce poste remet déjà la veille, par { $entry }. Prenez-la, refusez-la ou retirez-la d’abord.
handover-unknown = L’entrée { $entry } n’est pas une relève sur la ligne { $line }. Voyez le journal de la veille.
check-call-missing = Une vérification à la voix nomme son appel, et aucune autre n’en nomme. Sonnez, puis nommez l’appel.
check-not-a-call = L’entrée { $entry } est du genre { $kind } et n’est pas un appel. Nommez l’appel de cette vérification.
check-not-possible = De la vérification prévue à { $due } nous avons dit { $state } : { $word } ne peut pas suivre. Voyez le journal de la veille.
check-time-wrong = { $time } n’est pas une heure. Écrivez heures et minutes en temps Zulu, comme 0600Z.
check-none-due = Aucune vérification par { $form } n’est due maintenant. Voyez openline watch log, ou faites-en une sans date avec --undated.
month-wrong = { $month } n’est pas un mois. Écrivez l’année et le mois, comme 2026-11.
report-ahead = Du journal de { $party } nous avons { $held } entrées et non { $size }. Attendez qu’elles soient arrivées, ou nommez une taille plus petite.
report-sizes-wrong = { $sizes } ne dit pas combien d’entrées de chaque journal. Nommez chaque partie une fois, comme alpha:120,bravo:98.

## Un défaut : l'entrée est au registre et n'a pas d'effet

fault-check-call = Cette vérification à la voix ne nomme pas d’appel, ou elle appelle pour une présence. Elle ne compte pas.
fault-check-date = Cette entrée parle d’une vérification sans dire quand elle était due. Elle ne compte pas.
fault-check-not-possible = { $step } ne peut pas suivre : cette partie en était à { $state }. Cela ne change rien. Demandez à son auteur ce qui vaut.
fault-handover-incomplete = La veille a été prise avec { $count } éléments non acceptés. Cela ne compte pas : l’officier descendant la garde.
fault-handover-none = Cette étape ne nomme aucune relève de son propre auteur. Elle ne change rien.
fault-handover-not-possible = { $step } ne peut pas suivre : la relève en était à { $state }. Cela ne change rien.
fault-handover-open = Ce poste remettait déjà la veille. Cette offre ne compte pas.
fault-handover-self = L’officier qui remet la veille l’a aussi acceptée ou prise. Cela ne compte pas.

## La page du rapport mensuel

label-report-title = Ligne { $line } : rapport pour { $month }
report-computed = Calculé à { $sizes }. Quiconque détient ces entrées calcule les mêmes chiffres, à l’octet près.
label-report-digest = SHA-256 des chiffres canoniques
label-report-section-operation = Opération
label-report-section-exercise = Exercice, compté à part
label-report-section-test = Tests de la ligne
label-report-nothing = rien dans ce mois
label-report-charters = Chartes en vigueur
label-report-tests = Tests, et qui y a répondu
label-report-checks = Vérifications par les officiers et appels inopinés
label-report-dates = Dates des vérifications
label-report-absences = Officiers sans signe de présence
label-report-silences = Silences, comme chaque côté les déclare
label-report-messages = Messages et leurs étapes
label-report-calls = Appels
label-report-kinds = Entrées par genre
label-report-plot-tests = Réponses aux tests par jour
label-report-plot-worst = Pire temps de réponse par jour, en secondes
label-report-plot-messages = Messages par jour
label-report-plot-silent = Minutes de silence par jour
label-report-column-about = au sujet de
label-report-column-answered = réponses
label-report-column-answered-by = répondu par
label-report-column-asked-by = demandé par
label-report-column-begin = du
label-report-column-cause = cause
label-report-column-count = nombre
label-report-column-end = au
label-report-column-entry = entrée
label-report-column-form = forme
label-report-column-garbled = altérés
label-report-column-kept = tenues
label-report-column-kind = genre
label-report-column-lasting = non terminés
label-report-column-leaf = empreinte de sa feuille
label-report-column-longest = le plus long
label-report-column-made = faits
label-report-column-median = médiane
label-report-column-missed = manquées
label-report-column-party = partie
label-report-column-precedence = priorité
label-report-column-rung-by = sonné par
label-report-column-sent = envoyés
label-report-column-sent-by = envoyé par
label-report-column-skipped = omises d’un commun accord
label-report-column-stage = étape
label-report-column-stated-by = déclaré par
label-report-column-told-by = dit par
label-report-column-total = en tout
label-report-column-worst = le pire
