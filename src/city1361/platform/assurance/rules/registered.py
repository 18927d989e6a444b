"""What modules above say of matters, which rules lie below: their clocks, their types, and how to count them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from city1361.platform.assurance.rules.values import TOTAL, Library


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would have meant for the matters of a period. sampled: only the newest were looked at."""

    since: str
    until: str
    matters: int
    other_limits: int
    other_levels: int
    overdue_before: int
    overdue_after: int
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the counter: before and after, for matters reported in a district (None: the city) in a period."""

    before: Library
    after: Library
    district: UUID | None
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class MatterWords:
    """What the owner of matters tells: labels of the clocks, names of the types by code, and the counter."""

    stages: Mapping[str, str] = field(default_factory=dict)
    urgencies: Mapping[str, str] = field(default_factory=dict)
    types: Callable[[], Mapping[str, str]] = dict
    count: Callable[[Asked], Preview] | None = None


_words = MatterWords()


def register_matters(words: MatterWords) -> None:
    """Called once by the owner of matters when the applications start."""
    global _words
    _words = words


def matter_words() -> MatterWords:
    return _words


def clock_codes() -> tuple[str, ...]:
    """The clocks that must have a general limit; none while nobody has told."""
    return (TOTAL, *_words.stages) if _words.stages else ()
