"""What the SQL of this module promises, on both bundled versions, seen as the application sees it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg
import pytest

from city1361.base.database.embedded import EmbeddedServer
from city1361.base.database.migrating import sql_file
from city1361.base.kernel.ids import id_at, new_id

ME, OTHER, TOWN, UNIT = uuid4(), uuid4(), uuid4(), uuid4()
NOBODY = UUID(int=0)
BIND = """SELECT set_config('city1361.account', %s, true), set_config('city1361.organisations', %s, true),
                 set_config('city1361.areas', %s, true), set_config('city1361.everything', %s, true)"""
TABLES = """
    CREATE TABLE matter (id uuid PRIMARY KEY, town uuid, unit uuid, reporter uuid) PARTITION BY RANGE (id);
    CREATE TABLE matter_default PARTITION OF matter DEFAULT;
    ALTER TABLE matter ENABLE ROW LEVEL SECURITY;
    ALTER TABLE matter FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON matter USING (
        town = ANY (city1361_areas()) OR unit = ANY (city1361_organisations()) OR reporter = city1361_account()
        OR city1361_everything());
"""
Session = psycopg.Connection[tuple[object, ...]]


@dataclass
class Sessions:
    owner: Session
    app: Session


@pytest.fixture
def sessions(shared: EmbeddedServer) -> Iterator[Sessions]:
    """A schema of this test's own, laid by the owner with the SQL of the migrations."""
    with (
        psycopg.connect(shared.urls.owner, autocommit=True) as owner,
        psycopg.connect(shared.urls.app, autocommit=True) as app,
    ):
        owner.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO city1361_app")
        owner.execute(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO city1361_app"
        )
        for name in ("scope.sql", "partitions.sql"):
            owner.execute(sql_file("city1361.base.database", name).encode())
        owner.execute(TABLES)
        yield Sessions(owner, app)


def bind(session: Session, account: UUID = NOBODY, town: UUID | None = None, everything: str = "off") -> None:
    session.execute(BIND, [str(account), "{}", f"{{{town or ''}}}", everything])


def fill(session: Session, *moments: datetime) -> None:
    """Three rows, mine, of my town, and a stranger's, at each moment."""
    with session.transaction():
        bind(session, everything="on")
        for moment in moments or (datetime.now(UTC),):
            for number, (town, reporter) in enumerate([(OTHER, ME), (TOWN, OTHER), (OTHER, OTHER)]):
                identifier = UUID(int=id_at(moment).int + number)
                session.execute("INSERT INTO matter VALUES (%s, %s, %s, %s)", [identifier, town, UNIT, reporter])


def seen(session: Session) -> int:
    row = session.execute("SELECT count(*) FROM matter").fetchone()
    assert row is not None
    return int(str(row[0]))


def test_without_a_scope_there_is_an_error_before_and_after_a_scope(sessions: Sessions) -> None:
    fill(sessions.owner)
    for session in (sessions.app, sessions.owner):
        for _ in range(2):
            with pytest.raises(psycopg.Error):
                seen(session)
            with session.transaction():
                bind(session, ME)
                assert seen(session) == 1


@pytest.mark.parametrize("function", ["account", "organisations", "areas", "everything"])
def test_each_function_fails_alone(sessions: Sessions, function: str) -> None:
    for _ in range(2):
        with pytest.raises(psycopg.Error):
            sessions.app.execute(f"SELECT city1361_{function}()")
        with sessions.app.transaction():
            bind(sessions.app)
            sessions.app.execute(f"SELECT city1361_{function}()")


def test_a_scope_shows_what_is_mine_and_what_is_my_towns_and_no_more(sessions: Sessions) -> None:
    fill(sessions.owner)
    for scope, rows in (
        ({}, 0),
        ({"account": ME}, 1),
        ({"town": TOWN}, 1),
        ({"account": ME, "town": TOWN}, 2),
        ({"everything": "on"}, 3),
    ):
        with sessions.app.transaction():
            bind(sessions.app, **scope)  # type: ignore[arg-type]
            assert seen(sessions.app) == rows, scope


def test_nobody_signed_in_is_nobody_even_beside_a_row_of_the_nil_account(sessions: Sessions) -> None:
    with sessions.owner.transaction():
        bind(sessions.owner, everything="on")
        sessions.owner.execute("INSERT INTO matter VALUES (%s, %s, %s, %s)", [new_id(), OTHER, UNIT, NOBODY])
    with sessions.app.transaction():
        bind(sessions.app)
        assert seen(sessions.app) == 0


def test_rows_outside_the_scope_cannot_be_written_either(sessions: Sessions) -> None:
    fill(sessions.owner)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), sessions.app.transaction():
        bind(sessions.app, ME)
        sessions.app.execute("INSERT INTO matter VALUES (%s, %s, %s, %s)", [new_id(), OTHER, UNIT, OTHER])
    with sessions.app.transaction():
        bind(sessions.app, ME)
        assert sessions.app.execute("UPDATE matter SET unit = NULL").rowcount == 1
        assert sessions.app.execute("DELETE FROM matter").rowcount == 1


