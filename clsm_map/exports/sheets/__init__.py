"""Sheets of territories and devices: their map, as PDF, as Word, and many at once."""
