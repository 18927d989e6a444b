"""What a document is made of: frozen values, words as they are printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class DocumentFormat(StrEnum):
    """What a document is written as."""

    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first level, as 一、总体情况; it never stands alone at the foot of a page."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text, its first line indented by two characters."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. share: its width as part of all shares; end: its cells stand at the right."""

    title: str
    share: int = 1
    end: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table; its head is repeated on every page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class RedHead:
    """版头: the issuing body in red, the document's number and the red line. Only where an instance declares it."""

    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document. signed and dated close it at the right; note stands small under the title."""

    title: str
    blocks: tuple[Heading | Paragraph | Grid, ...] = field(default=())
    note: str = ""
    signed: str = ""
    dated: str = ""
    head: RedHead | None = None

    @property
    def text(self) -> str:
        """Every character that is printed, page numbers included."""
        parts = [self.title, self.note, self.signed, self.dated, "—0123456789"]
        parts += [self.head.text, self.head.number] if self.head else []
        for block in self.blocks:
            if isinstance(block, Grid):
                parts += [column.title for column in block.columns]
                parts += [cell for row in block.rows for cell in row]
            else:
                parts.append(block.text)
        return "".join(parts)
