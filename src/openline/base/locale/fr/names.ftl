### Le répertoire des noms, les termes contestés et la recherche : refus, fautes et ce qui est dit.

## Un refus : rien n'a été écrit

formula-not-one = Les autres parties proposent des formules différentes pour { $id } en { $language }. Rien n’est écrit. Donnez celle que vous acceptez.
formula-not-proposed = Personne d’autre n’a proposé de formule pour { $id } en { $language }. Rien n’est écrit. Donnez-en une vous-même.
name-id-wrong = { $id } n’est pas l’identifiant d’un nom. Écrivez un genre ({ $sorts }), deux-points et des minuscules, par exemple person:shoigu.
script-wrong = { $script } n’est pas une écriture. Donnez ses quatre lettres, par exemple Latn, Cyrl, Arab ou Hani, ou rien.
spelling-too-long = Ceci a { $characters } caractères ; { $limit } au plus sont possibles. Rien n’est écrit. Raccourcissez.
spellings-missing = Il n’y a aucune graphie pour { $id }. Rien n’est écrit. Donnez-en une au moins.
spellings-of-id-too-many = Notre partie a donné à { $id } autant de graphies qu’un identifiant en peut avoir, { $limit }. Retirez celles qui ne servent pas.
spellings-too-many = Une entrée ajoute { $limit } graphies au plus. Rien n’est écrit. Ajoutez les autres par une seconde.
term-id-wrong = { $id } n’est pas l’identifiant d’un terme. Prenez des minuscules, des chiffres, des points et des traits d’union.

## Une faute : l'entrée est au registre et reste sans effet

fault-spellings-too-many = Cette partie a donné à l’identifiant plus de { $limit } graphies. Cette entrée est gardée et n’ajoute rien.
