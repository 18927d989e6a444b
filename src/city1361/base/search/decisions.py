"""How text becomes index entries: pieces of two characters, whatever the script, found without a dictionary.

Folding works character by character, so the folded form of a part is a part of the folded whole: any piece of
a text finds that text again.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

from city1361.base.kernel.errors import Invalid
from city1361.base.search.terms import LONGEST_QUERY, LONGEST_TEXT, MOST_TERMS, Query

_LONG_PIECE = 4


class _Folding(dict[int, str]):
    """A translation table filled as characters are met: width, case and accents go, everything else is a gap."""

    def __missing__(self, code: int) -> str:
        spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        kept = (piece if piece.isalnum() else " " for piece in spread if not unicodedata.combining(piece))
        self[code] = folded = "".join(kept)
        return folded


_folding = _Folding()


def fold(text: str) -> str:
    """`text` as it is compared: full width to half, upper case to lower, accents off, signs to spaces."""
    return text.translate(_folding)


def runs(text: str) -> tuple[str, ...]:
    """The unbroken stretches of letters, digits and Chinese characters of `text`, folded."""
    return tuple(fold(text).split())


def content(text: str) -> str:
    """What the index keeps of `text` to compare a query's pieces with, in order."""
    return " ".join(runs(text[:LONGEST_TEXT]))


def bigrams(text: str) -> tuple[str, ...]:
    """The index entries of `text`, sorted, each once.

    Of each run: every two neighbours, its last character alone (so that one character is found as the beginning
    of an entry), and within Latin letters and digits also every four, because two digits tell little apart.
    """
    return tuple(sorted({piece for run in runs(text[:LONGEST_TEXT]) for piece in _pieces(run)}))


def query(text: str) -> Query | None:
    """`text` as a query: its terms, split at spaces and signs, must all occur. None when it has no letter or digit.

    Raises Invalid for a query too long or of too many terms.
    """
    if len(text) > LONGEST_QUERY:
        raise _too_long()
    needles = tuple(dict.fromkeys(runs(text)))
    if not needles:
        return None
    if len(needles) > MOST_TERMS:
        raise _too_long()
    pieces = dict.fromkeys(piece for needle in needles for piece in _needed(needle))
    return Query(needles, " & ".join(pieces))


def _pieces(run: str) -> set[str]:
    pairs = {run[at : at + 2] for at in range(len(run) - 1)}
    fours = {run[at : at + _LONG_PIECE] for at in range(len(run) - _LONG_PIECE + 1)}
    return pairs | {run[-1]} | {four for four in fours if four.isascii()}


def _needed(needle: str) -> list[str]:
    """The entries a text must have to contain `needle`: long pieces where they exist, pairs elsewhere."""
    if len(needle) == 1:
        return [f"'{needle}':*"]
    fours = [at for at in range(len(needle) - _LONG_PIECE + 1) if needle[at : at + _LONG_PIECE].isascii()]
    covered = {at + step for at in fours for step in range(_LONG_PIECE - 1)}
    pairs = [at for at, _ in enumerate(pairwise(needle)) if at not in covered]
    spans = [(at, _LONG_PIECE) for at in fours] + [(at, 2) for at in pairs]
    return [f"'{needle[at : at + length]}'" for at, length in sorted(spans)]


def _too_long() -> Invalid:
    return Invalid(
        "search_too_long",
        "检索词过长：最多 {characters} 个字、{terms} 个词",
        remedy="请减少检索词",
        params={"characters": LONGEST_QUERY, "terms": MOST_TERMS},
    )
