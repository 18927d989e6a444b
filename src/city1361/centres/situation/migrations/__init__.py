"""Migrations of situation."""
