"""Who speaks: keys and their names, the card a party is introduced by, and whom we accept since when."""
