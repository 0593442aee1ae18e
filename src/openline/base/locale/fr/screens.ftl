### Les écrans de la console hors du poste ; chargés avec eux. Voir console.ftl.

## La veille

label-open-items = Points ouverts
label-entry = Inscription
label-owner = Responsable
label-nobody-owns = personne
label-checks = Vérifications de ligne
label-checks-made = Vérifications faites
label-check-form = Par
label-due-at = Prévue
label-stands = État
label-called-by = Appelée par
label-after = après { $span }
label-not-answered-yet = pas encore de réponse
label-absences = Officiers sans signe
label-sign-due = signe attendu
label-check-ahead = à venir
label-check-due = À FAIRE
label-check-late = EN RETARD
label-check-missed = MANQUÉE
label-check-skipped = omise d’un commun accord
label-check-kept = faite
label-line = Ligne

## La relève

label-handover = Relève
label-hand-over = Remettre { $count } points ouverts
label-who-goes = Qui part
label-who-comes = Qui arrive
label-note = Note
label-handover-offered = PROPOSÉE
label-handover-taken = PRISE
label-handover-refused = REFUSÉE
label-handover-withdrawn = RETIRÉE
label-have-it = accepté
label-i-have-it = Je l’ai
label-take-watch = Prendre la relève
label-still-missing = { $count } pas encore acceptés
label-reason-needed = Raison
label-refuse-watch = Refuser
label-withdraw-offer = Retirer la proposition
screen-flash-unowned = Un FLASH est sans responsable. Acceptez-le d’abord.
screen-left-out = La liste n’a pas de place pour { $count } points ROUTINE.
screen-nothing-open = Rien n’est ouvert.

## Les silences et le rapport

label-silences = Silences, vérifications omises et manquées
label-since = Depuis
label-until = Jusqu’à
label-begin = Début
label-end = Fin
label-lasts = dure encore
label-stated-by = Énoncé par
label-only-stated-by = énoncé seulement par { $parties }
label-cause = Cause
label-cause-path-down = voies coupées
label-cause-node-down = nœud arrêté
label-cause-console-dark = aucune console
label-cause-rang-no-answer = sonné sans réponse
label-cause-suspended = suspendue
label-month = Mois
label-report = Ouvrir le rapport de ce mois
screen-no-silences = Ni silence ni vérification manquée dans cette période.

## Les contacts

label-parts = Parties
label-part-history = Historique
label-part-readouts = Comptes rendus
label-part-requests = Demandes et tentatives
label-part-charges = Exigences, avertissements, accusations
label-contact = Contact { $contact }
label-every-level = Tous les niveaux
label-or-higher = ou plus haut
label-party = Partie
label-every-line = Sur toutes les lignes
label-elsewhere = pas sur cette ligne
label-disputed = CONTESTÉ
label-grid = Faits par partie
label-fact = Fait
label-no-source = aucune source donnée
label-releasable-own = notre côté seulement
label-releasable-members = membres seulement
label-about = environ
label-at-least = au moins
label-agrees = confirme
label-contradicts = contredit
label-stated = ÉNONCÉ
label-agreed = CONCORDANT
label-contradicted = CONTREDIT
label-not-stated = NON ÉNONCÉ
label-fact-held = tenu
label-fact-initiative = initiative
label-fact-start = début
label-fact-duration = durée (minutes)
label-fact-level = niveau
label-fact-person = personne
label-fact-medium = moyen
label-fact-subject = sujet
label-fact-demand = exigence
label-fact-answer = réponse
label-fact-tone = ton
label-fact-outcome = issue
label-fact-follow-up = suite
label-fact-remark = remarque
label-how-own = savoir propre
label-how-said = dit
label-how-published = publié
label-how-quoted = cité
label-how-anonymous = anonyme
label-medium-not-stated = moyen non énoncé
label-medium-call = appel de cette ligne
label-medium-telephone = téléphone
label-medium-video = vidéo
label-medium-meeting = rencontre
label-medium-letter = lettre
screen-no-contacts = Aucun contact de ce choix n’est au registre.

## Les comptes rendus

label-choose-contact = Choisir un contact
label-left-readout = Gauche
label-right-readout = Droite
label-released-as = publié en position { $step }
label-embargo = Embargo jusqu’à
label-tagged = Faits marqués par les auteurs
label-same = pareil
label-differs = diffère
label-open-state = non tranché
label-only-left = à gauche seulement
label-only-right = à droite seulement
screen-no-readouts = Aucun contact de cette ligne n’a de compte rendu.
screen-no-readout = Aucun compte rendu n’est au registre ici.

## Les demandes et les tentatives

label-ask-for-call = Demander un appel
label-role = Fonction
label-answer-word = Réponse
label-answer-accept = ACCEPTER
label-answer-propose = PROPOSER
label-answer-delegate = DÉLÉGUER
label-answer-decline = DÉCLINER
label-answer-request = Répondre à la demande
label-request-accepted = ACCEPTÉE
label-request-proposed = CONTRE-PROPOSÉE
label-request-delegated = DÉLÉGUÉE
label-request-declined = DÉCLINÉE
label-request-none = AUCUNE au temps dit
label-came-late = venue en retard
label-attempts = Tentatives
label-when = Quand
label-result = Résultat
label-result-no-answer = pas de réponse
label-result-busy = occupé
label-result-refused = refusé
label-result-reached = joint
label-result-not-taken-up = entendu, sans suite
screen-no-requests = Aucune demande d’appel n’est au registre.
screen-no-attempts = Aucune tentative n’est au registre.

## Exigences, avertissements, accusations

label-demands = Exigences
label-warnings = Avertissements
label-allegations = Accusations
label-demand-meet = SATISFAIRE
label-demand-meet-in-part = SATISFAIRE EN PARTIE
label-demand-refuse = REFUSER
label-demand-note = PRENDRE NOTE
label-defence-deny = NIER
label-defence-reject = REJETER
label-defence-counter = ACCUSER EN RETOUR
label-against = Contre
label-through = Par
label-evidence = Preuves jointes
label-no-evidence = AUCUNE PREUVE PRODUITE
label-attachment = Pièce jointe
label-no-answer-yet = Pas encore de réponse. Ce n’est ni accord ni refus
label-in-words = En mots
label-answer-it = Inscrire la réponse
screen-no-demands = Aucune exigence n’est au registre.
screen-no-warnings = Aucun avertissement n’est au registre.
screen-no-allegations = Aucune accusation n’est au registre.

## La recherche

label-search-words = Mots
label-search = Chercher
label-similar = semblable
label-similar-too = Aussi les mots semblables
label-whole-text = Texte entier
screen-search-behind = L’index ne connaît pas encore les { $count } dernières inscriptions.
screen-search-nothing = Rien n’a été trouvé. Essayez moins de mots.
