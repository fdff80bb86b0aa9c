"""The dashboard: a page in the browser for planners, with a gate in front and warm workers behind it."""
