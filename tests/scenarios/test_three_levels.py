"""A matter walks from a town to its district, to a department and back: told through HTTP, each person signed in."""

from __future__ import annotations

from typing import Any

import pytest

from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.scenarios.test_first_matter import Person

pytestmark = pytest.mark.django_db


def report(worker: Person, **more: Any) -> str:
    grid = areas.by_code("119901001001001")
    given = {"matter_type": "01003", "description": "路灯杆倾斜，快要倒了", "area_id": str(grid.id), **more}
    return str(worker.post("/matters/", given, 201)["id"])


def chosen(person: Person, matter: str, field: str, words: str) -> str:
    """The code of the choice that says so."""
    found = person.get(f"/matters/{matter}/choices?field={field}")
    return next(one["code"] for one in found if words in one["label"])


def test_a_matter_goes_through_three_levels_and_back() -> None:
    worker, town = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER)
    district, city = Person(cast.DISTRICT_DUTY_OFFICER), Person(cast.CITY_DUTY_OFFICER)
    bureau, checker = Person(cast.DISTRICT_HANDLER), Person(cast.DISTRICT_CHECKER)
    matter = report(worker)
    due = town.get(f"/matters/{matter}")["total"]["due_at"]

    # The town cannot deal with it and sends it up; the district must not assign it back in a circle.
    sent = town.step(matter, "send_up", text="灯杆由区城管局管理，街道无登高设备")
    assert (sent["state"], sent["lead"]["organisation"]["name"]) == ("admitted", "东城区数字化城市运行和治理中心")
    assert matter in district.todo()
    assert "acknowledge" not in town.offered(matter)
    district.step(matter, "acknowledge")
    town_centre = chosen(district, matter, "lower_centre", "示范街道")
    refused = district.step(matter, "assign", 409, lower_centre=town_centre)
    assert refused["code"] == "assigned_in_a_circle"

    # The district sends it to the city, which assigns it to the district: there it stays.
    district.step(matter, "send_up", text="涉及市管干道")
    assert matter in city.todo()
    city.step(matter, "acknowledge")
    assert city.step(matter, "assign", 409, lower_centre=chosen(city, matter, "lower_centre", "东城区"))["code"]
    returned = city.step(matter, "send_back", text="该路段已移交区管，请区里办理")
    assert (returned["state"], returned["returned_count"]) == ("dispatching", 1)

    # The district routes it to its department, which handles it; its checker checks, the town closes.
    district.step(matter, "route", handler_post=chosen(district, matter, "handler_post", "城市管理局"))
    bureau.step(matter, "acknowledge")
    bureau.step(matter, "report_progress", text="已派登高车")
    bureau.step(matter, "request_close", result="solved", text="已扶正并加固")
    checker.step(matter, "check_pass", text="现场稳固")
    assert matter in town.todo()
    assert matter not in district.todo()
    closed = town.step(matter, "close", result="solved")
    assert (closed["state"], closed["total"]["due_at"]) == ("closed", due)
    assert worker.step(matter, "agree", satisfaction="satisfied")["satisfaction"] == "satisfied"

    # Every hand-over has its receipt, every step its line, and the reporter can follow it all.
    receipts = worker.get(f"/matters/{matter}/hand-overs")
    assert [one["kind"] for one in receipts] == ["sent_up", "sent_up", "routed"]
    assert all(one["acknowledged_at"] for one in receipts)
    steps = [one["step"] for one in worker.get(f"/matters/{matter}/history")["steps"]]
    assert steps == [
        "report", "send_up", "acknowledge", "send_up", "acknowledge", "send_back", "route", "acknowledge",
        "report_progress", "request_close", "check_pass", "close", "agree",
    ]  # fmt: skip
    excluded = town.get(f"/matters/{matter}/exclusions")
    assert [(one["kind"], one["reason"]) for one in excluded] == [("returned", "该路段已移交区管，请区里办理")]


