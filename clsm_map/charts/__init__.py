"""Plotly figures: a frame in, a figure out."""
