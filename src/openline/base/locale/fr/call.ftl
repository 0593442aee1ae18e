### Les appels sur la ligne téléphonique ouverte.

call-unknown = { $entry } n’est pas un appel sur la ligne { $line }. Consultez les appels de la ligne et désignez-en un.
call-under-way = Un appel est en cours sur la ligne { $line } : { $entry }. Prenez-y part, ou quittez-le avant de sonner de nouveau.
call-step-not-possible = « { $step } » n’est pas possible dans l’appel { $entry } : notre côté est { $state }, ou l’appel est terminé. Consultez l’appel de nouveau.
fault-step-not-possible = Ce côté était { $state } dans l’appel ; { $step } ne peut pas suivre. Rien ne change. Demandez à l’autre partie où elle en est.
