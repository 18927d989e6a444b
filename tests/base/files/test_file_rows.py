"""The second fence of files: what the data base shows of them when this module forgets to ask."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from city1361.base.database import api as database
from city1361.base.files import api as files
from city1361.base.files import queries
from city1361.base.files.models import StoredFile
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.grassroots.grids.models import GridVisit
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.base.files import poison
from tests.centres.execution import matters

LEVELS = ("city_id", "district_id", "town_id", "village_id", "grid_id")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def seen(who: str) -> set[UUID]:
    """What raw SQL of one of the cast reads."""
    with database.scoped(cast.scope(who)):
        return set(StoredFile.objects.values_list("id", flat=True))


def plan(cursor: Any, question: str, given: list[Any]) -> dict[str, Any]:
    cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {question}", given)
    told = cursor.fetchone()[0]
    found: dict[str, Any] = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return found


def scans(node: dict[str, Any]) -> set[str]:
    """The ways tables are read in a plan."""
    below = [scans(part) for part in node.get("Plans", ())]
    return {node["Node Type"]}.union(*below) if "Scan" in node["Node Type"] else set().union(*below)


@pytest.mark.django_db
def test_an_upload_is_its_uploaders_in_the_data_base_too() -> None:
    mine = files.store(cast.by(cast.RESIDENT), poison.photo()).id
    nobodys = files.store(By.system("演示数据"), poison.photo()).id
    assert seen(cast.RESIDENT) == {mine}
    for other in (cast.GRID_WORKER, cast.CITY_DUTY_OFFICER, cast.SYSTEM_ADMIN, cast.SECURITY_ADMIN):
        assert seen(other) & {mine, nobodys} == set()
    with database.scoped(Scope.nothing()):
        assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_nobody_uploads_or_gives_away_in_the_name_of_somebody_else() -> None:
    view = files.store(cast.by(cast.RESIDENT), poison.photo())
    resident, worker = cast.account(cast.RESIDENT).pk, cast.scope(cast.GRID_WORKER)
    with database.scoped(worker):
        assert StoredFile.objects.filter(id=view.id).update(name="x") == 0
        assert StoredFile.objects.filter(id=view.id).delete()[0] == 0
        with pytest.raises(Missing):
            files.link(cast.by(cast.GRID_WORKER), [view.id], Subject("thing", "x"))
    with pytest.raises(Error, match="row-level security"), transaction.atomic(), database.scoped(worker):
        StoredFile.objects.create(
            account=resident, uploaded_at=view.uploaded_at, received_hash="0" * 64, received_bytes=1, content="0" * 64,
            media_type="image/jpeg", bytes=1, purpose="attachment", data_class="internal",
        )  # fmt: skip
    with pytest.raises(Error, match="row-level security"), transaction.atomic():
        files.store(By(account=None, label="陌生人", channel="web"), poison.photo())


@pytest.mark.django_db
def test_a_photo_of_a_matter_is_seen_with_its_matter_and_one_of_a_visit_with_its_visit() -> None:
    """A guard that lets everybody look opens nothing: the row is missing."""
    resident, system = cast.by(cast.RESIDENT), By.system("演示数据")
    photo = files.store(resident, poison.photo(), purpose=execution.PHOTO_PURPOSE).id
    matters.reported(cast.RESIDENT, photos=[photo])
    place, now = areas.lineage(matters.grid()).ids, clock.now()
    with database.scoped(Scope.everything()):
        visit = GridVisit.objects.create(
            **dict(zip(LEVELS, place, strict=True)), account=cast.account(cast.GRID_WORKER).pk, who="网格员",
            occurred_at=now, recorded_at=now, client_key=str(uuid4()),
        )  # fmt: skip
        pictured = files.store(system, poison.photo(), owner=Subject("grid_visit", visit.id)).id
        elsewhere = files.store(system, poison.photo(), owner=Subject("thing", "not an id")).id
    assert seen(cast.RESIDENT) == {photo}
    for who in (cast.GRID_WORKER, cast.TOWN_DUTY_OFFICER, cast.CITY_DUTY_OFFICER):
        assert seen(who) == {photo, pictured}
    assert seen(cast.SIBLING_DUTY_OFFICER) == set()
    for who in (cast.SIBLING_DUTY_OFFICER, cast.SYSTEM_ADMIN):
        for file in (photo, pictured, elsewhere, uuid4()):
            answer = cast.client(who).get(f"/files/{file}/", headers={"accept": "application/json"})
            assert answer.status_code == 404
    assert cast.client(cast.GRID_WORKER).get(f"/files/{pictured}/").status_code == 200
    _one_look_by_index(photo, pictured)


def _one_look_by_index(*ids: UUID) -> None:
    """One file, and those of one thing, cost looks by index alone, also under the policies."""
    with database.scoped(cast.scope(cast.TOWN_DUTY_OFFICER)), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # three rows would not be worth an index
        for file in ids:
            found = plan(cursor, "SELECT * FROM base_files_storedfile WHERE id = %s", [file])
            assert (scans(found), found["Actual Rows"]) == ({"Index Scan"}, 1), found
        found = plan(
            cursor,
            "SELECT * FROM base_files_storedfile WHERE owner_kind = 'matter' AND owner_id = %s ORDER BY id",
            [StoredFile.objects.get(id=ids[0]).owner_id],
        )
        assert "Seq Scan" not in scans(found), found
        assert json.dumps(found).count("base_files_owner") == 1, found


@pytest.mark.django_db
def test_the_clean_up_sees_every_row_and_takes_no_bytes_from_anybody() -> None:
    """Run as jobs run, with no scope around it: bytes somebody's row points at stay."""
    from city1361.base.files import keeping

    view = files.store(cast.by(cast.RESIDENT), poison.PDF)
    with database.scoped(Scope.everything()):
        address = StoredFile.objects.get(id=view.id).content
        assert not keeping._release(address)
    assert files.expire_unlinked() == files.sweep_orphans() == 0
    assert queries.store().get(address) == poison.PDF
