"""The typeface of printed documents: just the characters a document needs, drawn from the parts the build has fetched.

Noto Serif SC (OFL) stands in for 仿宋 and 小标宋, for which no package with an open licence exists. It comes as a hundred
parts of one variable typeface; a small TrueType file is made of what is asked for.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from city1361.base.kernel.errors import Unavailable
from city1361.base.ui import api as ui

REGULAR, BOLD = 400, 700
MISSING = "〓"
EXTRA = MISSING + "□ "
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Cut:
    """A typeface of some characters. missing: those it has no shape for."""

    data: bytes
    missing: frozenset[str]


def cut(wanted: dict[int, str], progress: Progress = lambda done, total: None) -> dict[int, Cut]:
    """For each weight a typeface with these characters. Raises Unavailable where the front end was never built."""
    folder = ui.typeface_folder()
    if folder is None:
        raise Unavailable("no_typeface", "没有排版字体", remedy="请重新安装系统，安装时不要跳过前端构建")
    characters = {ord(one) for text in wanted.values() for one in text + EXTRA}
    parts = {name for one in characters for name in _holders(folder, one)}
    drawn: dict[int, dict[int, Any]] = {weight: {} for weight in wanted}
    for place, name in enumerate(sorted(parts)):
        with TTFont(folder / name) as font:
            for weight, text in wanted.items():
                drawn[weight].update(_shapes(font, {ord(one) for one in text + EXTRA}, weight))
        progress(place + 1, len(parts))
    return {weight: Cut(_built(shapes, weight), _missing(wanted[weight], shapes)) for weight, shapes in drawn.items()}


def _missing(text: str, shapes: dict[int, Any]) -> frozenset[str]:
    return frozenset(one for one in text if ord(one) not in shapes)


def _shapes(font: TTFont, characters: set[int], weight: int) -> Iterator[tuple[int, tuple[Any, int]]]:
    """Character, shape and width of those that this part holds, at a weight."""
    stands = font.getBestCmap()
    glyphs = font.getGlyphSet(location={"wght": weight})
    for one in characters & stands.keys():
        glyph, pen, outline = glyphs[stands[one]], TTGlyphPen(None), DecomposingRecordingPen(glyphs)
        glyph.draw(outline)
        outline.replay(pen)
        shape = pen.glyph()
        shape.recalcBounds(None)
        yield one, (shape, round(glyph.width))


def _built(shapes: dict[int, tuple[Any, int]], weight: int) -> bytes:
    names = {one: f"u{one:05X}" for one in sorted(shapes)}
    empty = TTGlyphPen(None).glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({one: name for one, name in names.items() if one < 0x10000})
    builder.setupGlyf({".notdef": empty, **{names[one]: shape for one, (shape, _) in shapes.items()}})
    metrics = {names[one]: (width, getattr(shape, "xMin", 0)) for one, (shape, width) in shapes.items()}
    builder.setupHorizontalMetrics({".notdef": (1000, 0), **metrics})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable(
        {"familyName": f"City Serif {weight}", "styleName": "Regular", "psName": f"CitySerif-{weight}"}
    )
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    builder.font.recalcTimestamp = False
    builder.updateHead(created=0, modified=0)
    target = io.BytesIO()
    builder.save(target)
    return target.getvalue()


def _holders(folder: Path, character: int) -> list[str]:
    """The parts that hold a character."""
    return [name for first, last, name in _ranges(folder) if first <= character <= last]


@lru_cache(maxsize=2)
def _ranges(folder: Path) -> list[tuple[int, int, str]]:
    found = []
    for name, ranges in json.loads((folder / "parts.json").read_text("utf-8")).items():
        for one in ranges.split(","):
            first, _, last = one.strip().removeprefix("U+").partition("-")
            found.append((int(first, 16), int(last or first, 16), name))
    return found
