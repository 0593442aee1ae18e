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

## Écrire

label-write = Écrire un message
label-message-on = Message sur { $line }
label-precedence = Urgence
label-words = { $count ->
    [one] un mot
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

## Touches

label-key-line = Ouvrir la ligne à cette place
label-key-board = Quitter la ligne
label-key-needs = Ouvrir le premier qui a besoin de vous
label-key-accept = Accepter le message choisi
label-key-reply = Répondre au message choisi
label-key-pane = Aller au volet suivant
label-key-send = Envoyer ce qui est écrit
label-key-back = Retour
label-single-letters = Les lettres seules sont des touches

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
