"""What happens in a quarter: one file for each mechanism."""
