### What commands say besides their result: before something that cannot be taken back, and after it.

effect-emcon = Ceci annonce à l’autre partie de la ligne { $line } que nous recevons mais ne pouvons pas répondre.
effect-flash = Ceci envoie un FLASH sur la ligne { $line }. Il sonne à tous les postes de l’autre partie.
effect-flash-reply = Ceci répond à { $entry } par un FLASH. Il sonne à tous les postes de l’autre partie.
effect-suspended = Ceci suspend la ligne { $line }. Seuls passent FLASH, essais et messages de service jusqu’à la reprise.
effect-withdraw = Ceci annule { $entry } pour les deux parties, sans retour possible. Le texte reste au registre.
ask-name = Tapez { $name } pour continuer
ask-digits = Tapez les 30 chiffres que { $party } vous lit
ask-passphrase = Phrase secrète de la clé racine

told-answer-by = Répondre avant { $time }.
told-events-broke-off = Le nœud ne répond plus. Nouvel essai en cours ; rien n’est perdu.
told-interrupted = Interrompu. Ce qui n’a pas été confirmé peut être redemandé.
told-known-party = Cette partie est déjà connue ici. De nouvelles clés ne comptent qu’après comparaison des chiffres.
told-more = Des entrées plus anciennes suivent peut-être. Ajoutez --before { $before } pour les voir.
told-move-root = Retirez maintenant { $file } de cette machine. Il ne sert qu’à signer une nouvelle carte.
told-not-reached = { $entries } est dans notre journal. Ce que vous attendez n’est pas venu en { $seconds } s. Il reste en file.
told-pair-file = Le fichier dit : { $party }, { $names }. Adresses : { $endpoints }.
told-pair-next = Ensuite : donnez à l’autre partie le fichier de openline card export, et appariez-vous avec le sien.
told-pair-nowhere = aucune, elle nous appelle
told-pair-read = Appelez-les sur une ligne sûre. Lisez-leur NOS chiffres :
told-reached = Atteint après { $took } ms : { $stage }.
told-restored = Démarrez le nœud. Il n’écrit rien de nouveau avant que l’autre partie ait dit ce qu’elle a de notre journal.
told-wrote = { $file } est écrit.
told-write-text = Écrivez le texte. Ctrl-D sur une ligne vide le termine, Ctrl-C n’envoie rien.

## Dossiers de litige

pack-empty = Rien de { $line } n’entre dans un tel dossier. Choisissez une autre période ou entrée.
pack-too-large = Un dossier de litige a au plus { $limit } entrées. Choisissez une période plus courte, ou exportez la ligne.
pack-scope-wrong = Un dossier est d’une période ou porte sur des entrées. Donnez --from et --to, ou --about ou --call.
pack-period-wrong = La période de { $since } à { $until } n’a pas de durée. Donnez une fin après son début.
packs-of-two-lines = Un dossier est de { $line }, l’autre de { $other }, ou d’autres parties. Comparez des dossiers d’une même ligne.

## Conservations légales et durées de garde

hold-scope-wrong = Une conservation porte sur toute la ligne, une période ou des entrées : une seule de ces choses. Dites laquelle.
hold-entries-too-many = Une conservation nomme au plus { $limit } entrées. Placez-en plusieurs, ou une sur une période.
hold-unknown = { $entry } sur { $line } n’est pas une conservation. Regardez avec : openline hold list.
hold-of-the-other-side = La conservation { $entry } a été placée par l’autre côté. Seul l’autre côté peut la lever.
hold-lifted-already = La conservation { $entry } est déjà levée.
authority-missing = Une conservation demande l’autorité sur laquelle elle repose. Dites sur l’ordre de qui.
retention-kind-kept = Dans { $file }, la classe de garde { $name } a le genre { $kind }, qui n’est jamais effacé : le registre a besoin de ses mots. Retirez-le.
blob-erased = La pièce jointe { $digest } a été effacée ici selon une classe de garde et n’est plus reprise. Envoyez-la sous une autre forme.
