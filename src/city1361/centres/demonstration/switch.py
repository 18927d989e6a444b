"""Whether the day plays by itself: a setting of the installation, and a mark in its data folder that stops it meanwhile."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from city1361 import configuration

SETTING = "CITY1361_DAY"
MARK = "demonstration-day-stopped"


def _mark() -> Path:
    return Path(settings.DATA) / MARK


def wanted() -> bool:
    """Whether this installation is a demonstration that lets its day play."""
    return bool(settings.DEMONSTRATION) and configuration.is_on(configuration.text(SETTING))


def stopped() -> bool:
    return _mark().exists()


def stop() -> None:
    """Until `start`: nothing more happens by itself."""
    _mark().touch()


def start() -> None:
    _mark().unlink(missing_ok=True)
