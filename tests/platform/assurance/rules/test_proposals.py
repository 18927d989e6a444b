"""A change of the rules on its way: proposed, previewed, decided by another person, published; then as a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from city1361.base.calendar.models import WorkingCalendar
from city1361.base.evidence.models import EvidenceEntry
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.base.kernel.ids import new_id
from city1361.centres.execution import api as execution
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.rules import publishing, queries
from city1361.platform.assurance.rules.models import RuleEdition
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/rules/proposals"


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.frozen(datetime.now(UTC) + timedelta(hours=1)):
        yield


def limit(amount: int, unit: str = "working_hour", key: str = "06010") -> rules.Change:
    kept = queries.latest(None).content["classifications"][key]
    limits = {**kept["limits"], "total": {"normal": {"amount": amount, "unit": unit}}}
    return rules.Change("classifications", key, {**kept, "limits": limits})


def proposed(*changes: rules.Change, by: str = cast.DATA_BUREAU, **more: Any) -> Any:
    given = {"title": "暴露垃圾从严", "reason": "投诉多", "starts_on": areas.today(), **more}
    return rules.rule_propose(by=cast.by(by), changes=changes or (limit(3),), **given)


def district() -> Any:
    return areas.by_code("119901").id


def tightening(amount: int, unit: str = "working_hour", key: str = "06010") -> rules.Change:
    return rules.Change("classifications", key, {"limits": {"total": {"normal": {"amount": amount, "unit": unit}}}})


def test_a_change_is_published_by_another_person_and_a_matter_keeps_the_rules_of_its_day() -> None:
    today = areas.today()
    before, entries = rules.library(today), EvidenceEntry.objects.count()
    row = proposed(starts_on=today + timedelta(days=3))
    edition = rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id)
    assert EvidenceEntry.objects.count() == entries + 2
    assert rules.library(today).total("06010", "normal") == rules.Limit(4, "working_hour")
    later = rules.library(today + timedelta(days=3))
    assert (later.edition, later.total("06010", "normal")) == (edition.id, rules.Limit(3, "working_hour"))
    assert rules.edition_library(before.edition, today).total("06010", "normal") == rules.Limit(4, "working_hour")
    assert len(edition.digest) == 64


def test_nobody_approves_his_own_or_a_change_over_rules_that_moved_on() -> None:
    row, other = proposed(), proposed(limit(2))
    with pytest.raises(Missing):
        rules.rule_approve(by=cast.by(cast.DATA_BUREAU), proposal=row.id)
    row.proposer = cast.account(cast.SECURITY_ADMIN).id
    row.save()
    with pytest.raises(Refused):
        rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id)
    rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=other.id)
    with pytest.raises(Conflict):
        rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=other.id)
    row.proposer = None
    row.save()
    with pytest.raises(Conflict) as moved:
        rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id)
    assert moved.value.code == "rules_moved"


def test_a_rejection_has_a_reason_and_only_the_proposer_withdraws() -> None:
    row = proposed()
    with pytest.raises(Invalid):
        rules.rule_reject(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id, reason=" ")
    assert rules.rule_reject(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id, reason="依据不足").state == "rejected"
    other = proposed()
    with pytest.raises(Missing):
        rules.rule_withdraw(by=cast.by(cast.DISTRICT_DUTY_OFFICER), proposal=other.id)
    assert rules.rule_withdraw(by=cast.by(cast.DATA_BUREAU), proposal=other.id).state == "withdrawn"


def test_a_change_that_is_none_or_reaches_back_or_does_not_fit_is_refused() -> None:
    with pytest.raises(Conflict):
        proposed(limit(4))
    with pytest.raises(Invalid) as early:
        proposed(starts_on=date(2020, 1, 1))
    assert early.value.code == "starts_too_early"
    with pytest.raises(Invalid) as wrong:
        proposed(rules.Change("classifications", "06010", {"level": "moon"}))
    assert wrong.value.where.startswith("classifications.06010")


def test_a_district_tightens_its_own_and_the_city_carries_it_over() -> None:
    today, mine = areas.today(), district()
    with pytest.raises(Invalid) as looser:
        proposed(tightening(5), by=cast.DISTRICT_DUTY_OFFICER, area=mine)
    assert (looser.value.code, looser.value.where) == ("looser", "classifications.06010.limits.total.normal")
    with pytest.raises(Missing):
        proposed(tightening(2), by=cast.DISTRICT_DUTY_OFFICER, area=areas.by_code("119902").id)
    with pytest.raises(Missing):
        proposed(by=cast.DISTRICT_DUTY_OFFICER)
    row = proposed(tightening(2), by=cast.DISTRICT_DUTY_OFFICER, area=mine)
    rules.rule_approve(by=cast.by(cast.DISTRICT_DIRECTOR), proposal=row.id)
    town = areas.by_code("119901001").id
    assert rules.library(today, town).total("06010", "normal") == rules.Limit(2, "working_hour")
    assert rules.library(today).total("06010", "normal") == rules.Limit(4, "working_hour")
    city = proposed(limit(1))
    rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=city.id)
    assert rules.library(today, town).total("06010", "normal") == rules.Limit(1, "working_hour")


def test_an_edition_can_not_be_changed_nor_a_package_overwrite_what_was_decided() -> None:
    row = proposed()
    rules.rule_approve(by=cast.by(cast.SECURITY_ADMIN), proposal=row.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleEdition.objects.update(reason="anders")
    known = queries.latest(None).content
    origin = known["classifications"]["06010"]["origin"]
    part = {
        section: {key: one for key, one in entries.items() if one["origin"] == origin}
        for section, entries in known.items()
    }
    part["classifications"] = {**part["classifications"], "06010": {"origin": origin}}
    assert publishing.with_part(known, origin, part)["classifications"]["06010"]["decided"] == str(row.id)
    with pytest.raises(Conflict):
        publishing.with_part(known, "other/package", part)


def test_a_change_is_tried_on_the_matters_of_last_month() -> None:
    last_month = areas.today().replace(day=1) - timedelta(days=1)
    moment = datetime(last_month.year, last_month.month, min(last_month.day, 28), 1, tzinfo=UTC)
    for matter_type, day in (("06010", 0), ("06010", 1), ("06003", 2)):
        with clock.frozen(moment - timedelta(days=day)):
            execution.matter_report(
                by=By.system("热线"), client_key=str(new_id()), matter_type=matter_type, description="垃圾",
                area_id=areas.by_code("119901001001001").id,
            )  # fmt: skip
    told = proposed(limit(2)).preview
    assert (told["matters"], told["other_limits"], told["other_levels"]) == (3, 2, 0)
    assert (told["overdue_before"], told["overdue_after"]) == (3, 3)
    change = limit(10_000)
    told = proposed(rules.Change(change.section, change.key, {**change.value, "level": "district"})).preview
    assert (told["other_limits"], told["other_levels"], told["overdue_after"]) == (2, 2, 1)


def test_the_same_is_done_through_http() -> None:
    bureau, security = cast.client(cast.DATA_BUREAU), cast.client(cast.SECURITY_ADMIN)
    change = limit(3)
    body = {
        "title": "从严", "reason": "投诉多", "starts_on": areas.today().isoformat(),
        "changes": [{"section": change.section, "key": change.key, "value": change.value}],
    }  # fmt: skip

    def post(client: Any, address: str, given: dict[str, Any]) -> Any:
        return client.post(address, json.dumps(given), content_type="application/json")

    assert post(bureau, ADDRESS, {**body, "sneaky": 1}).status_code == 422
    assert post(cast.client(cast.TOWN_DUTY_OFFICER), ADDRESS, body).status_code == 404
    made = post(bureau, ADDRESS, body)
    assert made.status_code == 201, made.content
    told = made.json()
    assert [(one["before"], one["after"]) for one in told["changes"]] == [("4个工作时", "3个工作时")]
    assert set(told["preview"]) >= {"matters", "other_limits", "other_levels", "overdue_before", "overdue_after"}
    assert post(bureau, f"{ADDRESS}/{told['id']}/approve", {}).status_code == 404
    assert post(security, f"{ADDRESS}/{told['id']}/approve", {}).status_code == 200
    found = security.get("/api/v1/rules/", {"q": "06010"}).json()
    assert found["types"][-1]["limits"][0]["limits"][0]["words"] == "3个工作时"
    assert security.get("/api/v1/rules/duties").json()[0]["example"] is True
    assert "returns_before_ruling" in [one["code"] for one in security.get("/api/v1/rules/parameters").json()]
    assert len(security.get("/api/v1/rules/editions").json()) >= 2


def test_officials_read_the_rules_and_propose_by_a_form() -> None:
    bureau = cast.client(cast.DATA_BUREAU)
    page = bureau.get("/rules/", {"q": "06010"}).content.decode()
    assert "4个工作时" in page
    assert "示例" in page
    assert "彻底清理" in page
    assert "公用电梯安全监督检查" in bureau.get("/rules/duties/", {"town": "119901001"}).content.decode()
    assert "4个工作时" in bureau.get("/rules/parameters/").content.decode()
    assert cast.client(cast.RESIDENT).get("/rules/").status_code == 404
    form = {"key": "06010", "stage": "total", "urgency": "normal", "amount": 3, "unit": "working_hour"}
    form |= {"starts_on": areas.today().isoformat(), "reason": "投诉多"}
    assert bureau.get("/rules/proposals/new/").status_code == 200
    assert bureau.post("/rules/proposals/new/", {**form, "amount": 4}).status_code == 422
    made = bureau.post("/rules/proposals/new/", form)
    assert made.status_code == 302
    assert "批准并发布" not in bureau.get(made["Location"]).content.decode()
    security = cast.client(cast.SECURITY_ADMIN)
    assert "批准并发布" in security.get(made["Location"]).content.decode()
    security.post(f"{made['Location']}decide/", {"decision": "approve"})
    assert "已批准" in security.get("/rules/proposals/").content.decode()


def test_a_calendar_that_ends_is_said_in_advance_on_the_page() -> None:
    bureau = cast.client(cast.DATA_BUREAU)
    for days, said in ((20, True), (400, False)):
        WorkingCalendar.objects.update(covered_until=areas.today() + timedelta(days=days), edition=new_id())
        banner = rules_banner(areas.today() + timedelta(days=days))
        assert (banner in bureau.get("/rules/parameters/").content.decode()) is said


def rules_banner(ends: date) -> str:
    return f"法定节假日安排只到{ends.isoformat()}"
