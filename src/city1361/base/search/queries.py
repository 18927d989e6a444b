"""Finding: candidate ids, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from city1361.base.search.terms import Query


def candidates(kind: str, query: Query, within: Sequence[UUID] | None, limit: int) -> list[UUID]:
    """Ids of rows of `kind` that hold every term of `query` and, unless `within` is None, one of those keys."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT city1361_search(%s, %s, %s::text[], %s::uuid[], %s)",
            [kind, query.expression, list(query.needles), None if within is None else list(within), limit],
        )
        return [row[0] for row in cursor.fetchall()]
