"""Organisations and their posts: who works for the city, by line and by area."""
