"""Finding: candidate ids, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from city1361.base.search import decisions

LIMIT = 200


def matches(kind: str, q: str, limit: int = LIMIT, *, within: Iterable[UUID] | None = None) -> list[UUID]:
    """Ids of rows of `kind` whose text holds every term of `q`, newest first, at most `limit` (10,000).

    The ids are candidates: join them with your own rows under row security before anything is shown, and show no
    count of them. The limit applies before that join, so pass `within` (the areas, organisations and account of
    the scope, as given to `index`) wherever most rows are not the caller's. No term: nothing. Raises Invalid for a
    query that is too long.
    """
    query = decisions.query(q)
    if query is None:
        return []
    keys = None if within is None else list(within)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT city1361_search(%s, %s, %s::text[], %s::uuid[], %s)",
            [kind, query.expression, list(query.needles), keys, limit],
        )
        return [row[0] for row in cursor.fetchall()]
