"""The record and its attachments made durable: SQLite for a node, memory for tests and simulation."""
