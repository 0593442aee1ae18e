### La procédure du quart : ce que fait l’officier de permanence. Les nombres viennent des tables, jamais d’ici.

label-sop-title = Procédure permanente du quart
label-sop-title-of = Procédure permanente de la ligne { $line }
label-sop-begin = Prendre le quart
label-sop-hours = Heure par heure
label-sop-within = Un message : dans quel délai
label-sop-late = Une étape est en retard : comment son alarme monte
label-sop-steps = Qui chaque degré appelle, et ce que vous faites
label-sop-alarms = Ce que chaque alarme demande
label-sop-stop = STOP
label-sop-replies = Réponses brèves
label-sop-read-back = Collationner
label-sop-handover = La relève
label-sop-declare = Se taire
label-sop-who = Qui peut faire quoi
label-sop-phrases = Phrases fixes

label-sop-text = texte
label-sop-voice = voix
label-sop-from = possible dès
label-sop-check = essai
label-sop-late-after = en retard après
label-sop-missed-at = manqué à
label-sop-by = par
label-sop-precedence = urgence
label-sop-step = degré
label-sop-calls = appelle
label-sop-do = ce que vous faites
label-sop-stands = où cela en est
label-sop-what = ce qui est dit
label-sop-then = ensuite
label-sop-answer = mot
label-sop-says = dit
label-sop-instead = peut devenir
label-sop-states = établit
label-sop-the-answer = la réponse
label-sop-given = est donnée
label-sop-awaited = reste attendue
label-sop-capability = faculté
label-sop-allows = permet
label-sop-roles = rôles qui l’ont
label-sop-code = code
label-sop-reads = se lit
label-sop-wake-positions = tous les postes
label-sop-wake-supervisor = le chef de quart
label-sop-wake-voice = la sonnerie
label-sop-wake-path = la voie suivante
label-sop-slot-count = ‹nombre›
label-sop-slot-entry = ‹entrée›
label-sop-slot-from = ‹début›
label-sop-slot-party = ‹partie›
label-sop-slot-place = ‹lieu›
label-sop-slot-time = ‹heure›
label-sop-slot-until = ‹fin›

sop-begin-look = Tapez `openline status --watch` et laissez-le sur un écran. La pire ligne est en haut, avec ce qu’il faut faire.
sop-begin-on = Tapez `openline watch on`. L’autre partie voit qu’un officier est là.
sop-begin-open = Tapez `openline inbox --open` et `openline stop list`. Sachez qui a chaque FLASH ouvert.
sop-begin-take = Si le quart vous est offert, lisez chaque affaire ouverte, acceptez-la par son numéro, puis prenez le quart.
sop-begin-sound = À la console, commencez la veille avec le son et écoutez les trois sons. Avant cela, rien n’y sonne.

sop-hours-sign = Donnez signe au moins toutes les { $every } : tout ce que vous dites, ou encore `openline watch on`. Après { $limit } sans signe, le registre le dit.
sop-hours-no-sign = Aucun signe n’est demandé : nul ne voit si un officier veille. Regardez l’écran quand même.
sop-hours-test = Toutes les { $every }, le nœud prouve la ligne par un essai signé. Sans réponse après { $within }, une alarme se lève.
sop-hours-no-test = Le nœud n’envoie pas d’essai de lui-même. Tapez `openline test now` en prenant le quart et avant de le rendre.
sop-hours-no-checks = Aucun essai par les officiers n’est fixé. Faites-en un en prenant le quart : `openline check now`.
sop-hours-check = Faites chaque essai de la table, ou répondez-y : `openline check now`, `openline check answer`. Un essai manqué est au registre.
sop-hours-skip = Un essai n’est omis que si les deux parties le disent : `openline check skip`, avec la raison.
sop-hours-session = À la console, rentrez de nouveau après { $idle } sans geste, et après { $life } de toute façon.

sop-in-read = Ouvrez ce qui arrive : `read`. Cela établit DISPLAYED, et rien d’autre.
sop-in-accept = Prenez-le : `ack`. Cela établit ACCEPTED : le quart l’a, sans dire son accord. Quiconque veille prend un FLASH.
sop-in-pass = Avertissez le rôle qui agit. Ensuite, pas avant, tapez `pass --to RÔLE`. Cela établit PASSED.
sop-in-answer = Répondez avant l’heure demandée : `reply`, ou `respond wilco` ou `respond unable`. STAND BY laisse courir l’horloge.
sop-in-clock = Les délais de la table courent dès l’heure écrite par l’auteur. Les deux bouts calculent les mêmes.
sop-in-sooner = Si la réponse est demandée avant la fin du délai, chaque étape est due plus tôt, en proportion.
sop-out-words = FLASH et IMMEDIATE ont { $limit } mots au plus. Joignez ce qui est plus long.

