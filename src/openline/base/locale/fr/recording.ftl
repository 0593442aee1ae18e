# Enregistrements des appels.

fault-recording-wrong = Cette entrée sur un enregistrement se contredit, ou nomme un faux locuteur. Elle ne change rien. Demandez à son auteur.
recording-differs = Flux { $stream }, tronçon { $chunk } : ce que { $listener } a enregistré n’est pas ce que { $party } a signé comme émis.
recording-disk-failed = Impossible d’écrire sur le disque des enregistrements.
recording-disk-full = Il reste trop peu de place sur le disque pour enregistrer ; le registre en a besoin.
recording-disk-slow = Le disque des enregistrements est trop lent.
recording-export-needs-voice = Ce nœud n’a pas PyAV, qui fait les fichiers son. Installez openline avec sa partie voix, puis exportez à nouveau.
recording-file-wrong = { $file } n’est pas ce qui a été enregistré : il a changé après la signature du registre. Restaurez-le, ou dites-le en le montrant.
recording-files-gone = Aucun fichier de cet enregistrement n’est dans { $folder }. Restaurez ce dossier, ou demandez son enregistrement à l’autre partie.
recording-files-missing = { $count ->
    [one] Un fichier de notre enregistrement n’est pas ici ; ses empreintes sont au registre.
   *[other] { $count } fichiers de notre enregistrement ne sont pas ici ; leurs empreintes sont au registre.
}
recording-not-on-record = { $file } n’est pas au registre : le nœud s’est arrêté avant. Rien n’en répond.
recording-not-signed = Flux { $stream }, tronçon { $chunk } : { $party } n’a pas signé ce que { $listener } en a enregistré.
recording-stream-unknown = { $entry } a { $limit } flux enregistrés. Voyez leurs numéros avec `openline recording show`.
recording-too-many-parts = L’autre partie a émis sa voix en trop de morceaux pour être enregistrée.
