"""Maps drawn by matplotlib: a page in points, frames of the earth, layers, and one layout."""
