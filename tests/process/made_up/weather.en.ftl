
fault-weather-unchanged = This entry says of { $place } what its author had said before. It changes nothing. Ask its author.
weather-unchanged = You have said this of { $place } already. Nothing is written. Say it when it changes.
