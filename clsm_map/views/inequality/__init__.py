"""Inequality, angle by angle."""
