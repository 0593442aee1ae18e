"""The door of a node: HTTP on a Unix socket and on loopback. It parses, checks sizes and asks; it decides nothing."""
