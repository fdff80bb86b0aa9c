"""Figures of the report: one file a kind, each a function from results to SVG text."""
