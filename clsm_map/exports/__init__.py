"""Tables, GIS files, sheets and pictures that leave the application."""
