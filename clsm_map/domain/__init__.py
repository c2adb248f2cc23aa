"""The nouns of the field: territories, devices, indicators, errors. No input or output."""
