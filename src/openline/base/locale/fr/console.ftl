### La console dans le navigateur. `label-` nomme une chose ou un bouton, sans point ; `screen-` est une phrase.

## Ce que le nœud dit à la place de la console

console-not-built = La console n’est pas construite dans cette installation. Lancez make console dans les sources, ou installez un paquet qui la contient.

## La barre au-dessus de tout

screen-opening = La console s’ouvre.
screen-no-link = AUCUN LIEN AVEC NOTRE NŒUD depuis { $since }. Ce que vous voyez est ancien. Prenez le téléphone, et prévenez le technicien.
label-console-live = Console active
label-connecting = Connexion
label-no-link = Aucun lien
label-desk = Poste { $desk }
label-exercise = EXERCICE
label-test = ESSAI
label-night = Nuit
label-day = Jour
label-keys = Touches
label-sign-out = Quitter
label-close = Fermer
label-clock-differs = L’horloge de ce poste diffère de { $span }

## Ce qui a besoin de vous

label-needs-you = À vous : { $count }
label-needs-you-unknown = À vous : inconnu
screen-needs-nothing = Rien n’a besoin de vous.
screen-needs-unknown = Aucun lien avec notre nœud : ce qui a besoin de vous n’est pas connu. Voici les dernières nouvelles.
screen-need-accept = { $precedence } { $entry } de { $party } n’est pas accepté. Lisez-le et acceptez-le, ou répondez.
label-open = Ouvrir
label-by-in = avant { $time } (dans { $span })
label-by-late = avant { $time } (en retard de { $span })

## Ce que la veille demande elle-même

label-screens = Écrans
label-screen-watch = Veille et relève
label-screen-contacts = Contacts et demandes
label-screen-search = Recherche
label-go-on-watch = Prendre la veille
label-leave-watch = Quitter la veille
label-i-am-here = Je suis là
label-we-are-here = Nous sommes là
label-make-check = Vérifier par texte
label-enter-call = Inscrire l’appel
label-form-text = texte
label-form-voice = voix
label-form-ping = exercice d’appel
label-next-officer = l’officier suivant
label-on-it = Je m’en occupe
label-what-i-do = Ce que vous faites
screen-need-presence = Êtes-vous là ? Le poste { $desk } est de veille et n’a pas donné signe.
screen-need-check = Vérification de ligne par { $form } sur { $line }, prévue à { $time }.
screen-need-call-up = { $party } appelle la veille : { $precedence } { $entry }. Dites que vous êtes là.
screen-need-handover = { $by } remet la veille de { $line } à { $to }.
label-on-it-said = { $desk } s’en occupe : { $reason }

## Le tableau

label-lines = Lignes
screen-no-lines = Il n’y a pas encore de ligne. Appariez d’abord l’autre partie.
screen-lines-unknown = Les lignes ne sont pas encore connues.
label-proven = PROUVÉE
label-one-path-left = UNE SEULE VOIE
label-late = EN RETARD
label-down = COUPÉE
label-suspended = SUSPENDUE
label-quarantined = EN QUARANTAINE
label-forked = REGISTRE DOUBLE
label-ended = TERMINÉE
label-opening = EN OUVERTURE
label-never-heard = JAMAIS ENTENDUE
label-no-data = PAS DE DONNÉES
label-what-you-see-is-old = Ce qui était affiché ici est ancien
label-not-heard = Pas encore entendue
label-proven-ago = Prouvée il y a { $span }, { $time }
label-next-test = Prochain essai { $time }
label-unaccepted = { $count } ROUTINE non acceptés

## La salle d’une ligne

screen-choose-line = Choisissez une ligne.
screen-old = Aucun lien avec notre nœud. Ce qui est écrit plus bas est ancien.
label-of =  :{ " " }
label-they-say = Ils disent
label-we-say = Nous disons
label-console-connected = console connectée
label-officer-on-watch = officier de quart
label-linguist-on-watch = linguiste de quart
label-nobody-connected = personne n’est connecté
label-paths-up = { $up } voies sur { $all } ouvertes
label-thread = Messages, du plus ancien au plus récent
label-show-older = Montrer les messages plus anciens
screen-thread-loading = Les messages se chargent.
screen-no-messages = Pas encore de message.
screen-no-messages-proven = Pas encore de message. La ligne était prouvée il y a { $span }.

