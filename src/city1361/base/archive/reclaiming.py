"""Giving back the space of a cleared month: its own partitions are written anew, whose rest is small."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from city1361.base.archive.terms import Month
from city1361.base.kernel.archivable import archivable
from city1361.base.kernel.ids import id_at

PATIENCE = "3s"  # for readers of an old month; whoever reads it meanwhile waits for a moment
_PARTITION = """
SELECT c.relname, b.bounds <> 'DEFAULT', pg_total_relation_size(c.oid)
  FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) AS b (bounds)
 WHERE i.inhparent = %s::regclass AND (b.bounds = 'DEFAULT' OR b.bounds LIKE %s)
 ORDER BY 2 DESC LIMIT 1"""


def reclaim(month: Month) -> int:
    """Bytes given back. Runs as the owner, outside a transaction. A month without a partition of its own shares the default
    one, which is only cleaned: its space is used again."""
    freed = 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        try:
            for one in archivable():
                asked = [one.table, f"%FROM ('{id_at(month.begins)}')%"]
                cursor.execute(_PARTITION, asked)
                name, is_own, before = cursor.fetchone()
                how = sql.SQL("FULL, ANALYZE" if is_own else "ANALYZE")
                cursor.execute(sql.SQL("VACUUM ({how}) {name}").format(how=how, name=sql.Identifier(name)).as_string())
                cursor.execute(_PARTITION, asked)
                freed += before - cursor.fetchone()[2]
        finally:
            cursor.execute("RESET lock_timeout")
    return freed
