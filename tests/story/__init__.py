"""The product as stories, to be read first: what happens to a line, from outside, and what its record then tells."""