## Un message et ce qu’il est devenu

label-message = Message { $precedence } { $entry }
label-answer-by = Répondre avant
label-corrected = Corrigé par
label-withdrawn = Retiré par
label-translation = Traduction (hors registre)
label-written = Écrit
label-in-our-log = Dans notre journal
label-in-their-log = Dans leur journal
label-displayed = Affiché
label-accepted = Accepté
label-passed = Transmis
label-answered = Répondu
label-not-yet = pas encore
label-not-yet-due = pas encore, attendu { $time }
label-not-known = inconnu
label-accept = Accepter
label-reply = Répondre
screen-text-withheld = Le texte n’est pas ici. Demandez à son auteur.
screen-hidden-characters = { $count ->
    [one] Un caractère de ce texte en cache ou en inverse d’autres. Il est montré par son numéro.
   *[other] { $count } caractères de ce texte en cachent ou en inversent d’autres. Ils sont montrés par leurs numéros.
 }
screen-not-delivered = Dans notre journal, pas remis. Aucun récépissé de l’autre partie n’est ici.
screen-accept-unknown = Le nœud n’a pas répondu. On ne sait pas si { $party } a accepté { $entry }. Pressez encore : cela n’est dit qu’une fois.

## Réponses brèves, répétition, et une veille en retard

label-more = Plus
label-short-replies = Réponses brèves
label-replies = Répondu d’un mot
label-means-received = reçu, ce qui n’est pas un accord
label-means-comply = le fera
label-means-cannot = ne peut pas le faire
label-means-repeat = demande de répéter
label-means-follows = la réponse suit
label-pass-to = Transmis à (fonction)
label-phrase = Phrase convenue
label-ask-read-back = Demander le collationnement
label-read-back-asked = Collationnement
label-issued = ÉMIS, pas encore collationné
label-read-back-step = COLLATIONNÉ
label-confirmed = CONFIRMÉ : mêmes mots, ce qui n’est pas un accord
label-reissued = RÉÉMIS
label-read-back = Collationner
label-confirm = Confirmer
label-reissue = Réémettre
label-late-watch = Qui une veille en retard a réveillé
label-due = attendu
label-woke-positions = tous les postes appelés
label-woke-supervisor = chef de veille réveillé
label-woke-voice = appel vocal sonné
label-woke-next-path = voie suivante employée
screen-words-differ = Les mots encadrés diffèrent.
screen-words-same = Tous les mots sont les mêmes.

## Écrire

label-write = Écrire un message
label-message-on = Message sur { $line }
label-precedence = Urgence
label-words = { $count ->
    [one] { $count } mot
   *[other] { $count } mots
 }
label-words-of = { $count } mots sur { $limit }
label-send = Envoyer
label-send-again = Envoyer encore
label-keep-draft = Garder en brouillon
label-reply-to = Réponse à
label-no-reply = Sans réponse
label-drafts = Brouillons
label-not-sent = NON ENVOYÉ
label-not-confirmed = NON CONFIRMÉ
label-edit = Modifier
label-discard = Jeter
label-send-flash = Envoyer le FLASH
label-type-line = Pour confirmer, tapez le nom de la ligne
label-do-not-send = Ne pas envoyer
screen-flash-effect = Un FLASH réveille les gens de { $party }. Il est pour un danger de mort immédiat.
screen-not-confirmed = Le lien a rompu pendant l’envoi. Personne ne sait si cela a été dit. Envoyez encore : cela ne peut être dit deux fois.
screen-may-not-send = Votre rôle peut lire cette ligne, pas y écrire.
screen-time-unreadable = Ce n’est pas une heure à venir. Écrivez 2300Z, 212300Z, ou +30m.

## Le son : avant la veille et pendant

