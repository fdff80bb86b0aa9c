"""Judges the model against what was observed: the fit, an inner test, and observations that a user brings later."""
