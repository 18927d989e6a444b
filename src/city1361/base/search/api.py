"""The door of base.search."""

from city1361.base.search.decisions import bigrams, fold
from city1361.base.search.indexing import forget, index, index_many
from city1361.base.search.queries import LIMIT, matches

__all__ = ["LIMIT", "bigrams", "fold", "forget", "index", "index_many", "matches"]
