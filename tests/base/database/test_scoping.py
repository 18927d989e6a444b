"""A scope lives and dies with its transaction; without one, row security answers with an error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from city1361.base.database import api
from city1361.base.kernel.scope import AreaRef, Level, Scope

ME, UNIT, TOWN = uuid4(), uuid4(), uuid4()
SCOPE = Scope(account=ME, organisations=frozenset({UNIT}), areas=frozenset({AreaRef(Level.TOWN, TOWN)}))


def bound() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_account(), city1361_organisations(), city1361_areas(), city1361_everything()")
        return tuple(cursor.fetchone())


def unbound() -> bool:
    """Whether each function refuses to answer."""
    for function in ("account", "organisations", "areas", "everything"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT city1361_{function}()")
    return True


def test_a_fresh_session_and_an_ended_transaction_fail_closed(committed: object) -> None:
    for _ in range(2):
        assert unbound()
        with api.scoped(SCOPE):
            assert bound() == (ME, [UNIT], [TOWN], False)
    assert unbound()


def test_an_inner_scope_gives_way_to_the_outer_one(committed: object) -> None:
    with api.scoped(SCOPE):
        with api.scoped(Scope.nothing()):
            assert bound() == (None, [], [], False)
        assert bound() == (ME, [UNIT], [TOWN], False)
        with pytest.raises(ZeroDivisionError), api.scoped(Scope.everything()):
            assert bound()[3] is True
            raise ZeroDivisionError
        assert bound() == (ME, [UNIT], [TOWN], False)


def test_a_scope_inside_a_transaction_without_one_leaves_none_behind(committed: object) -> None:
    with transaction.atomic():
        with api.scoped(Scope.everything()):
            assert bound()[3] is True
        assert unbound()


def test_binding_is_one_round_trip_and_the_same_scope_again_is_none(
    committed: object, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with transaction.atomic(), django_assert_num_queries(1):
        api.bind(SCOPE)
    with api.scoped(SCOPE), django_assert_num_queries(2), api.scoped(SCOPE):  # a savepoint and its release
        pass


def test_a_scope_needs_a_transaction(committed: object) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        api.bind(SCOPE)


@pytest.mark.usefixtures("db")
def test_partitions_are_made_ahead_once_and_are_closed_to_the_application() -> None:
    with transaction.atomic():
        api.ensure_partitions(4)
        assert api.ensure_partitions(4) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY relname")
        partitions = [name for (name,) in cursor.fetchall()]
    assert len([name for name in partitions if name.startswith("base_outbox_event_")]) >= 6
    for name in partitions:
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f'SELECT 1 FROM "{name}"')


@pytest.mark.usefixtures("db")
def test_every_scoped_table_forces_row_security(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity FROM pg_class c
               WHERE EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"""
        )
        tables = dict(cursor.fetchall())
    assert "centres_execution_matter" in tables
    assert all(tables.values()), tables


def test_what_rules_everybody_is_asked_once_while_a_scope_is_bound(committed: object) -> None:
    answers = iter(range(100))

    def asked() -> int:
        return api.once("rule", lambda: next(answers))

    assert (asked(), asked()) == (0, 1)
    with api.scoped(SCOPE):
        assert (asked(), asked()) == (2, 2)
        with api.scoped(Scope.everything()):
            assert asked() == 2
            api.forget()
            assert (asked(), asked()) == (3, 3)
        assert asked() == 3
        with pytest.raises(ZeroDivisionError), api.scoped(Scope.everything()):
            api.forget()
            assert asked() == 4
            raise ZeroDivisionError
        assert asked() == 5, "what a step that was undone had seen"
    assert asked() == 6
    with api.scoped(SCOPE):
        assert asked() == 7