label-sound = Son
label-start-sound = Commencer la veille avec le son
label-use-here = L’utiliser ici
label-sound-on = Laisser sonner
label-silence = Silence 60 s
label-silent-for = Silence pour { $span }
label-play-again = Rejouer
label-heard = Oui, je l’ai entendu
label-not-heard-it = Non
label-speaker = Haut-parleur
label-microphone = Microphone
label-usual-device = Celui que ce navigateur prend d’habitude
label-device-gone = Celui qui a été choisi, qui n’est plus là
label-try-again = Essayer encore
label-own-level = Votre niveau
label-their-level = Leur niveau { $number }
screen-sound-not-begun = Cette fenêtre est muette : aucun appel ne sonne ici, et personne ne vous entend. Commencez la veille avec le son.
screen-sound-elsewhere = Le son de ce poste est dans une autre fenêtre de ce navigateur.
screen-sound-muted = Le navigateur garde cette page muette tant qu’on ne la touche pas. Aucun appel ne sonne avant.
screen-sound-question = Trois sons retentissent. Les avez-vous entendus ? Puis parlez : le niveau ci-dessous doit bouger.
screen-sound-not-heard = Choisissez un autre haut-parleur, ou vérifiez son volume et son câble. Puis pressez Rejouer. Avant cela, aucun appel ne sonne à ce poste.
screen-microphone-speak = Parlez. Si le niveau ne bouge pas, choisissez un autre microphone.
screen-microphone-refused = Le navigateur ne donne pas le microphone. Autorisez-le près de l’adresse, puis recommencez. Sans lui, vous entendez et vous écrivez.
screen-microphone-missing = Ce microphone n’est pas là. Branchez-le, ou choisissez-en un autre. Sans lui, vous entendez et vous écrivez.
screen-microphone-lost = Le microphone a disparu. Rebranchez-le, ou choisissez-en un autre. Sans lui, vous entendez et vous écrivez.
screen-microphone-busy = Le microphone ne répond pas : un autre programme le tient peut-être. Fermez-le, puis recommencez. Sans lui, vous entendez et vous écrivez.
screen-microphone-no-https = Le navigateur ne donne pas de microphone à cette adresse. Ouvrez la console par https. Sans lui, vous écrivez.

## Les appels

label-call = Appeler
label-line-check = Essai de ligne à la voix
label-answer = Répondre à l’appel
label-not-now = Pas maintenant
label-stop-ringing = Cesser de sonner
label-talk = Parler
label-keep-open = Garder ouvert
label-hold = Mettre en attente
label-resume = Reprendre
label-end-call = Terminer l’appel
label-put-aside = Mettre de côté
label-back = Retour
label-reason = Motif (si vous voulez)
label-title-call = APPEL { $party }
label-call-stands = Appel : { $state }
label-call-on = Appel sur { $line }
label-call-party = Appeler { $party }
label-answer-call = Répondre à { $party }
label-decline-call = Pas maintenant : { $party }
label-call-calls-us = NOUS APPELLE
label-call-rings = SONNE
label-call-connected = EN LIAISON
label-call-on-hold = EN ATTENTE
label-call-held-by-them = MIS EN ATTENTE PAR EUX
label-call-sound-lost = SON PERDU
label-call-ended = TERMINÉ
label-past-call = Appel
label-call-lasted = pris par { $desks }, durée { $span }
label-recording = Enregistrement
label-recording-of = Enregistrement de { $party }, { $number }
label-interprets = interprète
label-phone-holds = téléphone en attente
label-recorded = ENREGISTRÉ
label-takes-part = Qui prend part
label-we = Nous
label-speaks = parle
label-holds = met en attente
label-left = parti
label-nobody = personne
label-not-answered = sans réponse
label-declined-by = pas maintenant : { $desks }
label-gate-open = ON VOUS ENTEND
label-gate-kept = ON VOUS ENTEND, gardé ouvert
label-carried-by-udp = { $udp ->
    [one] une voie, UDP
   *[other] { $udp } voies, UDP
 }
