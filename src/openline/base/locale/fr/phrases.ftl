### Phrases fixes. Le code et les valeurs sont ce qui est signé ; ces phrases sont la façon de les lire.

phrase-accident-no-attack = Un accident s’est produit à { $place }. Ce n’est pas une attaque.
phrase-cease-fire-from = Nous cessons le feu à { $place } à partir de { $time }.
phrase-convoy-leaves = Un convoi quitte { $place } à { $time }. Véhicules : { $count }.
phrase-evacuate-wounded = Nous évacuons des blessés à { $place } de { $from } à { $until }.
phrase-fire-hits-us = Vos tirs nous touchent à { $place }.
phrase-hold-fire-until = Nous suspendons nos tirs à { $place } jusqu’à { $time }.
phrase-line-silent = Cette ligne sera muette de { $from } à { $until }. Ce n’est pas une attaque.
phrase-mines-at = Il y a des mines à { $place }.
phrase-recover-the-dead = Nous relevons les morts à { $place } de { $from } à { $until }.
phrase-speak-now = Nous demandons à parler de vive voix maintenant.
phrase-test-launch = Nous lançons un missile depuis { $place } à { $time }. C’est un essai.
