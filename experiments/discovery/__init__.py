"""How robust mixes are where numbers are not known: regret, satisficing, when a mix fails, which number to measure."""
