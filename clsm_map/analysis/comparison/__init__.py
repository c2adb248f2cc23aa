"""One territory beside others: references, values, profile, and what lies within it."""
