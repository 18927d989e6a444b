"""The one clock. Everything that needs the time asks here, so a test can stop it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_frozen: datetime | None = None


def now() -> datetime:
    """The current moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Stop the clock of this process at `at` (aware). For tests; nests, and restores on leaving."""
    global _frozen
    if at.tzinfo is None:
        raise ValueError("the clock is stopped at an aware moment only")
    before, _frozen = _frozen, at.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
