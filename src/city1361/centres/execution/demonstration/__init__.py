"""Synthetic matters of a demonstration."""
