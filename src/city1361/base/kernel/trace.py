"""The trace of what this thread or task is doing: it joins an answer, its logs, its jobs and its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[str] = ContextVar("trace", default="")


def current() -> str:
    """32 hexadecimal digits, or nothing outside of any request, job or reaction."""
    return _current.get()


@contextmanager
def within(trace: str) -> Iterator[None]:
    """What runs inside belongs to `trace`."""
    token = _current.set(trace)
    try:
        yield
    finally:
        _current.reset(token)
