"""Titles that the catalogue's tables cannot hold: these are part of every run's identity, so words change elsewhere."""
