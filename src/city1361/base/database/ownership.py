"""Verbs that need more than the application may: they start Django as the owner of the tables."""

from __future__ import annotations

import os


def as_owner() -> None:
    """Set Django up with DATABASE_OWNER_URL. For a verb that is loaded before Django is."""
    os.environ["CITY1361_DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    import django

    django.setup()
