"""The second fence: what the database gives when a query forgets to filter."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope
from city1361.centres.execution.models import (
    ExternalNumber,
    Matter,
    MatterParticipant,
    MatterReporter,
    MatterStep,
    ReportKey,
)
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
GUARDED = (Matter, MatterStep, MatterParticipant, ExternalNumber, MatterReporter, ReportKey)


def counted(who: str) -> list[int]:
    with matters.seen_by(who):
        return [model.objects.count() for model in GUARDED]


def test_unfiltered_queries_stay_inside_the_scope() -> None:
    matter = matters.handling(matters.admitted(matters.reported()))
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        ExternalNumber.objects.create(matter_id=matter.id, system="hotline", number="1", updated_at=matter.reported_at)
    # matters, steps, participants, external numbers, reporters, keys
    assert counted(cast.RESIDENT) == [1, 3, 1, 1, 1, 1]
    assert counted(cast.TOWN_DUTY_OFFICER) == [1, 3, 1, 1, 1, 0]
    assert counted(cast.TOWN_HANDLER) == [1, 3, 1, 1, 0, 0]
    assert counted(cast.CITY_DUTY_OFFICER) == [1, 3, 1, 1, 0, 0]
    assert counted(cast.SIBLING_DUTY_OFFICER) == [0] * 6


def test_an_organisation_that_takes_part_sees_the_matter_without_any_area() -> None:
    matter = matters.admitted()
    team = cast.by(cast.TOWN_HANDLER).organisation
    assert team is not None
    with database.scoped(Scope(organisations=frozenset({team}))):
        assert Matter.objects.get().id == matter.id
    with database.scoped(Scope.nothing()):
        assert Matter.objects.count() == 0


def test_somebody_else_s_rows_are_neither_changed_nor_made() -> None:
    matter = matters.reported()
    with matters.seen_by(cast.SIBLING_DUTY_OFFICER):
        assert Matter.objects.filter(pk=matter.id).update(title="改") == 0
        assert MatterStep.objects.filter(matter=matter.id).delete()[0] == 0
        made = MatterStep(
            matter_id=matter.id, version=2, step="close", after="closed", at=matter.reported_at, who="", photos=[]
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            made.save(force_insert=True)


def test_partitions_cannot_be_named_directly(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    parts = owner.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' AND c.relname LIKE 'centres_%'"
    ).fetchall()
    assert len(parts) >= 8
    for (name,) in parts:
        with (
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT 1 FROM {name}")


def test_the_policies_are_forced_on_every_table_that_tells_of_a_matter(
    owner: psycopg.Connection[tuple[object, ...]],
) -> None:
    forced = owner.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relname LIKE 'centres_execution_%'"
    ).fetchall()
    assert {name for (name,) in forced} >= {model._meta.db_table for model in GUARDED}


def test_lists_of_a_town_walk_an_index_of_the_level_column(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    rows = owner.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'centres_execution_matter'")
    indexes = dict(rows.fetchall())
    for level in ("district", "town", "village", "grid"):
        assert f"({level}_id, id DESC)" in str(indexes[f"matter_{level}"])
    assert "WHERE" in str(indexes["matter_open_town"])


def test_the_tables_have_the_columns_of_the_models(owner: psycopg.Connection[tuple[object, ...]]) -> None:
    """Two tables are made partitioned by hand: they must not drift from the models."""
    for model in (Matter, MatterStep):
        rows = owner.execute(
            "SELECT column_name, is_nullable FROM information_schema.columns WHERE table_name = %s",
            [model._meta.db_table],
        ).fetchall()
        expected = {(field.column, "YES" if field.null else "NO") for field in model._meta.concrete_fields}
        assert set(rows) == expected
        kind = owner.execute("SELECT relkind FROM pg_class WHERE relname = %s", [model._meta.db_table]).fetchone()
        assert kind == ("p",)
