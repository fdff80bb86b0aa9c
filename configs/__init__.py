"""Scenarios, usual doses, populations and machines as YAML: only what differs from the catalogue."""
