"""What every kind of agent needs and no economics: columns, column agents, draws, links, money, calendar."""
