"""Who acts: one file for each kind of agent, and the synthesis of the population at the end of 2010."""