def test_the_second_return_is_ruled_on_and_the_ruling_is_offered_the_next_time() -> None:
    worker, town, handler = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER), Person(cast.TOWN_HANDLER)
    district = Person(cast.DISTRICT_DUTY_OFFICER)
    matter = report(worker)
    team = chosen(town, matter, "handler_post", "综合执法岗")
    town.step(matter, "admit", handler_post=team)
    assert handler.step(matter, "send_back", 422, text=" ")["where"] == "text"
    handler.step(matter, "send_back", text="灯杆不属执法事项")
    assert matter in town.todo()
    town.step(matter, "route", handler_post=team)
    disputed = handler.step(matter, "send_back", text="仍不属执法事项")
    assert disputed["state"] == "designating"
    assert "designate" not in town.offered(matter)
    assert matter in district.todo()

    party = chosen(district, matter, "party", "东城区城市管理局")
    ruled = district.step(matter, "designate", party=party, clause="城市照明管理分工", text="灯杆由区城管局维护")
    assert (ruled["state"], ruled["lead"]["organisation"]["name"]) == ("admitted", "东城区城市管理局")
    bureau = Person(cast.DISTRICT_HANDLER)
    assert bureau.step(matter, "send_back", 403, text="不归我们")["code"] == "matter_designated"
    bureau.step(matter, "acknowledge")

    again = report(worker, description="另一处灯杆倾斜")
    offered = town.get(f"/matters/{again}/rulings")
    assert [(one["organisation"], one["clause"], one["same_town"]) for one in offered] == [
        ("东城区城市管理局", "城市照明管理分工", True)
    ]
    assert "灯杆由区城管局维护" in town.client.get(f"/desk/matters/{again}/steps/admit/").content.decode()


def test_who_asks_for_time_cannot_grant_it_himself() -> None:
    worker, town, handler = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER), Person(cast.TOWN_HANDLER)
    commander = Person(cast.TOWN_COMMANDER)
    matter = report(worker)
    town.step(matter, "admit", handler_post=chosen(town, matter, "handler_post", "综合执法岗"))
    handler.step(matter, "acknowledge")
    due = handler.get(f"/matters/{matter}")["total"]["due_at"]
    town.step(matter, "request_extend", text="等待供货", amount=2, unit="working_day")
    assert "extend" not in town.offered(matter)
    assert town.step(matter, "extend", 403)["code"] == "asked_himself"
    assert handler.step(matter, "request_pause", 409, text="再等等")["code"] == "request_waiting"
    assert commander.offered(matter) == ["extend", "reject_request"]
    extended = commander.step(matter, "extend", text="同意")
    assert extended["total"]["due_at"] > due
    line = town.get(f"/matters/{matter}/exclusions")[0]
    assert (line["kind"], line["total_due_before"], line["total_due_after"]) == (
        "extended", due, extended["total"]["due_at"],
    )  # fmt: skip

    handler.step(matter, "request_shelve", text="地下管线待改造", owner=owner(handler, matter), review_on=later())
    shelved = commander.step(matter, "shelve_matter")
    assert shelved["total"]["stopped_at"] is not None
    assert handler.step(matter, "request_close", 409, result="solved", text="好了")["code"] == "matter_shelved"
    assert [one["id"] for one in town.get("/matters/shelved")] == [matter]
    town.step(matter, "unshelve", text="已列入改造")
    assert handler.step(matter, "request_close", result="solved", text="好了")["state"] == "close_requested"


def owner(person: Person, matter: str) -> str:
    return chosen(person, matter, "owner", "事务服务中心")


def later() -> str:
    from datetime import timedelta

    return (areas.today() + timedelta(days=30)).isoformat()


def test_what_another_post_does_for_the_leading_one_shows_both() -> None:
    worker, town, handler = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER), Person(cast.TOWN_HANDLER)
    assistant = Person(cast.TOWN_ASSISTANT)
    matter = report(worker)
    town.step(matter, "admit", handler_post=chosen(town, matter, "handler_post", "综合执法岗"))
    handler.step(matter, "acknowledge")
    assert "request_close" not in assistant.offered(matter)
    handler.step(matter, "delegate", own_post=chosen(handler, matter, "own_post", "值班岗"), text="出差三天")
    assistant.step(matter, "request_close", result="solved", text="已扶正")
    last = town.get(f"/matters/{matter}/history")["steps"][-1]
    assert (last["who"], last["on_behalf_of"]) == ("执法大队值班岗", "综合执法岗")
