"""What the model is good for: small tables of fit, facts, responses and sensitivities, each with what made it."""
