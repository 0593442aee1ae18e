"""What was said, provably: entries, logs, trees, checkpoints, receipts, bundles."""
