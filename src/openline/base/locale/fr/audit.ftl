### Ce qu'un contrôle trouve dans un registre exporté : ce qui est faux, et ce qui manque.

## Le fichier lui-même

bundle-no-key = Le registre ne peut pas être exporté : la clé de { $name } n’est pas ici. Demandez sa carte à cette partie.
bundle-too-large = Le registre ne peut pas être exporté : il aurait plus de { $limit } fichiers. Exportez-le sans pièces jointes.
bundle-unreadable = Ce fichier n’est pas l’export d’un registre ({ $detail }). Rien n’a pu être vérifié. Demandez de nouveau le fichier.
audit-file-damaged = Le fichier { $name } de l’export est abîmé : sa somme de contrôle est fausse. Demandez de nouveau l’export.
audit-file-missing = Le fichier { $name } devrait être dans l’export et n’y est pas. Demandez l’export complet.
audit-file-stray = Le fichier { $name } n’a pas sa place dans un export. Quelqu’un l’a ajouté. Demandez d’où vient l’export.
audit-file-wrong = Le fichier { $name } de l’export est faux ({ $detail }). Demandez de nouveau l’export et gardez les deux.
audit-evidence = L’exporteur garde la preuve d’une faute ({ $fault }) sur { $log } depuis { $time }. Lisez le fichier { $name }.

## Qui sont les parties

audit-root-not-given = Aucun chiffre n’a été donné pour { $party }. L’export montre { $fingerprint }. Demandez à { $party } de lire les siens et comparez.
audit-root-differs = La racine de { $party } est fausse : vous avez donné { $given }, l’export montre { $fingerprint }. Ne vous y fiez pas.
audit-root-unused = Des chiffres ont été donnés pour { $party }, qui n’est pas membre de cette ligne. Ils n’ont pas servi.
audit-identity-missing = L’export ne contient aucune carte de { $party }. Ses signatures ne peuvent pas être vérifiées. Demandez l’export complet.
audit-identity-wrong = La carte de { $party } dans { $name } est fausse ({ $detail }). Ne vous fiez pas à ses signatures.
audit-identity-broken = Les cartes de { $party } ne s’enchaînent pas ({ $detail }). Ne vous fiez pas à sa racine la plus récente { $fingerprint }.

## Ce qui a été signé

audit-checkpoint-wrong = Le dernier point de contrôle de { $log } est faux ({ $detail }). Rien ne montre que { $log } a signé ces entrées.
audit-checkpoints-missing = Les points de contrôle de { $log } après { $size } entrées manquent. Demandez l’export complet.
audit-entries-changed = { $count ->
    [one] L’entrée { $entry } n’est
   *[other] Une ou plusieurs des entrées { $entry } à { $last } ne sont
 } pas ce qui a été signé. Comparez avec la copie de l’autre partie.
audit-entries-missing = { $count ->
    [one] L’entrée { $entry } manque
   *[other] Les entrées { $entry } à { $last } manquent
 }. Demandez l’export complet.
audit-entry-changed = { $count ->
    [one] L’entrée { $entry } n’est
   *[other] Les entrées { $entry } à { $last } ne sont
 } pas ce qui a été signé. Comparez avec la copie de l’autre partie.
audit-entry-unreadable = L’entrée { $entry } a été signée et est illisible ({ $detail }). Demandez à son auteur ce qu’elle dit.
audit-log-forked = { $log } a signé deux histoires : le point de contrôle à { $size } entrées ne va pas avec ce registre. Gardez l’export comme preuve.
audit-policy-differs = Le fichier de règles de { $log } ({ $name }) n’est pas celui que donnent ses clés. Ne vous en servez pas.
audit-signature-wrong = La signature de { $log } à { $size } entrées est fausse.
audit-signature-unknown = Une signature sous { $log } est de { $name }, dont la clé est inconnue ici. Elle n’a pas compté.
audit-seal-wrong = Le sceau de { $name } sur { $log } à { $size } entrées est faux.
audit-seals-missing = Des sceaux de { $log } manquent : ils ne couvrent que { $size } entrées. Les autres signatures tiennent. Demandez un export plus récent.
audit-receipt-wrong = Un accusé pour { $log } à { $size } entrées ({ $party }) est faux. Il n’a pas compté.
audit-receipt-missing = { $party } n’a pas accusé réception { $count ->
    [one] de l’entrée { $entry }
   *[other] des entrées { $entry } à { $last }
 }. Rien ne prouve qu’elle les avait.
