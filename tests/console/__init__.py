"""The console: asked without a network where that is enough, over a Unix socket where it is not."""
