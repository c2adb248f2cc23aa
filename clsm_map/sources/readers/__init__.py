"""One reader per format: bytes or a path in, a tidy frame of strings or numbers out."""
