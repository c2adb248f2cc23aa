"""Pure functions on frames: they read no file and draw nothing."""
