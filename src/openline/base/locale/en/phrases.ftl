### Fixed phrases. The code and the values are what is signed; these sentences are how they are read.

phrase-accident-no-attack = An accident has happened at { $place }. It is no attack.
phrase-cease-fire-from = We cease fire at { $place } from { $time }.
phrase-convoy-leaves = A convoy leaves { $place } at { $time }. Vehicles: { $count }.
phrase-evacuate-wounded = We evacuate wounded at { $place } from { $from } until { $until }.
phrase-fire-hits-us = Your fire is hitting us at { $place }.
phrase-hold-fire-until = We hold fire at { $place } until { $time }.
phrase-line-silent = This line will be silent from { $from } until { $until }. It is no attack.
phrase-mines-at = There are mines at { $place }.
phrase-recover-the-dead = We recover the dead at { $place } from { $from } until { $until }.
phrase-speak-now = We ask to speak by voice now.
phrase-test-launch = We launch a missile from { $place } at { $time }. It is a test.
