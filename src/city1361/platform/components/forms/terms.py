"""Kinds of fields, and the limits of a form."""

from __future__ import annotations

from enum import StrEnum


class FieldKind(StrEnum):
    """What a field holds. A phone number is personal: it is kept sealed and told to few."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    YES_NO = "yes_no"
    PHONE = "phone"


LONGEST_TEXT = 200
LONGEST_LONG_TEXT = 2000
LARGEST_NUMBER = 10**12
MOST_FIELDS = 40
MOST_OPTIONS = 100
MOST_OF_REPORTER = 4  # a report is done in twenty seconds
PREFIX = "answers."  # before a field's name, where a fault is told
