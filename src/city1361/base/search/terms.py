"""Limits of the search index, and what a query becomes."""

from __future__ import annotations

from dataclasses import dataclass

# A document longer than this is cut: a search finds nothing behind it.
LONGEST_TEXT = 20_000
LONGEST_QUERY = 100
MOST_TERMS = 8


@dataclass(frozen=True, slots=True)
class Query:
    """A query made ready: every one of `needles` must stand in the text; `expression` narrows by the index.

    expression is a `tsquery` in text form. It may let a few rows too many through, never one too few.
    """

    needles: tuple[str, ...]
    expression: str
