"""What each export holds: one module by thing exported."""
