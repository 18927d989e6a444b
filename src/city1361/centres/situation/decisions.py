"""What a figure is worked out as, from the counts: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fraction:
    """A rate with what stands above and below the line, without and with what was left out of it.

    numerator_before: what comes to the numerator (or, negative, goes from it) when nothing is left out.
    """

    numerator: int
    denominator: int
    left_out: int = 0
    numerator_before: int = 0

    @property
    def percent(self) -> float | None:
        """In per cent, to a hundredth; None where nothing is below the line."""
        return round(100 * self.numerator / self.denominator, 2) if self.denominator else None

    @property
    def percent_before(self) -> float | None:
        """The same with what was left out counted in."""
        whole = self.denominator + self.left_out
        return round(100 * (self.numerator + self.numerator_before) / whole, 2) if whole else None

    @property
    def differs_before(self) -> bool:
        """Whether anything was left out or counted otherwise."""
        return bool(self.left_out or self.numerator_before)


@dataclass(frozen=True, slots=True)
class Formula:
    """Names of counts: above and below the line, left out below it; what is added above and taken off before that.

    Without `below` it is a plain number.
    """

    above: tuple[str, ...]
    below: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    above_before: tuple[str, ...] = ()
    taken_before: tuple[str, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Every count it needs."""
        return frozenset((*self.above, *self.below, *self.left_out, *self.above_before, *self.taken_before))

    @property
    def is_rate(self) -> bool:
        return bool(self.below)


def total(names: tuple[str, ...], counts: Mapping[str, int]) -> int:
    """The sum of some counts; one that is not there is none."""
    return sum(counts.get(name, 0) for name in names)


def worked_out(formula: Formula, counts: Mapping[str, int]) -> Fraction:
    """The formula with these counts."""
    return Fraction(
        total(formula.above, counts),
        total(formula.below, counts),
        total(formula.left_out, counts),
        total(formula.above_before, counts) - total(formula.taken_before, counts),
    )
