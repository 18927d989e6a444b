"""A document as PDF: 22 lines of 28 characters, each page numbered, just the characters it needs embedded."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from city1361.platform.components.documents import measures as m
from city1361.platform.components.documents import typeface
from city1361.platform.components.documents.decisions import lines
from city1361.platform.components.documents.terms import Document, Grid, Heading, Paragraph, RedHead

BODY, STRONG = "city-body", "city-strong"
_setting = threading.Lock()  # the library keeps its typefaces by name for the whole process


def write_pdf(document: Document, path: Path, progress: typeface.Progress = lambda done, total: None) -> None:
    """Write it to `path`, readable by this account alone. Raises Unavailable without a typeface."""
    strong = document.title + (document.head.text if document.head else "")
    for block in document.blocks:
        if isinstance(block, Heading):
            strong += block.text
        elif isinstance(block, Grid):
            strong += "".join(column.title for column in block.columns)
    cuts = typeface.cut({typeface.REGULAR: document.text, typeface.BOLD: strong}, progress)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)
    with _setting, _lent({BODY: cuts[typeface.REGULAR].data, STRONG: cuts[typeface.BOLD].data}):
        _Press(document, path, frozenset().union(*(one.missing for one in cuts.values()))).run()


@contextmanager
def _lent(typefaces: dict[str, bytes]) -> Iterator[None]:
    """The library knows these typefaces meanwhile. It would keep the first of a name for ever: they are taken back."""
    faces = [TTFont(name, io.BytesIO(data)) for name, data in typefaces.items()]
    try:
        for face in faces:
            pdfmetrics.registerFont(face)
        yield
    finally:
        for face in faces:
            pdfmetrics._fonts.pop(face.fontName, None)
            pdfmetrics._dynFaceNames.pop(face.face.name, None)


class _Press:
    """Sets a document line by line. y: how far below the top of the type area the next line begins."""

    def __init__(self, document: Document, path: Path, missing: frozenset[str]) -> None:
        self.document, self.page, self.y = document, 1, 0.0
        self.plain = str.maketrans(dict.fromkeys(missing, typeface.MISSING))
        self.canvas = Canvas(str(path), pagesize=(m.PAGE_WIDTH, m.PAGE_HEIGHT), invariant=1, lang="zh-CN")
        self.canvas.setTitle(document.title)
        self.canvas.setAuthor(document.signed)

    def run(self) -> None:
        document = self.document
        if document.head:
            self.red_head(document.head)
        self.title(document.title)
        if document.note:
            self.note(document.note)
        for block in document.blocks:
            if isinstance(block, Heading):
                self.heading(block.text)
            elif isinstance(block, Paragraph):
                self.paragraph(block.text)
            else:
                self.table(block)
        self.closing()
        self.folio()
        self.canvas.save()

    # places

    def top(self, below: float) -> float:
        return m.PAGE_HEIGHT - m.TOP - below

    def room(self, height: float) -> bool:
        """Go to the next page where this height no longer fits; says whether it did."""
        if self.y + height <= m.HEIGHT + 0.1:
            return False
        self.folio()
        self.canvas.showPage()
        self.page, self.y = self.page + 1, 0.0
        return True

    def snap(self) -> None:
        """Running text stands on the lines of the page also after a table."""
        over = self.y % m.LEADING
        if 0.1 < over < m.LEADING - 0.1:
            self.y += m.LEADING - over

    def width(self, text: str, size: float, name: str = BODY) -> float:
        """A full character takes its share of the line, a narrow one what it needs."""
        pitch = size * m.PITCH / m.BODY_SIZE if size == m.BODY_SIZE else size
        return sum(pitch if ord(one) >= 0x2000 else float(pdfmetrics.stringWidth(one, name, size)) for one in text)

    def put(self, text: str, x: float, y: float, size: float, name: str = BODY, *, fill: float = 0.0) -> None:
        """One line; fill: the width that its gaps make up."""
        text = text.translate(self.plain)
        natural = float(pdfmetrics.stringWidth(text, name, size))
        wanted = fill or self.width(text, size, name)
        gaps = len(text) - (1 if fill else 0)
        space = (wanted - natural) / gaps if gaps > 0 else 0.0
        self.canvas.setFont(name, size)
        self.canvas.drawString(x, self.top(y), text, charSpace=space)

    # parts

    def red_head(self, head: RedHead) -> None:
        self.canvas.setFillColorRGB(*m.RED)
        size = min(m.HEAD_SIZE, m.WIDTH / max(len(head.text), 1))
        self.centred(head.text, size, STRONG, m.LEADING * 2)
        self.canvas.setFillColorRGB(0, 0, 0)
        if head.number:
            self.y += m.LEADING
            self.centred(head.number, m.BODY_SIZE, BODY, m.LEADING)
        self.y += 4 * m.MM
        self.canvas.setStrokeColorRGB(*m.RED)
        self.rule(self.y, m.RULE)
        self.canvas.setStrokeColorRGB(0, 0, 0)
        self.y += m.LEADING * 2
        self.snap()

    def centred(self, text: str, size: float, name: str, height: float) -> None:
        self.put(text, m.LEFT + (m.WIDTH - self.width(text, size, name)) / 2, self.y + height * 0.75, size, name)
        self.y += height

    def title(self, text: str) -> None:
        for line in lines(text, lambda part: self.width(part, m.TITLE_SIZE, STRONG), m.WIDTH - 2 * m.TITLE_SIZE):
            self.centred(line, m.TITLE_SIZE, STRONG, m.LEADING * 1.25)

    def note(self, text: str) -> None:
        self.y += 4
        for line in lines(text, lambda part: self.width(part, m.NOTE_SIZE), m.WIDTH):
            self.centred(line, m.NOTE_SIZE, BODY, m.NOTE_LEADING)
        self.snap()

    def heading(self, text: str) -> None:
        self.snap()
        self.room(m.LEADING * 3)
        self.put(text, m.LEFT + 2 * m.PITCH, self.y + m.LEADING * 0.7, m.BODY_SIZE, STRONG)
        self.y += m.LEADING

    def paragraph(self, text: str) -> None:
        self.snap()
        indent = 2 * m.PITCH
        found = lines(text, lambda part: self.width(part, m.BODY_SIZE), m.WIDTH, indent)
        for place, line in enumerate(found):
            self.room(m.LEADING)
            start = 0.0 if place else indent
            fill = 0.0 if place == len(found) - 1 else m.WIDTH - start
            self.put(line, m.LEFT + start, self.y + m.LEADING * 0.7, m.BODY_SIZE, fill=fill)
            self.y += m.LEADING

    def closing(self) -> None:
        """Signed and dated at the right, four characters from the edge, never alone on a page's first line."""
        said = [line for line in (self.document.signed, self.document.dated) if line]
        if not said:
            return
        self.snap()
        self.room(m.LEADING * (len(said) + 1))
        self.y += m.LEADING
        for line in said:
            x = m.LEFT + m.WIDTH - 4 * m.PITCH - self.width(line, m.BODY_SIZE)
            self.put(line, max(x, m.LEFT), self.y + m.LEADING * 0.7, m.BODY_SIZE)
            self.y += m.LEADING

    def folio(self) -> None:
        """— 1 —, at the right on odd pages, at the left on even ones, one character from the edge."""
        text = f"— {self.page} —"
        width = float(pdfmetrics.stringWidth(text, BODY, m.FOLIO_SIZE))
        x = m.LEFT + (m.WIDTH - width - m.FOLIO_SIZE if self.page % 2 else m.FOLIO_SIZE)
        self.canvas.setFont(BODY, m.FOLIO_SIZE)
        self.canvas.drawString(x, self.top(m.HEIGHT + m.FOLIO_BELOW + m.FOLIO_SIZE / 2), text)

    # tables

    def table(self, grid: Grid) -> None:
        shares = sum(column.share for column in grid.columns)
        widths = [m.WIDTH * column.share / shares for column in grid.columns]
        head = tuple(column.title for column in grid.columns)
        self.y += 4
        self.room(self.height(head, widths) * 2 + 6)
        self.row(grid, head, widths, head=True)
        for row in grid.rows:
            if self.room(self.height(row, widths)):
                self.row(grid, head, widths, head=True)
            self.row(grid, row, widths)
        self.y += 6

    def cells(self, row: tuple[str, ...], widths: list[float]) -> list[list[str]]:
        return [
            lines(cell, lambda part: self.width(part, m.CELL_SIZE), width - 2 * m.CELL_PADDING)
            for cell, width in zip(row, widths, strict=True)
        ]

    def height(self, row: tuple[str, ...], widths: list[float]) -> float:
        return max(len(cell) for cell in self.cells(row, widths)) * m.CELL_LEADING + 2 * m.CELL_PADDING

    def row(self, grid: Grid, row: tuple[str, ...], widths: list[float], *, head: bool = False) -> None:
        height, x = self.height(row, widths), m.LEFT
        for column, cell, width in zip(grid.columns, self.cells(row, widths), widths, strict=True):
            self.canvas.setLineWidth(m.HAIRLINE)
            self.canvas.rect(x, self.top(self.y + height), width, height)
            down = self.y + (height - len(cell) * m.CELL_LEADING) / 2 + m.CELL_LEADING * 0.75
            for line in cell:
                used = self.width(line, m.CELL_SIZE)
                at = x + width - m.CELL_PADDING - used if column.end else x + m.CELL_PADDING
                self.put(line, at, down, m.CELL_SIZE, STRONG if head else BODY)
                down += m.CELL_LEADING
            x += width
        self.y += height

    def rule(self, y: float, thickness: float) -> None:
        self.canvas.setLineWidth(thickness)
        self.canvas.line(m.LEFT, self.top(y), m.LEFT + m.WIDTH, self.top(y))
