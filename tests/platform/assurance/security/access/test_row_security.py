"""The second fence: raw SQL as the application role sees what the scope allows, for every scoped table in pg_catalog.

Without a scope a table with a place of its own is an error, and what belongs to a matter is empty. A scoped table that this test does not know makes it fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from django.db.models import Q
from django.db.utils import Error

from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import queries
from tests import cast
from tests.platform.assurance.security.access import row_oracles
from tests.platform.assurance.security.access.world import PEOPLE, World

# Never set in this session: PostgreSQL does not know the setting. Left by an ended transaction: it is empty.
UNBOUND = re.compile('unrecognized configuration parameter "city1361|invalid input syntax')
SCOPED = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relrowsecurity AND NOT c.relispartition AND n.nspname = 'public' ORDER BY 1"""


@pytest.fixture
def tables(db: None) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SCOPED)
        return [name for (name,) in cursor.fetchall()]


def rows(column: str, table: str, scope: Scope) -> set[Any]:
    """What raw SQL reads of a table, bound to `scope`."""
    with database.scoped(scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        return {value for (value,) in cursor.fetchall()}


def visible(world: World, person: str, kind: str = "matter") -> set[UUID]:
    return {thing.id for thing in world.things["matter"] if world.sees(person, kind, thing)}  # type: ignore[misc]


def of_visible_matters(table: str, world: World, person: str) -> tuple[set[Any], set[Any]]:
    column = "id" if table.endswith("_matter") else "matter_id"
    seen = rows(column, table, world.scopes[person])
    everything = rows(column, table, Scope.everything())
    return seen, everything & visible(world, person)


def of_reporter_and_centre(table: str, world: World, person: str) -> tuple[set[Any], set[Any]]:
    """Who reported is for that person and for the centre that took it in first, not for all who see the matter."""
    scope = world.scopes[person]
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute(f"SELECT matter_id, account, centre FROM {table}")
        everything = cursor.fetchall()
    mine = {
        matter for matter, account, centre in everything if account == scope.account or centre in scope.organisations
    }
    return rows("matter_id", table, scope), mine


def of_account(table: str, world: World, person: str) -> tuple[set[Any], set[Any]]:
    scope = world.scopes[person]
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute(f"SELECT client_key FROM {table} WHERE account = %s", [scope.account])
        mine = {key for (key,) in cursor.fetchall()}
    return rows("client_key", table, scope), mine


def of_uploader_and_visible_matters(table: str, world: World, person: str) -> tuple[set[Any], set[Any]]:
    scope, matters = world.scopes[person], visible(world, person)
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        cursor.execute(f"SELECT id, account, owner_kind, owner_id FROM {table}")
        everything = cursor.fetchall()
    mine = {
        file
        for file, account, kind, owner in everything
        if (account is not None and account == scope.account) or (kind == "matter" and UUID(owner) in matters)
    }
    return rows("id", table, scope), mine


ORACLES: dict[str, Callable[[str, World, str], tuple[set[Any], set[Any]]]] = {
    "centres_execution_matter": of_visible_matters,
    "centres_execution_matterstep": of_visible_matters,
    "centres_execution_matterparticipant": of_visible_matters,
    "centres_execution_externalnumber": of_visible_matters,
    "centres_execution_matterreporter": of_reporter_and_centre,
    "centres_execution_reportkey": of_account,
    "base_files_storedfile": of_uploader_and_visible_matters,
}


# Their policy asks a function that answers no where no scope is bound.
ASKING = ("centres_execution_matterstep", "centres_execution_matterparticipant", "centres_execution_externalnumber")


def test_every_scoped_table_is_known_here(tables: list[str]) -> None:
    assert set(tables) == set(ORACLES) | set(row_oracles.STANDING) | set(row_oracles.BELONGING)


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_rows_with_a_place_of_their_own_and_what_belongs_to_them(person: str, world: World) -> None:
    with database.scoped(Scope.everything()):
        expected = row_oracles.visible(world.scopes[person], lambda matter: matter in visible(world, person))
    with database.scoped(world.scopes[person]):
        seen = {table: row_oracles.here(table) for table in expected}
    assert {table: seen[table] for table in seen if seen[table] != expected[table]} == {}


@pytest.mark.django_db
def test_rows_with_a_place_are_there_and_nobody_sees_them(world: World) -> None:
    with database.scoped(Scope.everything()):
        filled = {table for table in row_oracles.tables() if row_oracles.here(table)}
    assert filled >= row_oracles.FILLED
    with database.scoped(Scope.nothing()):
        assert not [table for table in row_oracles.tables() if row_oracles.here(table)]


def test_every_scoped_table_and_every_partition_of_it_forces_its_policies(owner: psycopg.Connection[Any]) -> None:
    lax = owner.execute(
        """SELECT c.relname FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
           LEFT JOIN pg_class parent ON parent.oid = i.inhparent
           WHERE (c.relrowsecurity OR parent.relrowsecurity)
             AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
             AND has_table_privilege('city1361_app', c.oid, 'SELECT')"""
    ).fetchall()
    assert lax == []


def test_the_application_owns_no_table_and_cannot_walk_past(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        assert cursor.fetchone() == (0,)
        for statement in (f"ALTER TABLE {next(iter(ORACLES))} DISABLE ROW LEVEL SECURITY", "SET ROLE city1361_owner"):
            with pytest.raises(Error), transaction.atomic():
                cursor.execute(statement)


@pytest.mark.parametrize("table", ORACLES)
@pytest.mark.parametrize("statement", ["SELECT * FROM {}", "UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_raw_sql_without_a_scope_is_an_error_or_empty(
    table: str, statement: str, world: World, committed_connection: Any
) -> None:
    column = {"centres_execution_matter": "version", "base_files_storedfile": "name"}.get(table, "matter_id")
    asked = statement.format(table, column, column)
    if table in ASKING:
        assert committed_connection.execute(asked).rowcount == 0
        return
    with pytest.raises(psycopg.Error, match=UNBOUND):
        committed_connection.execute(asked)


def test_whether_a_matter_is_seen_is_answered_without_a_scope(world: World, committed_connection: Any) -> None:
    """By no: on a new connection, and on one whose last transaction had a scope."""
    ask, thing = "SELECT execution_sees(%s)", world.things["matter"][0]
    assert committed_connection.execute(ask, [thing.id]).fetchone() == (False,)
    with committed_connection.transaction():
        for name, value in (("everything", "on"), ("account", ""), ("areas", "{}"), ("organisations", "{}")):
            committed_connection.execute("SELECT set_config(%s, %s, true)", [f"city1361.{name}", value])
        assert committed_connection.execute(ask, [thing.id]).fetchone() == (True,)
    assert committed_connection.execute(ask, [thing.id]).fetchone() == (False,)


def test_functions_are_for_the_application_alone(owner: psycopg.Connection[Any]) -> None:
    """PUBLIC runs none; what runs as its owner says where it looks for names, and temporary tables come last."""
    functions = owner.execute(
        """SELECT p.oid::regprocedure::text, p.prosecdef, coalesce(array_to_string(p.proconfig, ' '), ''),
                  EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0),
                  has_function_privilege('city1361_app', p.oid, 'EXECUTE')
           FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
             AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
    ).fetchall()
    assert len(functions) > 40
    assert [name for name, _, _, public, _ in functions if public] == []
    assert [name for name, _, _, _, allowed in functions if not allowed] == []
    definers = {name: told for name, definer, told, _, _ in functions if definer}
    assert len(definers) >= 7
    assert [name for name, told in definers.items() if not re.search(r"search_path=[^=]*pg_temp(\s|$)", told)] == []


@pytest.fixture
def committed_connection(databases: Any) -> Any:
    """A connection of the application role on which nothing was ever bound."""
    with psycopg.connect(databases.app_url, dbname=databases.name, autocommit=True) as made:
        yield made


@pytest.mark.django_db
@pytest.mark.parametrize("table", ORACLES)
def test_there_is_something_to_see(table: str, world: World) -> None:
    assert rows("count(*)", table, Scope.everything()) != {0}


@pytest.mark.django_db
@pytest.mark.parametrize("table", ORACLES)
def test_nobody_sees_nothing(table: str, world: World) -> None:
    assert rows("count(*)", table, Scope.nothing()) == {0}


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("table", ORACLES)
def test_raw_sql_sees_exactly_the_rows_of_the_scope(table: str, person: str, world: World) -> None:
    seen, expected = ORACLES[table](table, world, person)
    assert seen == expected


@pytest.mark.django_db
def test_a_search_of_everything_by_a_stranger_changes_no_row(world: World) -> None:
    far = next(thing for thing in world.things["matter"] if thing.label == "119902100")
    with database.scoped(world.scopes["town_duty_officer"]), connection.cursor() as cursor:
        cursor.execute("UPDATE centres_execution_matter SET version = version + 1 WHERE id = %s", [far.id])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM centres_execution_matter WHERE id = %s", [far.id])
        assert cursor.rowcount == 0


@pytest.mark.django_db(transaction=False)
def test_the_scope_of_one_transaction_is_gone_in_the_next(world: World, committed_connection: Any) -> None:
    with committed_connection.transaction():
        committed_connection.execute("SELECT set_config('city1361.everything', 'on', true)")
        committed_connection.execute("SELECT set_config('city1361.account', '', true)")
    with pytest.raises(psycopg.Error, match=UNBOUND):
        committed_connection.execute("SELECT count(*) FROM centres_execution_matter")


@pytest.mark.django_db
def test_a_filter_forgotten_in_python_is_caught_by_the_second_fence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = next(thing for thing in world.things["matter"] if thing.label == "119902100")
    monkeypatch.setattr("city1361.centres.execution.queries.visible_to", lambda scope: Q())
    for person, seen in ((cast.TOWN_DUTY_OFFICER, False), (cast.CITY_DUTY_OFFICER, True)):
        with database.scoped(world.scopes[person]):
            assert queries.photo_visible(world.scopes[person], str(far.id)) is seen


def test_a_policy_that_lets_everything_through_is_found(
    world: World, owner: psycopg.Connection[Any], committed_connection: Any
) -> None:
    """Who is nobody sees no matter; were the policy forgotten, the same question would count them all."""
    policy = "matter_in_scope ON centres_execution_matter"
    (kept,) = owner.execute(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'matter_in_scope'"
    ).fetchone() or ("",)

    def seen() -> int:
        with committed_connection.transaction():
            for name, value in (("everything", "off"), ("account", str(UUID(int=0))), ("areas", "{}")):
                committed_connection.execute("SELECT set_config(%s, %s, true)", [f"city1361.{name}", value])
            committed_connection.execute("SELECT set_config('city1361.organisations', '{}', true)")
            return int(committed_connection.execute("SELECT count(*) FROM centres_execution_matter").fetchone()[0])

    owner.execute(f"ALTER POLICY {policy} USING (true)")
    try:
        assert seen() >= len(world.things["matter"])
    finally:
        owner.execute(f"ALTER POLICY {policy} USING ({kept})")
    assert seen() == 0
