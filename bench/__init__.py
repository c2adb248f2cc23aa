"""Measurements and pictures of the running application."""
