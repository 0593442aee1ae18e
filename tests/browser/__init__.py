"""The console in a real browser, over two real nodes."""
