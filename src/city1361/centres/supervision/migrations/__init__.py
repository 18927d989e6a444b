"""Migrations of supervision."""
