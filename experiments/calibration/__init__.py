"""Fits parameters to what was observed from 2011 to 2017: targets, priors, distance, ABC-SMC, and the draws it left."""
