"""What helps to work on this repository. Nothing here ships."""
