
fault-weather-unchanged = Cette entrée dit de { $place } ce que son auteur avait déjà dit. Elle ne change rien. Demandez à son auteur.
weather-unchanged = Vous avez déjà dit cela de { $place }. Rien n’est écrit. Dites-le quand cela change.