audit-receipt-backwards = L’horloge de { $party } a reculé : son accusé pour { $log } à { $size } entrées est antérieur au précédent.

## Ce que disent les entrées

audit-body-changed = Le texte de { $entry } n’est pas ce qui a été signé. Comparez avec la copie de l’autre partie.
audit-attachment-changed = La pièce jointe { $name } de { $entry } n’est pas ce qui a été signé. Comparez avec la copie de l’autre partie.
audit-seen-differs = { $entry } dit que son auteur avait { $size } entrées de { $other } ; c’étaient d’autres que celles-ci.
audit-seen-missing = { $entry } dit que son auteur avait { $size } entrées de { $other } ; l’export en a moins. Demandez l’export complet.
audit-ref-differs = { $entry } cite { $other } avec un autre contenu qu’ici.
audit-ref-missing = { $entry } cite { $other }, qui n’est pas dans l’export. Demandez l’export complet.
audit-names-elsewhere = { $entry } cite { $other }, qui n’est pas de cette ligne. Cela n’a pas été vérifié.

## Quand

audit-time-backwards = { $entry } est datée { $time }, avant celle qui la précède ({ $bound }). L’horloge de l’auteur était fausse.
audit-time-too-early = { $entry } est datée { $time } ; les signatures montrent qu’elle a été écrite après { $bound }. L’horloge de l’auteur retardait.
audit-time-too-late = { $entry } est datée { $time } ; les signatures montrent qu’elle a été écrite avant { $bound }. L’horloge de l’auteur avançait.

## Signatures personnelles

audit-officer-wrong = L’entrée { $entry } n’inscrit ni ne change aucun officier. Elle est sans effet.
audit-signature-personal-wrong = L’entrée { $entry } n’est pas une signature personnelle de { $signed } : { $reason }. Elle est sans effet.

## Un dossier de litige

audit-pack-unproven = La preuve de { $log } ({ $name }) ne mène pas au point de contrôle signé. Rien ne montre que ces entrées s’y trouvent.
audit-pack-proof-wrong = La preuve, dans { $name }, que { $log } à { $size } entrées appartient à ce registre est fausse. Ce qu’elle dit des heures n’a pas été compté.
audit-pack-about-missing = Le dossier porte sur { $entry } et ne l’a pas. Redemandez le dossier.
audit-pack-gap = { $count ->
    [one] { $entry } fait partie de la période
   *[other] De { $entry } à { $last }, tout n’est pas là
} selon le dossier. Il a un trou. Redemandez le dossier.
audit-pack-neighbour-inside = { $entry } est datée dans la période et se trouve en dehors dans le dossier. Demandez un dossier de toute la période.
audit-pack-open-end = La période continue après la dernière entrée de { $log } ({ $size } entrées, reçues à { $receipted }). Ce qui est venu ensuite avant { $until } n’est pas dans ce dossier.
audit-body-redacted = { $count ->
    [one] Le texte de { $entry } est retenu
   *[other] Les textes de { $entry } à { $last } sont retenus
} par l’exportateur. Chaque empreinte est dans l’en-tête signé.
audit-body-not-held = { $count ->
    [one] Le texte de { $entry } n’est pas détenu
   *[other] Les textes de { $entry } à { $last } ne sont pas détenus
} par l’exportateur. Chaque empreinte est dans l’en-tête signé. Demandez à l’autre partie.
audit-body-missing = Le texte de { $entry } n’est pas là et le dossier ne dit pas pourquoi. Redemandez le dossier.
audit-body-not-withheld = Le dossier dit que le texte de { $entry } est retenu ; il est là, et c’est celui qui a été signé.
audit-page-differs = La page du dossier (README.txt) dit autre chose que ses entrées. N’utilisez pas la page ; lisez les entrées.
audit-page-unknown = La page du dossier (README.txt) a été écrite par une autre version du programme. Elle n’a pas été comparée. Lisez les entrées.
