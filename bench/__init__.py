"""`make bench`: speed and bytes, as ratios to floors measured in the same run."""
