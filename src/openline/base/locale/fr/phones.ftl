# Les téléphones de bureau.

## Qui ils sont, et où

phone-registered = Le téléphone { $phone } est là, à { $address } par { $tls }. On peut le faire sonner.
phone-left = Le téléphone { $phone } n’est plus là. On ne peut pas le faire sonner avant son retour.
phone-not-registered = Le téléphone { $phone } n’est pas là : on ne peut pas le faire sonner. Vérifiez son courant et son réseau.
phone-password-wrong = Quelqu’un à { $address } donne un mauvais mot de passe pour le téléphone { $phone }. Il n’entre pas. Corrigez-le au téléphone, ou demandez qui c’était.
phone-passwords-too-many = Trop de mauvais mots de passe viennent de { $address }. Pour un temps, aucun n’est écouté. Demandez qui c’était.
phone-address-not-allowed = Le téléphone { $phone } appelle de { $address }, où il ne doit pas être. Il n’entre pas. Demandez qui l’a déplacé.
phone-name-differs = Le téléphone { $phone } à { $address } donne un autre nom que celui de son mot de passe. Il n’entre pas. Corrigez-le au téléphone.
phones-wrong = La liste des téléphones a un nom en double, ou plus de { $limit } téléphones ({ $count } à présent). Corrigez openline.toml, puis redémarrez le nœud.
phones-cannot-listen = Le nœud ne peut pas répondre aux téléphones à { $address } ({ $detail }). Corrigez openline.toml, puis redémarrez le nœud.

## Comment passe leur son

phone-srtp = Le son entre ce téléphone et notre nœud est protégé par SRTP.
phone-plain-on-our-lan = Le son entre ce téléphone et notre nœud n’est pas protégé. Il reste sur notre propre réseau.
phone-sound-unprotected = Le téléphone enverrait son son sans protection hors de notre réseau, ou ses clés en clair. L’appel est refusé. Activez TLS et SRTP au téléphone.
phone-sound-elsewhere = Le téléphone veut son son à { $address }, hors de notre réseau. L’appel est refusé. Vérifiez les réglages réseau du téléphone.
phone-no-common-codec = Le téléphone ne parle ni Opus, ni G.722, ni G.711. L’appel est refusé. Activez l’un d’eux au téléphone.
phone-offer-missing = Le téléphone { $phone } appelle sans dire comment passerait son son. L’appel est refusé. Désactivez « late offer » au téléphone.
phone-no-port = Il ne reste aucun port pour le son d’un autre téléphone à { $address }. L’appel est refusé. Terminez d’abord un autre appel.

## Comment finit un appel

phone-hung-up = Le téléphone a raccroché.
phone-busy = Le téléphone est occupé.
phone-declined = L’appel a été refusé au téléphone.
phone-refused = Le téléphone n’a pas pu prendre l’appel. Vérifiez ses réglages de son.
phone-no-answer = Personne n’a décroché le téléphone.
phone-gone = Le téléphone ne répond plus. Vérifiez son courant et son réseau.
phone-on-hold = Le téléphone a mis l’appel en attente. On l’entendra de nouveau quand il le reprendra.
phone-ring-cancelled = La sonnerie a été arrêtée.
phones-stopped = Le nœud ne répond plus aux téléphones. L’appel est terminé.

## Ce qu’envoient des inconnus et des téléphones défectueux

sip-wrong = Ce qui a été envoyé au port des téléphones est inutilisable ({ $detail }). C’est ignoré. Si cela vient d’un de nos téléphones, renouvelez son logiciel.
sip-flood = Il vient trop de { $address } au port des téléphones. Le reste n’est pas écouté tant que cela dure. Cherchez ce qui s’y trouve.
sip-not-our-lan = Quelqu’un à { $address }, hors de notre réseau, appelle le port des téléphones. On ne lui répond pas. Fermez le port dans le pare-feu.
sip-crowded = Il vient plus au port des téléphones que ce qui peut être traité ; ce qu’a envoyé { $address } est perdu. Les téléphones réessaient seuls.
sip-lines-left-out = D’autres lignes du genre { $kind } sont omises du journal pour le moment. Regardez celles d’avant.
sdp-wrong = Ce que le téléphone dit de son son est inutilisable ({ $detail }). L’appel est refusé. Vérifiez les réglages du téléphone.

## Leurs lignes dans openline.toml

phone-name-taken = Il y a déjà un téléphone { $phone }. Choisissez un autre nom, ou retirez d’abord celui-là avec `openline phone remove`.
phone-unknown = { $file } n’a pas de téléphone { $phone }. Voyez `openline phone list`.
phone-change-by-hand = { $file } est écrit de sorte que le téléphone { $phone } n’y est pas trouvé. Changez ses lignes à la main.
phone-realm-differs = Le nœud n’accepte que les mots de passe du domaine { $realm }. Omettez --realm, ou changez d’abord realm sous [phones] dans openline.toml.
phones-not-set-up = { $file } ne dit pas où les téléphones joignent ce nœud. Ajoutez-y [phones] avec host et lan ; docs/operating/phones.md montre comment.
told-phone-password = Entrez maintenant ce mot de passe dans le téléphone. Il n’est montré qu’une fois ; le nœud n’en garde que l’empreinte.
told-phone-restart = Le nœud lit { $file } quand il démarre. Redémarrez-le.
told-phone-row = Ajoutez cette ligne à openline.toml, puis redémarrez le nœud. Gardez ce fichier aussi secret que le mot de passe.
ask-phone-password = Mot de passe du téléphone { $phone }
