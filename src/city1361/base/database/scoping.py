"""Binding a scope to the transaction: row security reads it and fails closed without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar, cast
from uuid import UUID

from django.db import connection, transaction

from city1361.base.kernel.scope import Scope

_BIND = """SELECT set_config('city1361.account', %s, true), set_config('city1361.organisations', %s, true),
                  set_config('city1361.areas', %s, true), set_config('city1361.everything', %s, true)"""
_NOBODY = UUID(int=0)

Found = TypeVar("Found")
_UNBOUND = ["", "", "", ""]


def _array(ids: Iterable[UUID]) -> str:
    return "{" + ",".join(sorted(map(str, ids))) + "}"


def _values(scope: Scope) -> list[str]:
    return [
        str(scope.account or _NOBODY),
        _array(scope.organisations),
        _array(area.id for area in scope.areas),
        "on" if scope.unlimited else "off",
    ]


def _set(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BIND, values)


def bind(scope: Scope) -> None:
    """Bind `scope` to the running transaction: one round trip. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a scope is bound inside a transaction only")
    _set(_values(scope))


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """A transaction (or savepoint) in which `scope` is bound; afterwards the scope around it is bound again, or none."""
    nested = connection.in_atomic_block
    before: Scope | None = getattr(connection, "city1361_scope", None) if nested else None
    kept: dict[str, object] | None = getattr(connection, "city1361_kept", None) if before is not None else None
    with transaction.atomic():
        if scope != before:
            bind(scope)
        connection.city1361_scope = scope  # type: ignore[attr-defined]
        connection.city1361_kept = {} if kept is None else kept  # type: ignore[attr-defined]
        try:
            yield
        except BaseException:
            forget()
            raise
        finally:
            connection.city1361_scope = before  # type: ignore[attr-defined]
            connection.city1361_kept = kept  # type: ignore[attr-defined]
    if nested and scope != before:
        # A rolled-back savepoint takes its settings back by itself; a released one leaves them behind.
        _set(_UNBOUND if before is None else _values(before))


def once(name: str, read: Callable[[], Found]) -> Found:
    """What `read` finds, asked once while a scope is bound: for what rules everybody and seldom changes, and is asked at
    many places of one request. Who changes it calls `forget`. Without a bound scope it is read each time."""
    kept: dict[str, object] | None = getattr(connection, "city1361_kept", None) if connection.in_atomic_block else None
    if kept is None:
        return read()
    if name not in kept:
        kept[name] = read()
    return cast(Found, kept[name])


def forget() -> None:
    """Nothing of what `once` has kept holds any longer."""
    kept: dict[str, object] | None = getattr(connection, "city1361_kept", None)
    if kept is not None:
        kept.clear()