label-carried-by-both = { $udp } par UDP, { $stream } par le flux
label-carried-by-stream = par le flux : UDP ne passe pas
label-carried-nowhere = aucune voie ne porte le son
label-round-trip = aller et retour { $ms } ms
label-not-repaired = { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } % perdu
label-path-loss = perte { NUMBER($percent, minimumFractionDigits: 1, maximumFractionDigits: 1) } %
label-interpreter = Interprète
label-interpreter-desk = Poste de l’interprète
label-listens = Écoute
label-speaks-to = Parle à
label-give-seat = Donner la place
label-take-seat = Retirer la place
label-recording-agree = Accepter l’enregistrement
label-recording-withdraw = Retirer l’accord
label-we-agree = Nous acceptons l’enregistrement
label-party-agrees = { $party } accepte l’enregistrement
screen-call-rings = { $party }, poste { $desk }, appelle depuis { $time }. Répondez, ou dites pourquoi pas maintenant.
screen-call-missed = Personne n’a répondu à { $party }, poste { $desk }, à { $time }. Rappelez.
screen-call-over = L’appel est terminé.
screen-call-effect = Tous les postes de veille sonnent là-bas jusqu’à ce que quelqu’un réponde.
screen-line-check-effect = Le poste des essais de ligne répond. Tenez Parler, dites quelques mots, lâchez : vous les entendez à nouveau.
screen-decline-effect = L’appel sonne encore aux autres postes. L’autre partie voit que ce poste ne répond pas maintenant.
screen-sound-lost = Aucun son sur aucune voie depuis { $since }. Écrivez ici : le contact continue.
screen-sound-lost-now = Aucun son sur aucune voie. Écrivez ici : le contact continue.
screen-leg-connecting = Le son de ce poste se relie au nœud. Écrivez en attendant.
screen-talk-no-microphone = Il n’y a pas de microphone : vous entendez, et vous écrivez.
screen-gate-unknown = Le nœud n’a pas répondu : on ne vous a peut-être pas entendu. Pressez Parler encore.
screen-step-unknown = Le nœud n’a pas répondu. On ne sait pas si c’est fait. Pressez encore : c’est fait une seule fois.

## STOP

label-stop-on = STOP sur { $line }
label-call-stop = Lancer STOP maintenant
label-stop-place = Lieu
label-stop-about = À propos de
label-stop-text = Ce qui doit cesser (facultatif)
label-no-entry = Aucune inscription
label-stop-standing = SANS RÉPONSE
label-stop-stopped = ARRÊTÉ
label-stop-not-ours = PAS À NOUS
label-stop-unable = IMPOSSIBLE
label-stop-why = Pourquoi c’est impossible
label-answer-unable = Répondre IMPOSSIBLE
label-answer-again = Répondre à nouveau
label-tap = C’était moi
label-tap-entry = Qui c’était : { $entry }
label-tapped-by = par
label-your-name = Votre nom ou numéro
screen-stop-effect = Il sonne partout chez { $party } jusqu’à leur réponse. Dites où, ou à propos de quelle inscription.
screen-stop-answer = Arrêtez maintenant, puis répondez. Un accusé ou une réponse libre ne répond à rien.

## Touches

label-key-line = Ouvrir la ligne à cette place
label-key-board = Quitter la ligne
label-key-needs = Ouvrir le premier qui a besoin de vous
label-key-accept = Accepter le message choisi
label-key-reply = Répondre au message choisi
label-key-call = Appeler sur la ligne ouverte, ou répondre à ce qui sonne
label-key-stop = Lancer STOP sur la ligne ouverte ; il est demandé d’abord
label-space = Espace
label-key-talk = Parler tant qu’elle est tenue
label-key-pane = Aller au volet suivant
label-key-send = Envoyer ce qui est écrit
label-key-back = Retour
label-single-letters = Les lettres seules et Espace sont des touches

## Entrer

label-sign-in = Entrer
label-sign-in-passkey = Entrer avec votre clé d’accès
label-register = Enregistrer une clé d’accès
label-invitation = Invitation
label-make-passkey = Créer la clé d’accès
screen-sign-in = Ce que vous faites ici entre au registre sous le nom de votre poste.
screen-no-way-in = Personne ne peut encore entrer à ce nœud. Demandez une invitation au technicien.
screen-register = Tapez l’invitation que le technicien vous a donnée. Votre navigateur demande alors votre clé.
screen-node-silent = Le nœud ne répond pas. Rien n’est fait. Attendez, puis pressez encore.
screen-passkey-not-used = Aucune clé d’accès n’a servi. Rien n’est fait. Essayez encore, ou demandez au technicien.

## Signatures personnelles

label-sign = Signer avec votre clé d’accès
label-sign-later = Plus tard
label-sign-title = Signer en personne
screen-sign-declined = La clé d’accès n’a rien signé. L’entrée reste telle quelle, sans signature personnelle.
screen-sign-effect = L’entrée est partie. Votre signature suit : l’autre partie voit votre pseudonyme.
