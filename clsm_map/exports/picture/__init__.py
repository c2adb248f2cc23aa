"""Still pictures of a map: the same layers as on the page, drawn by matplotlib."""
