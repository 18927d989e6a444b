"""Code lists of the standards the city uses."""
