"""What the measurements claim, as far as it can be asserted on any machine: counts, not times."""
