"""The door of base.search."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from city1361.base.search import decisions
from city1361.base.search.decisions import bigrams, fold
from city1361.base.search.indexing import forget, index, index_many, prepared
from city1361.base.search.queries import candidates

__all__ = ["LIMIT", "bigrams", "fold", "forget", "index", "index_many", "matches", "prepared"]

LIMIT = 200


def matches(kind: str, q: str, limit: int = LIMIT, *, within: Iterable[UUID] | None = None) -> list[UUID]:
    """Ids of rows of `kind` whose text holds every term of `q`, newest first, at most `limit` (10,000).

    The ids are candidates: join them with your own rows under row security before anything is shown, and show no
    count of them. The limit applies before that join, so pass `within` (the areas, organisations and account of
    the scope, as given to `index`) wherever most rows are not the caller's. No term: nothing. Raises Invalid for a
    query that is too long.
    """
    query = decisions.query(q)
    return [] if query is None else candidates(kind, query, None if within is None else list(within), limit)
