"""The tests of openline. `tests/story` tells the product; the rest mirrors `src/openline`."""
