### Сталі фрази. Підписано код і значення; ці речення призначені для читання.

phrase-accident-no-attack = Сталася аварія. Місце: { $place }. Це не напад.
phrase-cease-fire-from = Ми припиняємо вогонь. Місце: { $place }. Початок: { $time }.
phrase-convoy-leaves = Вирушає колона. Місце: { $place }. Час: { $time }. Машин: { $count }.
phrase-evacuate-wounded = Ми евакуюємо поранених. Місце: { $place }. Початок: { $from }. Кінець: { $until }.
phrase-fire-hits-us = Ви ведете вогонь по нас. Місце: { $place }.
phrase-hold-fire-until = Ми не відкриваємо вогню. Місце: { $place }. До: { $time }.
phrase-line-silent = Ця лінія мовчатиме. Початок: { $from }. Кінець: { $until }. Це не напад.
phrase-mines-at = Тут є міни. Місце: { $place }.
phrase-recover-the-dead = Ми забираємо загиблих. Місце: { $place }. Початок: { $from }. Кінець: { $until }.
phrase-speak-now = Ми просимо поговорити голосом зараз.
phrase-test-launch = Ми здійснюємо випробувальний пуск ракети. Місце: { $place }. Час: { $time }.
