"""What differs between runs of a scenario beside chance: parameters drawn from a fit, and paths of the drivers."""
