"""A kind that no release has, as somebody would add it: one source file, its vector, its page, its sentences."""
