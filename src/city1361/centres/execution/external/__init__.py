"""Tickets of other systems, both ways, and their signed web-hooks."""
