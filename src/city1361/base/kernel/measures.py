"""What modules tell of themselves when they are scraped: numbers read at that moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measure:
    """One number. name: `city1361_` + what + unit, as Prometheus wants it; says: one English sentence."""

    name: str
    says: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


_readers: dict[str, Callable[[], Iterable[Measure]]] = {}


def register_measures(name: str, read: Callable[[], Iterable[Measure]]) -> None:
    """Declare what a module measures. `read` runs in a transaction with every row in scope, at every scrape."""
    _readers[name] = read


def readers() -> dict[str, Callable[[], Iterable[Measure]]]:
    return dict(sorted(_readers.items()))
