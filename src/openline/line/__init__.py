"""What an entry means: kinds, the book they are folded into, who is late, why it is silent. Never asks the link."""
