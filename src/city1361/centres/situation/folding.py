"""Adding up what matters and visits have left: one fold at a time, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from django.db import connection, transaction
from django.utils.timezone import get_default_timezone_name

from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope

LOCK = 0x1361_C0DE


def seeing_everything() -> AbstractContextManager[None]:
    """A transaction of the counts' own jobs: they belong to nobody's area."""
    return database.scoped(Scope.everything())


def fold() -> int:
    """Add up what waits; returns how many changes there were, 0 too when another process is at it."""
    with seeing_everything(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return fold_here() if cursor.fetchone()[0] else 0


def fold_here() -> int:
    """The same inside the caller's transaction, who holds the lock and sees everything; it takes as long as it takes."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SELECT situation_fold(%s)", [get_default_timezone_name()])
        return int(cursor.fetchone()[0])


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else adds up meanwhile; inside is one transaction that sees everything as of one moment.

    The lock is taken before the transaction begins, or its snapshot would be older than what another fold has done. A
    caller who is in a transaction already keeps it, and its isolation.
    """
    nested = connection.in_atomic_block
    _lock("pg_advisory_lock")
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                if not nested:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SET LOCAL statement_timeout = 0")
            with seeing_everything():
                yield
    finally:
        _lock("pg_advisory_unlock")


def _lock(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


@contextmanager
def keeping_alone() -> Iterator[None]:
    """Nobody else adds up until the transaction of the caller is over."""
    _lock("pg_advisory_xact_lock")
    yield
