### Постоянные фразы. Подписаны код и значения; эти предложения служат для чтения.

phrase-accident-no-attack = Произошла авария. Место: { $place }. Это не нападение.
phrase-cease-fire-from = Мы прекращаем огонь. Место: { $place }. Начало: { $time }.
phrase-convoy-leaves = Выходит колонна. Место: { $place }. Время: { $time }. Машин: { $count }.
phrase-evacuate-wounded = Мы эвакуируем раненых. Место: { $place }. Начало: { $from }. Конец: { $until }.
phrase-fire-hits-us = Вы ведёте огонь по нам. Место: { $place }.
phrase-hold-fire-until = Мы не открываем огня. Место: { $place }. До: { $time }.
phrase-line-silent = Эта линия будет молчать. Начало: { $from }. Конец: { $until }. Это не нападение.
phrase-mines-at = Здесь есть мины. Место: { $place }.
phrase-recover-the-dead = Мы забираем погибших. Место: { $place }. Начало: { $from }. Конец: { $until }.
phrase-speak-now = Мы просим поговорить голосом сейчас.
phrase-test-launch = Мы производим испытательный пуск ракеты. Место: { $place }. Время: { $time }.