sop-late-climbs = Une alarme monte d’elle-même. Les temps courent dès que l’étape était due ; ceux d’un STOP dès son appui.
sop-late-ends = Elle cesse quand le fait est établi, non quand on détourne les yeux.
sop-late-written = Chaque degré que nous devons est écrit à notre registre avec l’heure due. Nul ne peut le reprendre.
sop-steps-yours = Le nœud dit qui appeler. Appeler est à vous. Notez chaque tentative.

sop-alarm-by-step = Comme le dit la table des degrés.
sop-alarm-precedence = Là où aucune urgence n’est dite, c’est celle de l’entrée. Le plus urgent d’abord.
sop-alarm-down = Une ligne est DOWN après { $after } sans un mot sur aucune voie. Appelez autrement ; avertissez le chef de quart ; notez l’heure.
sop-alarm-voice = Dans un appel, un son perdu pendant { $after } est noté. L’appel continue et revient de lui-même.

sop-stop-ours = Ils frappent ce qu’ils ne doivent pas : `openline stop now LIGNE --place LIEU`. Ne demandez à personne. Aucun texte n’est requis.
sop-stop-tap = Dites ensuite qui c’était : `openline tap`. Cela ne retarde rien.
sop-stop-rings = Tous sont appelés aussitôt, aux deux bouts, et les téléphones sonnent ; la voie suivante { $path } plus tard. Décrocher n’est pas répondre.
sop-stop-theirs = Ils appellent STOP : arrêtez d’abord, puis répondez par un mot de la table. Un reçu ou une réponse n’éteint rien.
sop-stop-clock = Une seule horloge court aux deux bouts, de leur appui à notre première réponse. Mieux informé, répondez encore : les deux restent.
sop-stop-stopped = C’était à nous, et cela a cessé.
sop-stop-not-ours = Ce n’est pas à nous.
sop-stop-unable = Nous ne pouvons pas l’arrêter. Dites pourquoi.

sop-replies = Un seul mot, par `openline respond`. ROGER n’est pas un accord.
sop-means-received = Le quart l’a. Cela ne dit rien d’un accord.
sop-means-will = Nous le ferons.
sop-means-cannot = Nous ne pouvons pas le faire.
sop-means-repeat = Répétez.
sop-means-follows = La réponse suit.

sop-read-back = Là où un mot faux coûte des vies, envoyez avec `--read-back`. Ils collationnent ; confirmez, ou redites.
sop-read-back-means = CONFIRMED dit que les deux ont les mêmes mots, et non que quelqu’un est d’accord.

sop-handover-offer = Qui part offre le quart : `openline watch handover LIGNE --by NOM --to NOM`. Chaque affaire ouverte y figure.
sop-handover-accept = Qui vient lit chaque affaire, l’accepte par son numéro, puis prend le quart : `openline watch take`.
sop-handover-flash = Jusque-là tout reste à qui part. Un FLASH qui arrive entre-temps doit être accepté aussi.
sop-handover-refuse = Avec `--refuse --reason`, le quart reste où il est.
sop-handover-list = La liste a les { $limit } affaires les plus urgentes et dit combien manquent. Un FLASH n’est jamais omis.

sop-declare-first = Dites-le avant de le faire, et pourquoi : `openline declare`. Un silence sans un mot est une alarme chez l’autre.
sop-declare-passes = Sur une ligne SUSPENDED passent FLASH, essais et messages de service. Seul RESUMED y met fin.
sop-declare-emcon = EMCON dit que nous recevons et ne pouvons pas répondre.

sop-who-on-watch = Quiconque veille peut prendre un FLASH, appeler STOP et y répondre, quoi que permette le rôle : { $verbs }.
sop-who-everybody = Aucun rôle n’est configuré : quiconque est à un poste peut faire tout ce qui suit.
sop-who-position = Le poste { $position } a le rôle { $role }.

sop-phrases = Le code et les valeurs sont signés ; chaque partie lit la phrase dans sa langue.
