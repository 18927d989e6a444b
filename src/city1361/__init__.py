"""city1361: an open-source operating system for a digital city."""

__version__ = "0.1.0"
