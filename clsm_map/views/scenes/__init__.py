"""What the scenes of a presentation say."""
