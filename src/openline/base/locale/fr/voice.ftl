### Le son entre deux nœuds.

voice-datagram-too-large = L’autre nœud envoie du son en un datagramme de { $size } octets ; { $limit } au plus sont permis. Il est ignoré. Prévenez les techniciens.
voice-datagram-wrong = Un datagramme de son est faux ({ $detail }). Il est ignoré et l’appel continue. Si cela dure, prévenez les techniciens des deux côtés.
voice-failed = Le processus de la voix s’arrête à cause d’un défaut ({ $where } : { $fault }). Le nœud en démarre un autre, qui poursuit les appels. Prévenez les techniciens.
voice-frame-wrong-size = Un poste donne une trame de son de { $size } octets ; de 1 à { $limit } sont possibles. Elle est ignorée. Baissez le débit du téléphone.
voice-too-many-paths = La voix utilise au plus { $limit } voies vers une partie. Celle-ci ne sert pas à la voix. Il n’y a rien à faire.
voice-too-many-seats = Un appel a { $limit } places au plus. Personne n’a été ajouté. Que quelqu’un parte d’abord.
voice-too-many-streams = L’autre nœud envoie plus de { $limit } voix à la fois. La dernière n’est pas entendue. Demandez à l’autre partie de fermer des micros.
voice-trouble = Une bibliothèque du processus de la voix se plaint ({ $error } : { $detail }). Un navigateur ou un téléphone peut perdre le son et se reconnecter. Si cela dure, prévenez les techniciens.
