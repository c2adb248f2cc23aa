"""Presentations leave the application: for the player, as a PDF handout, as an offline folder."""
