"""Where new devices would reach most, and what a scenario would change."""
