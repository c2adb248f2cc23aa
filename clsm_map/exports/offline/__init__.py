"""A map in one file that opens without a network."""
