### Les membres d’une ligne : qui la rejoint, qui la quitte

effect-leave = Ceci nous retire définitivement de la ligne { $line }. Plus rien ne nous y est envoyé ni n’y est reçu de nous.
effect-remove = Ceci propose à tous les membres de la ligne { $line }, { $party } compris, d’en retirer { $party }.
enter-members = Une ligne à plusieurs a de trois à { $limit } membres, et ceux-ci sont { $count } avec nous. Nommez tous les autres ; avec un seul, prenez openline pair.
fault-fingerprint-differs = L’assentiment nomme pour { $party } une autre racine que la proposition. Il est sans effet.
fault-join-wrong = La proposition d’adhésion ne se tient pas : sa partie, sa ligne ou ses membres. Elle est sans effet.
fault-left = Son auteur a quitté la ligne auparavant. L’entrée est gardée et reste sans effet.
fault-member-wrong = La proposition de retrait ne nomme aucun autre membre de la ligne. Elle est sans effet.
fault-opened-late = Un membre ouvre une ligne par la première entrée de son journal. Celle-ci vient plus tard et reste sans effet.
fault-opened-members = L’ouverture nomme d’autres membres : { $members }. Elle est sans effet. Prévenez le superviseur.
fault-own-removal = La partie à retirer n’a pas de voix dans son retrait. La réponse est sans effet.
line-ended = Tous les autres ont quitté la ligne { $line }. Il n’y a plus personne pour entendre. Prenez une autre ligne.
line-left = Nous ne sommes plus sur la ligne { $line }. Rien ne peut y être dit. Prenez une autre ligne.
line-opening = Tous les membres n’ont pas encore ouvert la ligne { $line }. Rien n’y est dit avant. Voyez openline line members.
line-taken = { $party } doit rejoindre la ligne { $line }, et une ligne de ce nom avec d’autres membres est ici. Proposez un autre nom.
member-already = { $party } est déjà membre de la ligne { $line }. Voyez openline line members.
member-digits-differ = Les chiffres de { $party } dans { $entry } ne sont pas ceux que nous avons acceptés. Refusez, et appelez le membre qui l’a proposé.
member-leave-instead = La ligne { $line } a deux membres. { $party } n’en est pas retiré ; quittez-la par openline line leave.
member-not-introduced = La carte de { $party } n’est pas acceptée ici. Comparez d’abord ses chiffres par openline pair --no-line.
member-pair-instead = Sur la ligne { $line } il ne reste personne d’autre. Ouvrez une ligne avec { $party } par openline pair.
member-root-differs = Une autre racine a reçu l’assentiment pour { $party } que celle que nous avons acceptée. La ligne { $line } n’est pas ouverte. Appelez { $party }.
member-unknown = { $party } n’est pas un autre membre de la ligne { $line }. Voyez openline line members.
members-differ = { $party } prétend que la ligne { $line } a d’autres membres que chez nous. Prévenez le superviseur, et comparez les membres de vive voix.
members-too-many = Une ligne a au plus { $limit } membres. Ouvrez-en une autre.
proposal-ended = La proposition { $entry } est close : { $state }. Faites-en une nouvelle.
proposal-own = La proposition { $entry } est la nôtre, ou porte sur nous. Les autres membres y répondent.
proposal-unknown = L’entrée { $entry } sur la ligne { $line } ne propose aucun membre. Voyez openline line members.
