"""What each group of levers did to an outcome: exact Shapley values over all coalitions, under paired seeds."""
