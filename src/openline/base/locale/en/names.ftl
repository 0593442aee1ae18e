### The register of names, contested terms, and search: refusals, faults, and what is told.

## A refusal: nothing was written

formula-not-one = The other sides have proposed different formulas for { $id } in { $language }. Nothing was written. Give the one you agree to.
formula-not-proposed = Nobody else has proposed a formula for { $id } in { $language }. Nothing was written. Give one yourself.
name-id-wrong = { $id } is not the id of a name. Write a sort ({ $sorts }), a colon and small letters, such as person:shoigu.
name-nowhere = No register has { $name }, and no contact in which it is stated is on the record. Look at the names, or search for the word.
name-unknown = { $id } is no name that the register of { $line } knows. Look at the names, and add a spelling of it first.
script-wrong = { $script } is not a script. Write its four letters, such as Latn, Cyrl, Arab or Hani, or leave it out.
spelling-too-long = This has { $characters } characters; at most { $limit } are possible. Nothing was written. Shorten it.
spellings-missing = There is no spelling for { $id }. Nothing was written. Give at least one.
spellings-of-id-too-many = Our side has given { $id } as many spellings as an id may have, { $limit }. Withdraw those not needed.
spellings-too-many = One entry adds at most { $limit } spellings. Nothing was written. Add the others with a second one.
term-id-wrong = { $id } is not the id of a term. Use small letters, digits, dots and hyphens.

## Search

search-empty = There is no word to search for. Give at least one letter or digit.
search-kind-unknown = There is no kind { $kind }. Take one of { $kinds }.
search-not-ready = The search index is being made. The record itself is whole. Search again in a minute.
search-party-unknown = { $party } is on no line of this node. Take one of { $parties }.
search-time-wrong = { $time } is no time to search by. Write a day such as 2022-05-13, or RFC 3339 with its zone.
search-too-long = A search has at most { $limit } characters; this has { $characters }. Search for fewer words.
search-too-many-words = A search has at most { $limit } words; this has { $words }. Search for fewer words.
told-search-behind = { $entries } newer entries are not in the search index yet.
told-search-nothing = Nothing was found.

## A fault: the entry is in the record and has no effect

fault-spellings-too-many = This party has given the id more than { $limit } spellings. This entry is kept and adds nothing.
