"""Cells of an exported list that no spreadsheet takes for a formula. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

BOM = "\ufeff"
# What spreadsheets take for the beginning of a formula, also in full width; tab and return may hide one behind them.
BEGINNINGS = "=+-@\t\r\n＝＋－＠"
Cell = str | int | None


def harmless(value: Cell) -> Cell:
    """Text that a spreadsheet shows as it is: what would begin a formula gets an apostrophe before it."""
    if not isinstance(value, str):
        return value
    text = "".join(mark for mark in value.replace("\x00", "") if mark in "\t\n\r" or ord(mark) >= 32)
    if text.lstrip(" \u3000\xa0")[:1] and text.lstrip(" \u3000\xa0")[0] in BEGINNINGS:
        return "'" + text
    return text


def csv_lines(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The rows as RFC 4180, the first with a byte order mark so that Excel reads UTF-8."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    mark = BOM
    for row in rows:
        writer.writerow(["" if cell is None else harmless(cell) for cell in row])
        yield mark + buffer.getvalue()
        mark = ""
        buffer.seek(0)
        buffer.truncate()


def moment(at: datetime | None) -> str:
    """A moment of the city as spreadsheets sort it."""
    return at.strftime("%Y-%m-%d %H:%M") if at else ""
