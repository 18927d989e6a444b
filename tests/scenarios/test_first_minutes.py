"""The first five minutes of three people: a grid worker, a citizen, and an officer who may not push work down."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast
from tests.scenarios.test_first_matter import Person
from tests.scenarios.test_three_levels import chosen, report

pytestmark = pytest.mark.django_db

LIFT, BUILDING_SITE = "01076", "08001"


def read(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def closed(matter: str, town: Person, handler: Person, checker: Person) -> Any:
    """From the admission to the close, each by another."""
    town.step(matter, "admit", handler_post=chosen(town, matter, "handler_post", "综合执法岗"))
    handler.step(matter, "acknowledge")
    handler.step(matter, "report_progress", text="城管队已到场")
    handler.step(matter, "request_close", result="solved", text="已扶正")
    checker.step(matter, "check_pass")
    return town.step(matter, "close", result="solved")


def test_the_grid_worker_sees_who_has_the_report_and_since_when() -> None:
    worker, town, handler = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER), Person(cast.TOWN_HANDLER)
    matter = report(worker, photos=[worker.photo(3)])
    seen = worker.get(f"/matters/{matter}")
    assert (seen["first_receiver"]["name"], seen["lead"]) == ("示范街道基层治理指挥中心", None)
    assert "已送达治理中心，等待受理" in read(worker, "/my/reports/")

    town.step(matter, "admit", handler_post=chosen(town, matter, "handler_post", "综合执法岗"))
    handler.step(matter, "acknowledge")
    seen = worker.get(f"/matters/{matter}")
    lead = seen["lead"]["organisation"]["name"]
    assert seen["stage"]["started_at"] == worker.get(f"/matters/{matter}/history")["steps"][-1]["at"]
    for page in ("/my/reports/", f"/my/reports/{matter}/"):
        shown = read(worker, page)
        assert f"{lead}正在处理" in shown
        assert "起</span>" in shown


def test_the_citizen_says_not_solved_and_the_first_promise_still_holds() -> None:
    citizen, town = Person(cast.RESIDENT), Person(cast.TOWN_DUTY_OFFICER)
    handler, checker = Person(cast.TOWN_HANDLER), Person(cast.TOWN_CHECKER)
    matter = report(citizen)
    promised = citizen.get(f"/matters/{matter}")["total"]
    assert closed(matter, town, handler, checker)["state"] == "closed"
    assert "已扶正" in read(citizen, f"/my/reports/{matter}/")
    assert citizen.step(matter, "reopen", 422, text=" ")["where"] == "text"
    again = citizen.step(matter, "reopen", text="又歪了")
    assert (again["state"], again["reopened_count"], again["result"]) == ("handling", 1, None)
    assert (again["total"]["started_at"], again["total"]["due_at"]) == (promised["started_at"], promised["due_at"])
    assert again["total"]["stopped_at"] is None
    assert matter in handler.todo()
    assert "正在处理" in read(citizen, f"/my/reports/{matter}/")


def test_what_the_district_took_back_is_not_pushed_down_to_a_town() -> None:
    worker, town, district = (
        Person(cast.GRID_WORKER),
        Person(cast.TOWN_DUTY_OFFICER),
        Person(cast.DISTRICT_DUTY_OFFICER),
    )
    matter = report(worker, matter_type=LIFT, description="电梯困人，多次报修未修")
    town.step(matter, "send_up", text="电梯由上级部门监管")
    district.step(matter, "acknowledge")
    for name in ("示范街道", "榜样街道"):
        refused = district.step(matter, "assign", 403, lower_centre=chosen(district, matter, "lower_centre", name))
        assert (refused["code"], refused["where"]) == ("duty_reclaimed", "lower_centre")
        assert name in refused["message"]
        assert "示例清单·上级收回第5项" in refused["message"]
        assert "以本地公布的履职事项清单为准" in refused["message"]
    still = district.get(f"/matters/{matter}")
    assert (still["state"], still["current_level"], still["version"]) == ("dispatching", "district", 3)

    bureau = Person(cast.DISTRICT_HANDLER)
    district.step(matter, "route", handler_post=chosen(district, matter, "handler_post", "城市管理局"))
    assert matter in bureau.todo()


def test_with_what_a_town_assists_a_department_leads() -> None:
    worker, town, district = (
        Person(cast.GRID_WORKER),
        Person(cast.TOWN_DUTY_OFFICER),
        Person(cast.DISTRICT_DUTY_OFFICER),
    )
    bureau = Person(cast.DISTRICT_HANDLER)
    matter = report(worker, matter_type=BUILDING_SITE, description="工地围挡破损")
    town.step(matter, "send_up", text="工地由区里监管")
    district.step(matter, "acknowledge")
    centre = chosen(district, matter, "lower_centre", "示范街道")
    refused = district.step(matter, "assign", 422, lower_centre=centre)
    assert (refused["code"], refused["where"]) == ("department_leads", "lead_post")
    assert "示例清单·配合履职第7项" in refused["message"]

    lead = chosen(district, matter, "lead_post", "城市管理局")
    assigned = district.step(matter, "assign", lower_centre=centre, lead_post=lead)
    assert (assigned["lead"]["organisation"]["name"], assigned["current_level"]) == ("东城区城市管理局", "district")
    assists = [(one["organisation"]["name"], one["role"]) for one in assigned["participants"]]
    assert ("示范街道基层治理指挥中心", "assist") in assists
    assert "acknowledge" in bureau.offered(matter)
    assert "acknowledge" not in town.offered(matter)
