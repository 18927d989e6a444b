"""Lists and counts over many rows: every level walks an index of its own column and stops early."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from city1361.base.database import api as database
from city1361.centres.execution.api import Tab, Wanted
from city1361.centres.execution.listings import lists
from city1361.centres.execution.listings.filters import wanted_from
from city1361.centres.execution.models import Matter
from tests import cast
from tests.centres.execution import matters

ROWS = 20_000
OPEN_SHARE = 50  # one in so many is open
PAGE = 50
MANY = """
SET LOCAL city1361.everything = 'on'; SET LOCAL city1361.areas = '{}'; SET LOCAL city1361.organisations = '{}';
SET LOCAL city1361.account = '00000000-0000-0000-0000-000000000000';
INSERT INTO centres_execution_matter
SELECT (jsonb_populate_record(m, jsonb_build_object(
    'id', overlay(m.id::text placing lpad(to_hex(n), 12, '0') from 25),
    'number', 'T' || n,
    'state', CASE WHEN n % %(open)s = 0 THEN 'reported' ELSE 'closed' END,
    'district_id', CASE WHEN n % 10 = 0 THEN m.district_id ELSE %(other)s END,
    'town_id', CASE WHEN n % 30 = 0 THEN m.town_id ELSE %(other)s END,
    'village_id', CASE WHEN n % 300 = 0 THEN m.village_id ELSE %(other)s END,
    'grid_id', CASE WHEN n % 300 = 0 THEN m.grid_id ELSE %(other)s END))).*
  FROM centres_execution_matter m, generate_series(1, %(rows)s) AS n WHERE m.id = %(model)s;
"""


@pytest.fixture(scope="module")
def many(databases: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Twenty thousand matters, most of them elsewhere and closed."""
    from django.db import connections

    with django_db_blocker.unblock():
        model = matters.reported()
        with databases.owner() as owner, owner.transaction():
            fill = {
                "open": OPEN_SHARE,
                "rows": ROWS,
                "model": model.id,
                "other": "00000000-0000-7000-8000-000000000001",
            }
            cursor = psycopg.ClientCursor(owner)
            cursor.execute(MANY.replace("% ", "%% "), fill)
        with databases.owner() as owner:
            owner.execute("ANALYZE centres_execution_matter")
        yield
        connections.close_all()
    databases.renew()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def explained(rows: Any) -> dict[str, Any]:
    text = rows.explain(format="json", analyze=True, buffers=True)
    plan: dict[str, Any] = json.loads(text)[0]["Plan"]
    return plan


def read_rows(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes that touched matters at all."""
    return [
        node
        for node in nodes(plan)
        if node.get("Relation Name", "").startswith("centres_execution_matter_") and node["Actual Loops"]
        if node["Actual Rows"] or node.get("Rows Removed by Filter")
    ]


LEVELS = {
    cast.GRID_WORKER: "grid_id",
    cast.TOWN_DUTY_OFFICER: "town_id",
    cast.DISTRICT_DUTY_OFFICER: "district_id",
    cast.CITY_DUTY_OFFICER: "",
}


@pytest.mark.parametrize("who", LEVELS)
def test_the_newest_fifty_of_every_level_are_an_index_scan_that_stops(
    many: None, django_db_blocker: Any, who: str
) -> None:
    with django_db_blocker.unblock(), matters.seen_by(who) as asking:
        branches = lists.branches_of(asking["scope"], asking["by"], Tab.ALL, Wanted())
        assert len(branches) == 1
        plan = explained(Matter.objects.filter(branches[0]).order_by("-id")[:PAGE])
    touched = read_rows(plan)
    assert touched
    for node in touched:
        assert node["Node Type"] == "Index Scan", node["Node Type"]
        assert node.get("Rows Removed by Filter", 0) <= PAGE
        assert LEVELS[who] in node.get("Index Cond", "")
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= 4 * PAGE


@pytest.mark.parametrize("who", [cast.TOWN_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER])
@pytest.mark.parametrize("tab", [Tab.TODO, Tab.DOING])
def test_open_lists_and_counts_look_at_open_matters_of_the_level_only(
    many: None, django_db_blocker: Any, who: str, tab: Tab
) -> None:
    with django_db_blocker.unblock(), matters.seen_by(who) as asking:
        branches = lists.branches_of(asking["scope"], asking["by"], tab, Wanted())
        plans = [explained(Matter.objects.filter(branch).order_by("-id").values("id")) for branch in branches]
    open_rows = ROWS // OPEN_SHARE
    for plan in plans:
        for node in read_rows(plan):
            assert node["Node Type"] in ("Index Scan", "Index Only Scan", "Bitmap Heap Scan"), node["Node Type"]
            assert node["Actual Rows"] + node.get("Rows Removed by Filter", 0) <= open_rows + 1
        assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= 3 * open_rows


def test_an_area_below_the_scope_is_read_by_its_own_column(many: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        chosen = wanted_from({"area": str(matters.grid())})
        with matters.seen_by(cast.CITY_DUTY_OFFICER) as asking:
            branches = lists.branches_of(asking["scope"], asking["by"], Tab.ALL, chosen)
            plan = explained(Matter.objects.filter(branches[0]).order_by("-id")[:PAGE])
    assert all("grid_id" in node.get("Index Cond", "") for node in read_rows(plan))
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= 4 * PAGE


def test_the_check_itself_sees_a_list_that_reads_everything(many: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), database.scoped(cast.scope(cast.TOWN_DUTY_OFFICER)):
        plan = explained(Matter.objects.filter(address__contains="没有这条路").order_by("-id")[:PAGE])
    assert sum(node.get("Rows Removed by Filter", 0) for node in read_rows(plan)) > ROWS / 2
