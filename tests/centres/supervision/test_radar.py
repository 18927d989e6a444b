"""Signs listed for inspection: each from its definition, once, seen within one's area, looked at by somebody outside."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.files.models import StoredFile
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Missing, Refused, Unauthenticated
from city1361.base.kernel.ids import id_at, new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter, MatterExclusion, MatterStep
from city1361.centres.supervision import api
from city1361.centres.supervision.models import RadarFinding, RadarScan
from city1361.centres.supervision.radar import decisions
from city1361.centres.supervision.radar.decisions import Thresholds
from city1361.centres.supervision.terms import Sign
from tests import cast
from tests.centres.execution import matters

SYSTEM = By.system("检查清单")
UTC8 = timezone(timedelta(hours=8))
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC8)
UNIT = uuid4()


def closed(at: datetime, *, due: datetime | None = None, reported: datetime | None = None, own: bool = False) -> Any:
    return SimpleNamespace(
        id=uuid4(), unit=UNIT, reported_at=reported or at - timedelta(days=2), closed_at=at,
        due_at=due or at + timedelta(days=1), self_closed=own,
    )  # fmt: skip


def signs_of(found: list[decisions.Found]) -> dict[Sign, tuple[int, int]]:
    return {one.sign: (one.measured, one.base) for one in found}


def test_each_sign_of_a_day_stands_on_its_definition_and_not_below_its_threshold() -> None:
    limits, hours = Thresholds(), [NOON + timedelta(hours=one) for one in range(4)]
    near = [closed(at, due=at + timedelta(minutes=60)) for at in hours] + [closed(NOON, due=NOON)]
    assert signs_of(decisions.of_a_day(near, limits, UTC8)) == {Sign.NEAR_DUE_CLOSING: (5, 5)}
    assert decisions.of_a_day(near[1:], limits, UTC8) == []
    late = [closed(at, due=at - timedelta(minutes=1)) for at in hours]
    assert decisions.of_a_day(near[:2] + late, limits, UTC8) == []
    others = [closed(NOON + timedelta(hours=one)) for one in range(6)]
    assert decisions.of_a_day(near + others, limits, UTC8) == []  # 5 of 11 are less than half
    bulk = [closed(NOON + timedelta(minutes=one)) for one in range(11)]
    assert signs_of(decisions.of_a_day(bulk, limits, UTC8)) == {Sign.BULK_CLOSING: (11, 11)}
    assert decisions.of_a_day([closed(NOON + timedelta(minutes=2 * one)) for one in range(11)], limits, UTC8) == []
    night = [closed(NOON.replace(hour=23, minute=10 * one)) for one in range(5)]
    assert signs_of(decisions.of_a_day(night, limits, UTC8)) == {Sign.DAY_END_CLOSING: (5, 5)}
    instant = [closed(at, reported=at - timedelta(minutes=5)) for at in [*hours, NOON + timedelta(hours=9)]]
    assert signs_of(decisions.of_a_day(instant, limits, UTC8)) == {Sign.INSTANT_CLOSING: (5, 5)}


def test_signs_of_weeks_months_rises_and_extensions() -> None:
    limits, last = Thresholds(), date(2026, 6, 30)
    own = [closed(NOON, own=place < 5) for place in range(10)]
    assert signs_of(decisions.of_a_week(own, limits)) == {Sign.SELF_CLOSING_SHARE: (5, 10)}
    assert decisions.of_a_week([*own, closed(NOON)], limits) == []
    days = {UNIT: {date(2026, 6, one): 2 for one in range(1, 30)}}
    days[UNIT][last] = 6
    assert signs_of(decisions.of_a_month(days, last, own, limits)) == {Sign.MONTH_END_CLOSING: (6, 64)}
    days[UNIT][last] = 5
    assert decisions.of_a_month(days, last, own, limits) == []
    assert signs_of(decisions.rise(Sign.VOID_RISE, UNIT, (6, 8), [], limits)) == {Sign.VOID_RISE: (6, 8)}
    assert decisions.rise(Sign.VOID_RISE, UNIT, (5, 8), [], limits) == []
    assert decisions.rise(Sign.VOID_RISE, UNIT, (4, 0), [], limits) == []
    asked = [(UNIT, uuid4(), NOON, NOON + timedelta(minutes=one * 15)) for one in range(6)]
    assert signs_of(decisions.bunched(asked, limits)) == {Sign.EXTENSION_BUNCH: (5, 6)}
    assert decisions.bunched(asked[1:], limits) == []


def fill(day: execution.Period) -> dict[str, list[UUID]]:
    """A day on which a unit of the cast's town closed eleven in ten minutes, with the same words and a picture twice,
    extended five in the last hour and split a report; and one closing elsewhere."""
    sample = matters.close_requested()
    at, made = day.since + timedelta(hours=10), {}
    with database.scoped(Scope.everything()):
        row = Matter.objects.get(pk=sample.id)
        step = MatterStep.objects.filter(matter=row.pk, step="request_close").get()
        same = {field.attname: getattr(row, field.attname) for field in Matter._meta.concrete_fields}
        said = {field.attname: getattr(step, field.attname) for field in MatterStep._meta.concrete_fields}
        made["closed"] = [
            _copy(same, at + timedelta(minutes=place), state="closed", result="solved") for place in range(11)
        ]
        for place, matter in enumerate(made["closed"][:3]):
            text = "已经处理完毕，现场 恢复原状" if place else "已经处理完毕，现场恢复原状"
            MatterStep.objects.create(**{**said, "id": _id(at), "matter_id": matter, "text": text, "at": at})
        for matter in made["closed"][:2]:
            _picture(matter, at)
        made["parts"] = [_copy(same, at, parent=row.pk) for _ in range(3)]
        for matter in made["closed"][:5]:
            MatterExclusion.objects.create(
                matter_id=matter, kind="extended", since=at, until=at, total_due_before=at + timedelta(minutes=30),
                organisation=row.lead_id,
            )  # fmt: skip
    return made


def _id(at: datetime) -> UUID:
    """An id as it would have been made then; new ones are never older than what this process has made."""
    return UUID(int=id_at(at).int | (new_id().int & ((1 << 60) - 1)))


def _copy(same: dict[str, Any], at: datetime, **given: Any) -> UUID:
    pk = _id(at - timedelta(days=1) if given.get("state") == "closed" else at)
    times = {"reported_at": at - timedelta(days=1), "closed_at": at if "state" in given else None}
    Matter.objects.create(**{**same, "id": pk, "number": f"R{pk.hex[-12:]}", **times, **given})
    return pk


def _picture(matter: UUID, at: datetime) -> None:
    StoredFile.objects.create(
        uploaded_at=at, received_hash=matter.hex * 2, received_bytes=1, content=matter.hex * 2, media_type="image/jpeg",
        bytes=1, fingerprint=0x1234_5678_9ABC, purpose="attachment", data_class="restricted", owner_kind="matter",
        owner_id=str(matter), linked_at=at,
    )  # fmt: skip


def listed(who: str, **more: Any) -> dict[str, api.FindingView]:
    with matters.seen_by(who) as asking:
        return {one.sign.value: one for one in api.radar_findings(scope=asking["scope"], **more)}


@pytest.mark.django_db
def test_a_day_is_listed_once_seen_within_ones_area_and_looked_at_by_somebody_outside() -> None:
    day = execution.period_now(execution.PeriodKind.DAY).before
    made = fill(day)
    count = api.radar_scan(by=SYSTEM, day=day.first)
    found = listed(cast.TOWN_DUTY_OFFICER)
    wanted = {"bulk_closing", "copied_text", "repeated_photo", "extension_bunch", "split_report"}
    assert wanted <= set(found)
    assert count == len(listed(cast.CITY_DUTY_OFFICER)) == len(found)
    assert listed(cast.SIBLING_DUTY_OFFICER) == {}
    assert set(found["bulk_closing"].matters) == set(made["closed"])
    assert (found["copied_text"].measured, found["repeated_photo"].measured) == (3, 2)
    assert set(found["repeated_photo"].matters) == set(made["closed"][:2])
    assert set(made["parts"]) < set(found["split_report"].matters)
    assert found["bulk_closing"].organisation_name
    assert found["bulk_closing"].thresholds["bulk_count"] == 10
    assert api.radar_scan(by=SYSTEM, day=day.first) == 0
    assert api.radar_scan_due(SYSTEM) == 0
    _looked_at(found["copied_text"], cast.CITY_DUTY_OFFICER, day)


def _looked_at(one: api.FindingView, inspector: str, day: execution.Period) -> None:
    handler = By(**{**_values(cast.by(inspector)), "organisation": one.organisation})
    with matters.seen_by(inspector):
        with pytest.raises(Refused, match="own_unit"):
            api.radar_look(by=handler, finding_id=one.id, note="自己看")
        page = cast.client(inspector).get(f"/supervision/radar/{one.id}/").content.decode()
        assert "不是认定" in page
        assert "3件以上的办结说明一字不差" in page
        answer = cast.client(inspector).post(f"/supervision/radar/{one.id}/", {"text": "同一模板，已核对照片"})
        assert answer.status_code == 302
        with pytest.raises(Conflict, match="looked_at_already"):
            api.radar_look(by=cast.by(inspector), finding_id=one.id, note="再看")
    entries = evidence.entries_about("radar_finding", one.id)
    assert [entry.facts["sign"] for entry in entries] == ["copied_text"]
    assert "copied_text" not in listed(inspector, looked=False)
    told = listed(inspector, looked=True)["copied_text"]
    assert told.note == "同一模板，已核对照片"
    board = cast.client(inspector).get("/supervision/radar/?looked=yes&sign=copied_text").content.decode()
    assert "同一模板，已核对照片" in board
    assert cast.client(cast.SIBLING_DUTY_OFFICER).get(f"/supervision/radar/{one.id}/").status_code == 404


def _values(by: By) -> dict[str, Any]:
    return {name: getattr(by, name) for name in By.__dataclass_fields__}


@pytest.mark.django_db
def test_rises_of_a_week_are_listed_when_the_week_is_over_and_no_day_before_its_end() -> None:
    week = execution.period_now(execution.PeriodKind.WEEK).before
    sample = matters.reported()
    with database.scoped(Scope.everything()):
        row = Matter.objects.get(pk=sample.id)
        same = {field.attname: getattr(row, field.attname) for field in Matter._meta.concrete_fields}
        for place in range(6):
            _copy(same, week.since + timedelta(days=2, hours=place), state="refused", result="")
        Matter.objects.filter(state="refused").update(closed_at=None)
    sunday = week.after - timedelta(days=1)
    api.radar_scan(by=SYSTEM, day=sunday)
    found = listed(cast.TOWN_DUTY_OFFICER)
    assert (found["refusal_rise"].measured, found["refusal_rise"].base) == (6, 0)
    with pytest.raises(Conflict, match="day_not_over"):
        api.radar_scan(by=SYSTEM, day=execution.period_now(execution.PeriodKind.DAY).first)
    with pytest.raises((Refused, Missing, Unauthenticated)):
        api.radar_scan(by=cast.by(cast.TOWN_DUTY_OFFICER), day=sunday - timedelta(days=1))
    assert RadarScan.objects.count() == 1
    assert RadarFinding._meta.db_table == "centres_supervision_radarfinding"


@pytest.mark.django_db
def test_thresholds_are_dated_parameters() -> None:
    assert api.radar_thresholds(date(2026, 6, 1)) == Thresholds()


@pytest.mark.django_db
def test_shelf_rulings_and_untouched_open_as_many_rows_as_they_count() -> None:
    matters.reported()
    matters.handling()
    board = cast.client(cast.TOWN_DUTY_OFFICER).get("/supervision/").content.decode()
    for words in ("上报后无人办理", "挂账库", "指定管辖裁定", "检查清单"):
        assert words in board
    with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        assert execution.counted(**asking, flags=(execution.Flag.UNTOUCHED,)) == 1
        assert execution.counted(**asking, flags=(execution.Flag.ON_SHELF,)) == 0
    for address in ("/supervision/shelf/", "/supervision/rulings/", "/supervision/radar/?sign=split_report&looked=no"):
        assert cast.client(cast.TOWN_DUTY_OFFICER).get(address).status_code == 200
        assert cast.client(cast.RESIDENT).get(address).status_code == 404
