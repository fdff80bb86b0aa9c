"""What data like those of 2011-2017 can tell: known parameters recovered from synthetic data, profiles, silences."""
