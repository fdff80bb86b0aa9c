"""The cheapest mix of doses that reaches chosen targets with a wanted probability under a budget."""
