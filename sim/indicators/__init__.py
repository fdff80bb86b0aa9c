"""What is measured: one file for each family of indicators, one function for each row of the catalogue."""
