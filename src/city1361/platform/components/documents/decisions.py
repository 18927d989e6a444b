"""Where a line of Chinese text breaks: pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What may not begin a line, what may not end one, and runs that stay together.
CLOSING = "，。、；：？！）》」』】〉”’％…—"
OPENING = "（《「『【〈“‘"
_ATOMS = re.compile(rf"[{OPENING}]*(?:[0-9A-Za-z][0-9A-Za-z.,:/%+\-]*|.)[{CLOSING}]*", re.DOTALL)


def atoms(text: str) -> Iterator[str]:
    """Pieces no line may cut: a character with the punctuation that belongs to it, a number with its unit sign."""
    yield from (found.group() for found in _ATOMS.finditer(text))


def lines(text: str, width: Callable[[str], float], most: float, first: float = 0.0) -> list[str]:
    """The text in lines no wider than `most`, the first one shorter by `first`. A piece wider than that is cut."""
    made, room = [""], most - first
    for atom in atoms(text):
        for piece in (atom,) if width(atom) <= most else atom:
            if made[-1] and width(made[-1] + piece) > room + 0.01:
                made.append("")
                room = most
            made[-1] += piece
    return made
