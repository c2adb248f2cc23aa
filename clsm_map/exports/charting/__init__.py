"""What redraws a plotly figure with matplotlib: words, scales, marks, what lies over them."""
