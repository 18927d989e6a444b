"""The data base's process dies before each single write of each step: all of the step is there afterwards, or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection

from tests import cast
from tests.centres.execution import matters
from tests.conftest import Databases

NOT_OURS = ("django_session", "usersessions_usersession")
"""What a request writes besides the step, in a transaction of its own."""
DIE = """
CREATE OR REPLACE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(10); RETURN NULL; END $$
"""
BEFORE = "CREATE TRIGGER die BEFORE INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW EXECUTE FUNCTION die()"
AT_COMMIT = (
    "CREATE CONSTRAINT TRIGGER die AFTER INSERT OR UPDATE ON {} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
    " EXECUTE FUNCTION die()"
)
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND reltuples < %s"
LARGE = 20_000
"""Rows of reference data (codes of areas) that no step touches."""
Write = Callable[[str], Any]


class Ledger:
    """What stands in the tables, as a superuser sees it."""

    def __init__(self, data: psycopg.Connection[Any]) -> None:
        self.data = data
        data.execute("ANALYZE")
        self.tables = sorted(row[0] for row in data.execute(TABLES, [LARGE]) if row[0] not in NOT_OURS)

    def digests(self, tables: list[str] | None = None) -> dict[str, Any]:
        """Number and hash of the rows of each table."""
        return {
            table: self.data.execute(
                f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM "{table}" t'
            ).fetchone()
            for table in tables or self.tables
        }

    @contextmanager
    def dying(self, trigger: str, table: str) -> Iterator[None]:
        """Whoever writes this table dies."""
        self.data.execute(trigger.format(f'"{table}"'))
        try:
            yield
        finally:
            self.data.execute(f'DROP TRIGGER die ON "{table}"')


def written(ledger: Ledger, write: Write) -> list[str]:
    """The tables that a write changes."""
    before = ledger.digests()
    assert write(str(uuid4())).status_code in (200, 201)
    after = ledger.digests()
    return [table for table in ledger.tables if before[table] != after[table]]


def road() -> Iterator[tuple[str, Write]]:
    """The steps of a matter, one after the other; each as the request of the one who takes it, under a given key."""
    people = {
        who: cast.client(who)
        for who in (cast.GRID_WORKER, cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.TOWN_CHECKER)
    }
    matter: dict[str, Any] = {}

    def asked(who: str, path: str, given: dict[str, Any]) -> Write:
        def write(key: str) -> Any:
            headers = {"idempotency-key": key} | ({"if-match": f'"{matter["version"]}"'} if matter else {})
            answer = people[who].post(
                f"/api/v1{path}", json.dumps(given), content_type="application/json", headers=headers
            )
            if answer.status_code in (200, 201):
                matter.update(json.loads(answer.content))
            return answer

        return write

    report = {"matter_type": "R02", "description": f"人行道砖松动 {uuid4().hex}", "area_id": str(matters.grid())}
    yield "report", asked(cast.GRID_WORKER, "/matters/", report)
    for who, step, given in (
        (cast.TOWN_DUTY_OFFICER, "admit", {"handler_post": str(matters.handler_post())}),
        (cast.TOWN_HANDLER, "acknowledge", {}),
        (cast.TOWN_HANDLER, "request_close", {"result": "solved", "text": "已修复"}),
        (cast.TOWN_CHECKER, "check_pass", {}),
        (cast.TOWN_DUTY_OFFICER, "close", {}),
        (cast.GRID_WORKER, "agree", {}),
    ):
        yield step, asked(who, f"/matters/{matter['id']}/steps/{step}", given)


def test_a_step_killed_between_any_two_of_its_writes_leaves_all_or_nothing(committed: Databases) -> None:
    with psycopg.connect(committed.superuser_url, dbname=committed.name, autocommit=True) as data:
        data.execute(DIE)
        ledger = Ledger(data)
        writes = {step: written(ledger, write) for step, write in road()}
        assert all(len(tables) >= 5 for tables in writes.values()), writes
        touched = sorted({table for tables in writes.values() for table in tables})
        kills = 0
        for step, write in road():
            key = str(uuid4())
            before = ledger.digests(touched)
            for table in writes[step]:
                for trigger in (BEFORE, AT_COMMIT) if table.endswith("_matterstep") else (BEFORE,):
                    with ledger.dying(trigger, table):
                        answer = write(key)
                    connection.close()
                    assert answer.status_code == 503, (step, table, answer.status_code)
                    assert "retry-after" in answer.headers
                    assert ledger.digests(touched) == before, f"{step} left something when it died at {table}"
                    kills += 1
            assert write(key).status_code in (200, 201), f"{step}: the same key must do after {kills} deaths"
            assert sorted(one for one in touched if ledger.digests([one])[one] != before[one]) == sorted(writes[step])
        assert kills >= 60
