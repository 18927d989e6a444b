"""Steps on the terminal: what is being done, for how long, and how it went."""

from __future__ import annotations

import sys
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from city1361.running.texts import tell

TURNING = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
# Without a terminal a long step says again that it lives, so a log shows it too.
QUIET_SECONDS = 10.0


def width(text: str) -> int:
    """Columns that `text` takes: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text: str, columns: int) -> str:
    return text + " " * max(columns - width(text), 0)


def cut(text: str, columns: int) -> str:
    while text and width(text) > columns:
        text = text[:-1]
    return text


class Step:
    """The step under way; `detail` is shown beside it."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.detail = ""
        self.begun = time.monotonic()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.begun

    def line(self, mark: str) -> str:
        elapsed = f"{self.seconds:6.1f} {tell('秒')}"
        return f" {mark} {pad(tell(self.title), 34)} {elapsed}   {self.detail}".rstrip()


class Progress:
    """Prints steps: one turning line each on a terminal, plain lines elsewhere."""

    def __init__(self, out: TextIO | None = None, columns: int = 100) -> None:
        self.out = out or sys.stdout
        self.columns = columns
        self.turning = self.out.isatty()
        self._lock = threading.Lock()

    def say(self, text: str = "") -> None:
        """One line of its own."""
        with self._lock:
            self._write(f"{text}\n")

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show the step while its body runs, then how long it took and whether it went well."""
        step = Step(title)
        over = threading.Event()
        shower = threading.Thread(target=self._show, args=(step, over), daemon=True)
        shower.start()
        mark = "✗"
        try:
            yield step
            mark = "✓"
        finally:
            over.set()
            shower.join()
            self.say(("\r\x1b[K" if self.turning else "") + step.line(mark))

    def _show(self, step: Step, over: threading.Event) -> None:
        turns = 0
        while not over.wait(0.15 if self.turning else QUIET_SECONDS):
            line = step.line(TURNING[turns % len(TURNING)] if self.turning else "…")
            turns += 1
            with self._lock:
                self._write(f"\r\x1b[K{cut(line, self.columns)}" if self.turning else f"{line}\n")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """`rows` as aligned lines; the first row is the heading."""
    widths = [max(width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = [
        "   " + "  ".join(pad(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return [lines[0], "   " + "  ".join("─" * size for size in widths), *lines[1:]]
