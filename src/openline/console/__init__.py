"""The door of a node: HTTP on a Unix socket and on loopback. It parses, checks size, asks the desk; it decides nothing."""
