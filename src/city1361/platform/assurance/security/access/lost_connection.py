"""Telling a lost database connection from other errors, and waiting a moment for the database to come back."""

from __future__ import annotations

import errno
import time

import psycopg
from django.db import DEFAULT_DB_ALIAS, DatabaseError, DataError, InterfaceError, OperationalError, connections

PATIENCE = 3.0  # seconds that a reading request waits for the database before it is refused
_PAUSE = 0.1


def _state(error: BaseException | None) -> tuple[bool, str]:
    """(whether PostgreSQL's driver raised it, SQLSTATE), looking through what wrapped it."""
    while error is not None:
        if isinstance(error, psycopg.Error):
            return True, error.sqlstate or ""
        error = error.__cause__ or error.__context__
    return False, ""


def is_lost(error: BaseException | None) -> bool:
    """True when the connection or the server went away: class 08, 57P01-57P03, or no answer at all."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    from_driver, state = _state(error)
    return from_driver and (state == "" or state.startswith("08") or state in ("57P01", "57P02", "57P03"))


def is_busy(error: BaseException | None) -> bool:
    """True for a time-out, a deadlock or too many connections: nothing was written, the same may be asked again."""
    return isinstance(error, DatabaseError) and _state(error)[1] in ("57014", "55P03", "40P01", "40001", "53300")


def is_full(error: BaseException | None) -> bool:
    """True when a disk holds no more: PostgreSQL's (class 53100), or that of the files."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return isinstance(error, DatabaseError) and _state(error)[1] == "53100"


def is_unstorable(error: BaseException | None) -> bool:
    """True for a NUL in a text, which PostgreSQL cannot hold: refused by the driver, or inside of JSON by the server."""
    return isinstance(error, DataError) and ("NUL (0x00)" in str(error) or _state(error)[1] == "22P05")


def came_back() -> bool:
    """Wait until a connection can be made again, for at most PATIENCE seconds."""
    connection = connections[DEFAULT_DB_ALIAS]
    ends = time.monotonic() + PATIENCE
    while True:
        try:
            connection.close()
            connection.ensure_connection()
        except (OperationalError, InterfaceError):
            if time.monotonic() >= ends:
                return False
            time.sleep(_PAUSE)
        else:
            return True
