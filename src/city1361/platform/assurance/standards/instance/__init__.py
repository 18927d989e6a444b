"""The instance folder: read, checked as a whole, and loaded in one transaction."""
