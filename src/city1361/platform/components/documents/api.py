"""The door of documents: what they are made of, and how they are written."""

from city1361.platform.components.documents.measures import NUMERALS
from city1361.platform.components.documents.pdf import write_pdf
from city1361.platform.components.documents.terms import (
    Column,
    Document,
    DocumentFormat,
    Grid,
    Heading,
    Paragraph,
    RedHead,
)
from city1361.platform.components.documents.word import write_word

__all__ = [
    "NUMERALS",
    "Column",
    "Document",
    "DocumentFormat",
    "Grid",
    "Heading",
    "Paragraph",
    "RedHead",
    "write_pdf",
    "write_word",
]
