### Le répertoire des noms, les termes contestés et la recherche : refus, fautes et ce qui est dit.

## Un refus : rien n'a été écrit

formula-not-one = Les autres parties proposent des formules différentes pour { $id } en { $language }. Rien n’est écrit. Donnez celle que vous acceptez.
formula-not-proposed = Personne d’autre n’a proposé de formule pour { $id } en { $language }. Rien n’est écrit. Donnez-en une vous-même.
name-id-wrong = { $id } n’est pas l’identifiant d’un nom. Écrivez un genre ({ $sorts }), deux-points et des minuscules, par exemple person:shoigu.
name-nowhere = Aucun registre n’a { $name }, et aucun contact où ce nom est déclaré n’est au registre. Regardez les noms, ou cherchez le mot.
name-unknown = { $id } n’est pas un nom que le registre de { $line } connaît. Regardez les noms et ajoutez-en d’abord une graphie.
script-wrong = { $script } n’est pas une écriture. Donnez ses quatre lettres, par exemple Latn, Cyrl, Arab ou Hani, ou rien.
spelling-too-long = Ceci a { $characters } caractères ; { $limit } au plus sont possibles. Rien n’est écrit. Raccourcissez.
spellings-missing = Il n’y a aucune graphie pour { $id }. Rien n’est écrit. Donnez-en une au moins.
spellings-of-id-too-many = Notre partie a donné à { $id } autant de graphies qu’un identifiant en peut avoir, { $limit }. Retirez celles qui ne servent pas.
spellings-too-many = Une entrée ajoute { $limit } graphies au plus. Rien n’est écrit. Ajoutez les autres par une seconde.
term-id-wrong = { $id } n’est pas l’identifiant d’un terme. Prenez des minuscules, des chiffres, des points et des traits d’union.

## Recherche

search-empty = Il n’y a aucun mot à chercher. Donnez au moins une lettre ou un chiffre.
search-kind-unknown = Il n’y a pas de genre { $kind }. Prenez l’un de { $kinds }.
search-not-ready = L’index de recherche se prépare. Le registre est entier. Cherchez de nouveau dans une minute.
search-party-unknown = { $party } n’est sur aucune ligne de ce nœud. Prenez l’une de { $parties }.
search-time-wrong = { $time } n’est pas une heure de recherche. Écrivez un jour, par exemple 2022-05-13, ou RFC 3339 avec son fuseau.
search-too-long = Une recherche a { $limit } caractères au plus ; celle-ci en a { $characters }. Cherchez moins de mots.
search-too-many-words = Une recherche a { $limit } mots au plus ; celle-ci en a { $words }. Cherchez moins de mots.
told-search-behind = { $entries } entrées plus récentes ne sont pas encore dans l’index de recherche.
told-search-nothing = Rien n’a été trouvé.

## Une faute : l'entrée est au registre et reste sans effet

fault-spellings-too-many = Cette partie a donné à l’identifiant plus de { $limit } graphies. Cette entrée est gardée et n’ajoute rien.
