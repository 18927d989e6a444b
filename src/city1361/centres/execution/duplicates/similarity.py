"""查重: how alike two reports are, and why. Facts in, a suggestion or nothing out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from city1361.base.search.api import bigrams, fold
from city1361.centres.execution.decisions import metres_between

MOST = 5
ENOUGH = 40  # points of a hundred
OF_CATEGORY = 0.2  # so much of the words must agree where only the category does
SHORTEST_WORD = 2
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Near:
    """How far and how long ago the same may have been reported: the rules say, this where they say nothing."""

    metres: int = 200
    days: int = 7


USUAL = Near()


@dataclass(frozen=True, slots=True)
class Said:
    """What is compared: a report being typed, or a matter that is there already."""

    matter_type: str
    category: str
    text: str
    at: datetime
    grid: UUID | None = None
    lon: float | None = None
    lat: float | None = None
    reporter: UUID | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, 0 to 100, and why. metres: None where one of the two has no coordinates (then same_grid holds)."""

    points: int
    same_type: bool
    same_grid: bool
    metres: int | None
    age: timedelta
    words: tuple[str, ...]


def likeness(new: Said, old: Said, near: Near = USUAL) -> Likeness | None:
    """How alike they are; None when type, place, time or words speak against it.

    Type or category must agree, the place must be near (without coordinates: the same grid), the age within the
    window. Words decide between what is left: near, fresh and alike in words comes first; the very same type in the
    very same place needs no common word.
    """
    same_type = new.matter_type != "" and new.matter_type == old.matter_type
    same_grid = new.grid is not None and new.grid == old.grid
    age, away, common = abs(new.at - old.at), distance(new, old), overlap(new.text, old.text)
    same_kind = same_type or (new.category != "" and new.category == old.category and common >= OF_CATEGORY)
    same_place = same_grid if away is None else away <= near.metres
    if not same_kind or not same_place or age > timedelta(days=near.days):
        return None
    close = 0.5 if away is None else 1 - away / (near.metres or 1)
    fresh = 1 - age / timedelta(days=near.days) if near.days else 1.0
    points = round(40 * common + 25 * close + 15 * fresh + (20 if same_type else 8))
    if points < ENOUGH:
        return None
    return Likeness(points, same_type, same_grid, away, age, common_words(new.text, old.text))


def distance(one: Said, other: Said) -> int | None:
    """Whole metres between the two; None where one has no coordinates."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None
    return round(metres_between(one.lon, one.lat, other.lon, other.lat))


def overlap(one: str, other: str) -> float:
    """The share of the shorter text's pieces (those of the search index) that the other holds too, 0 to 1."""
    a, b = _pieces(one), _pieces(other)
    if not a or not b:
        return 0.0
    return len(a & b) / min(len(a), len(b))


def common_words(one: str, other: str) -> tuple[str, ...]:
    """The longest stretches of `one` that stand in `other` too, for the eye: 井盖破损, 中山路12号."""
    there = fold(other)
    found: list[str] = []
    for run in fold(one).split():
        found += _stretches(run, there)
    unique = sorted(dict.fromkeys(found), key=len, reverse=True)
    kept: list[str] = []
    for word in unique:
        if not any(word in longer for longer in kept):
            kept.append(word)
    return tuple(kept[:MOST_WORDS])


def ranked(found: Iterable[tuple[Likeness, UUID]], most: int = MOST) -> Sequence[tuple[Likeness, UUID]]:
    """The most alike first; of equals the newer one."""
    return sorted(found, key=lambda pair: (-pair[0].points, pair[0].age, pair[1]))[:most]


def _pieces(text: str) -> frozenset[str]:
    return frozenset(piece for piece in bigrams(text) if len(piece) == SHORTEST_WORD)


def _stretches(run: str, there: str) -> list[str]:
    """Maximal pieces of `run`, two characters or more, that occur in `there`."""
    found, at = [], 0
    while at < len(run) - 1:
        end = at
        while end < len(run) and run[at : end + 1] in there:
            end += 1
        if end - at >= SHORTEST_WORD:
            found.append(run[at:end])
        at = max(at + 1, end)
    return found