def test_the_application_cannot_take_row_security_away(sessions: Sessions) -> None:
    for attempt in (
        "ALTER TABLE matter DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE matter NO FORCE ROW LEVEL SECURITY",
        "DROP POLICY scope ON matter",
        "CREATE OR REPLACE FUNCTION city1361_everything() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "ALTER ROLE city1361_app BYPASSRLS",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sessions.app.execute(attempt)  # type: ignore[arg-type]
    sessions.app.execute("SET row_security = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), sessions.app.transaction():
        bind(sessions.app, ME)
        seen(sessions.app)
    sessions.app.execute("RESET row_security")


# -- partitions --------------------------------------------------------------------------------------------------------


def months() -> tuple[datetime, datetime]:
    """The middle of this month and of the next, UTC."""
    middle = datetime.now(UTC).replace(day=15)
    return middle, (middle + timedelta(days=31)).replace(day=15)


def partitions(session: Session) -> dict[str, int]:
    """Rows by partition, as the owner sees them in the partitions themselves."""
    names = session.execute("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r'").fetchall()
    counts = {str(name): session.execute(f"SELECT count(*) FROM {name}").fetchone() for (name,) in names}
    return {name: int(str(row[0])) for name, row in counts.items() if row is not None}


def test_rows_go_to_the_month_of_their_id_and_strays_to_the_default(sessions: Sessions) -> None:
    assert sessions.app.execute("SELECT city1361_ensure_partitions(2)").fetchone() == (3,)
    assert sessions.app.execute("SELECT city1361_ensure_partitions(2)").fetchone() == (0,)
    this, following = months()
    stray = datetime(1999, 12, 31, tzinfo=UTC)
    fill(sessions.app, this, following)
    assert sessions.app.execute("SELECT city1361_filled_defaults()").fetchall() == []
    fill(sessions.app, stray)
    assert sessions.app.execute("SELECT city1361_filled_defaults()").fetchall() == [("matter",)]
    rows = partitions(sessions.owner)
    assert rows[f"matter_{this:%Y_%m}"] == rows[f"matter_{following:%Y_%m}"] == rows["matter_default"] == 3
    with sessions.app.transaction():
        bind(sessions.app, ME)
        assert seen(sessions.app) == 3


def test_a_partition_cannot_be_named_past_the_row_security_of_its_parent(sessions: Sessions) -> None:
    sessions.app.execute("SELECT city1361_ensure_partitions(1)")
    for name in partitions(sessions.owner):
        for verb in (f"SELECT * FROM {name}", f"DELETE FROM {name}", f"INSERT INTO {name} VALUES (gen_random_uuid())"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                sessions.app.execute(verb)  # type: ignore[arg-type]


def test_a_month_whose_rows_came_too_early_stays_in_the_default(sessions: Sessions) -> None:
    this, following = months()
    fill(sessions.app, following)
    assert sessions.app.execute("SELECT city1361_ensure_partitions(1)").fetchone() == (1,)
    fill(sessions.app, this, following + timedelta(minutes=1))
    rows = partitions(sessions.owner)
    assert rows == {f"matter_{this:%Y_%m}": 3, "matter_default": 6}


def test_months_leave_no_gap_and_follow_the_ids_of_the_kernel(sessions: Sessions) -> None:
    sessions.app.execute("SELECT city1361_ensure_partitions(30)")
    bounds = sessions.owner.execute(
        """SELECT substring(bound from 'FROM \\(''([^'']+)'), substring(bound from 'TO \\(''([^'']+)')
           FROM (SELECT pg_get_expr(relpartbound, oid) AS bound FROM pg_class
                 WHERE relispartition AND relkind = 'r' AND relname <> 'matter_default' ORDER BY relname) b"""
    ).fetchall()
    assert len(bounds) == 31
    assert [end for _, end in bounds[:-1]] == [start for start, _ in bounds[1:]]
    first = datetime.now(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    assert UUID(str(bounds[0][0])) == id_at(first)


def test_both_make_the_same_bound_of_any_moment(sessions: Sessions) -> None:
    for _ in range(200):
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=random.randrange(0, 4_000_000_000_000))
        assert sessions.app.execute("SELECT city1361_id_at(%s)", [moment]).fetchone() == (id_at(moment),)


def test_an_absurd_number_of_months_is_refused(sessions: Sessions) -> None:
    for ahead in (-1, 121):
        with pytest.raises(psycopg.errors.RaiseException, match="months ahead"):
            sessions.app.execute("SELECT city1361_ensure_partitions(%s)", [ahead])


def test_a_table_of_ones_own_named_like_the_catalogue_deceives_nobody(sessions: Sessions) -> None:
    sessions.app.execute("CREATE TEMPORARY TABLE pg_class (relname name, oid oid, relnamespace oid)")
    sessions.app.execute("INSERT INTO pg_temp.pg_class VALUES ('evil', 1, 2200)")
    assert sessions.app.execute("SELECT city1361_ensure_partitions(0)").fetchone() == (1,)
    sessions.app.execute("DROP TABLE pg_temp.pg_class")
