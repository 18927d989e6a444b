"""Keeping the index: whoever owns a row calls this in the transaction that writes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from city1361.base.search import decisions

_INDEX = "SELECT city1361_search_index(%s, %s, %s::uuid[], %s, %s::text[])"


def prepared(kind: str, subject_id: UUID, *texts: str, keys: Iterable[UUID] = ()) -> dict[str, Any]:
    """What `index` would write, for whoever writes it with the row: the arguments of city1361_search_index."""
    text = " ".join(texts)
    return {
        "kind": kind,
        "subject": str(subject_id),
        "keys": [str(key) for key in keys],
        "content": decisions.content(text),
        "pieces": list(decisions.bigrams(text)),
    }


def index(kind: str, subject_id: UUID, *texts: str, keys: Iterable[UUID] = ()) -> None:
    """Make the row findable by any piece of its texts; replaces what was known of it.

    keys: ids of its areas, of organisations taking part, of its reporter: see `matches(within=…)`. Texts longer than
    20,000 characters in all are cut. Never index what is kept encrypted: a telephone number has its blind index.
    """
    index_many(kind, [(subject_id, " ".join(texts), keys)])


def index_many(kind: str, rows: Iterable[tuple[UUID, str, Iterable[UUID]]]) -> None:
    """The same for many rows of (id, text, keys)."""
    prepared = [
        (kind, subject_id, list(keys), decisions.content(text), list(decisions.bigrams(text)))
        for subject_id, text, keys in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_INDEX, prepared)


def forget(kind: str, subject_id: UUID) -> None:
    """Take a row out of the index, as erasure and retention must."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_search_forget(%s, %s)", [kind, subject_id])
