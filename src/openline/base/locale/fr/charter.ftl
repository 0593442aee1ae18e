### La charte d’une ligne : ce qui ne va pas dans une proposition, qui peut en dire quoi, et les clauses mal écrites.

## Un refus : rien n’est écrit

charter-agreed = Toutes les parties ont consenti à la charte { $entry }. Elle ne peut plus être retirée. Dénoncez-la pour y mettre fin.
charter-due-order = Une priorité plus urgente ne peut avoir un délai plus long qu’une moins urgente. Rien n’est proposé. Corrigez les minutes.
charter-file-wrong = Le fichier { $file } n’est pas une charte : { $detail }. Rien n’est proposé. Corrigez-le, ou partez de openline charter template.
charter-formula-twice = La formule de { $term } en { $language } y figure deux fois. Rien n’est proposé. Gardez-en une.
charter-languages-wrong = Nommez les langues de { $party }, { $limit } au plus. Rien n’est proposé.
charter-level-taken = { $label } est le mot commun d’un niveau. Rien n’est proposé. Donnez un autre mot au nom propre de la partie.
charter-not-agreed = La charte { $entry } est à l’état { $state } : il n’y a rien à dénoncer. Retirez-la si elle est de nous, ou refusez-la.
charter-not-named = La charte { $entry } ne nomme pas notre partie. Rien n’est écrit. Demandez à son auteur de nommer chaque partie.
charter-of-others = La charte { $entry } n’est pas de nous. Seul son auteur peut la retirer. Refusez-la, ou dénoncez-la.
charter-over = La charte { $entry } est à l’état { $state }. On ne peut plus rien en dire. Voyez la liste des chartes.
charter-own = La charte { $entry } est de nous. Nous y avons consenti en la proposant. Seule une autre partie peut y répondre.
charter-parties-wrong = Une charte de la ligne { $line } nomme chacune de ses parties une fois : { $parties }. Rien n’est proposé. Corrigez les parties.
charter-rows-too-many = La clause { $clause } a { $limit } lignes au plus. Rien n’est proposé. Retirez-en.
charter-scope-missing = Une charte doit avoir une portée. Rien n’est proposé. Écrivez-la, ou joignez le fichier qui la contient.
charter-too-long = Cette charte a { $size } octets ; { $limit } au plus sont permis. Rien n’est proposé. Joignez la portée en fichier.
charter-unknown = L’entrée { $entry } de la ligne { $line } n’est pas une charte. Cherchez-la dans la liste des chartes.

## Une faute : l’entrée est au registre et reste sans effet

fault-charter-not-named = La partie qui dit cela n’est pas nommée dans cette charte. Cela ne change rien. Demandez à son auteur.
fault-charter-parties = Cette charte nomme une partie deux fois, ou une partie hors de la ligne, ou pas son auteur. Elle est sans effet. Demandez à son auteur.
