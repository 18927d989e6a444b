"""Migrations of command."""
