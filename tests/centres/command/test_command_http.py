"""Whistles and tasks over HTTP and on their pages, as each person meets them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
SERVICE = "service_officer"


@pytest.fixture(autouse=True)
def service() -> None:
    people.officer(SERVICE, f"{people.COMMUNITY}/service")


def post(who: str, path: str, body: dict[str, Any]) -> Any:
    headers = {"Idempotency-Key": str(uuid4())}
    return cast.client(who).post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def get(who: str, path: str) -> Any:
    return cast.client(who).get(f"/api/v1/{path}")


def test_a_whistle_and_a_task_live_their_lives_over_http() -> None:
    matter = matters.handling()
    community = str(people.organisation(people.COMMUNITY))
    assert community in {one["id"] for one in get(cast.TOWN_DUTY_OFFICER, "whistles/reach").json()}
    blown = post(cast.TOWN_DUTY_OFFICER, "whistles/", {"matter_id": str(matter.id), "called": [community], "demand": "请到场"})  # fmt: skip
    assert blown.status_code == 201
    assert get(cast.TOWN_DUTY_OFFICER, blown.headers["Location"].removeprefix("/api/v1/")).json()["number"] == blown.json()["number"]  # fmt: skip
    call = blown.json()["calls"][0]["id"]
    waiting = get(SERVICE, "calls/?box=waiting").json()["rows"]
    assert [(one["id"], one["strip"], one["limit"]["example"]) for one in waiting] == [(call, [True, False, False, False], True)]  # fmt: skip
    declined = post(SERVICE, f"calls/{call}/answer", {"step": "decline", "text": "忙"})
    assert (declined.status_code, declined.json()["code"], declined.json()["where"]) == (422, "text_needed", "clause")
    late = post(SERVICE, f"calls/{call}/answer", {"step": "accept", "responder": "班组", "arrive_by": "2020-01-01T00:00:00+08:00"})  # fmt: skip
    assert late.json()["code"] == "bad_arrival"
    arrived = post(SERVICE, f"calls/{call}/answer", {"step": "arrive"})
    assert (arrived.status_code, arrived.json()["code"]) == (409, "wrong_step")
    assert post(cast.TOWN_HANDLER, f"calls/{call}/answer", {"step": "look"}).status_code == 403
    assert post(cast.GRID_WORKER, f"calls/{call}/answer", {"step": "look"}).status_code == 404
    assert post(SERVICE, f"calls/{call}/follow", {"step": "call_off", "text": "不来"}).status_code == 404
    assert post(SERVICE, f"calls/{call}/answer", {"step": "look", "hint": 1}).status_code == 422
    off = post(cast.TOWN_DUTY_OFFICER, f"calls/{call}/follow", {"step": "call_off", "text": "已处置"})
    assert (off.status_code, off.json()["state"]) == (200, "called_off")
    given = post(
        cast.TOWN_HANDLER, "tasks/", {"matter_id": str(matter.id), "organisation": community, "demand": "清理"}
    )
    assert given.status_code == 201
    task = given.json()["id"]
    for step, state in (("acknowledge", "taken_up"), ("report_back", "taken_up"), ("complete", "completed")):
        assert post(SERVICE, f"tasks/{task}/do", {"step": step, "text": "好"}).json()["state"] == state
    shown = get(cast.TOWN_HANDLER, f"tasks/{task}").json()
    assert [one["step"] for one in shown["entries"]] == ["give", "acknowledge", "report_back", "complete"]


def page(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode())


def test_the_pages_lead_from_the_matter_to_the_answer_and_back() -> None:
    matter = matters.handling()
    duty, service = cast.client(cast.TOWN_DUTY_OFFICER), cast.client(SERVICE)
    desk = page(duty, f"/desk/matters/{matter.id}/")
    assert f"/command/whistles/new/?matter={matter.id}" in desk
    assert f"/command/tasks/new/?matter={matter.id}" in desk
    form = duty.post(f"/command/whistles/new/?matter={matter.id}", {"key": str(uuid4()), "demand": "请到场"})
    assert form.status_code == 422
    told = {"key": str(uuid4()), "demand": "请携水泵", "called": [str(people.organisation(people.COMMUNITY))]}
    assert duty.post(f"/command/whistles/new/?matter={matter.id}", told).status_code == 302
    again = duty.post(f"/command/whistles/new/?matter={matter.id}", {**told, "key": str(uuid4())})
    assert again.status_code == 422
    assert "已经参与此事" in again.content.decode()
    board = page(service, "/command/")
    address = board.split('href="/command/calls/')[1].split('"')[0]
    assert "已送达" in board
    assert "报到" in page(service, f"/command/calls/{address}")
    desk = page(duty, f"/desk/matters/{matter.id}/")
    assert "叫应" in desk
    assert desk.count('<li class="on">') == 2
    moved = service.post(f"/command/calls/{address}accept/", {"responder": "班组", "arrive_by": ""})
    assert moved.status_code == 422
    assert service.get(f"/command/calls/{address}lapse/").status_code == 404
    assert cast.client(cast.SIBLING_DUTY_OFFICER).get(f"/command/calls/{address}").status_code == 404


def test_a_close_request_asks_about_open_tasks() -> None:
    from city1361.centres.command import api as command
    from city1361.centres.execution.road.participation import explain_open_work

    matter = matters.handling()
    command.task_give(by=cast.by(cast.TOWN_HANDLER), client_key=str(uuid4()), matter_id=matter.id, organisation=people.organisation(people.COMMUNITY), demand="清理现场")  # fmt: skip
    told = {"result": "solved", "text": "已修复"}
    headers = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{matters.look(matter, cast.TOWN_HANDLER).version}"'}
    client = cast.client(cast.TOWN_HANDLER)
    path = f"/api/v1/matters/{matter.id}/steps/request_close"
    refused = client.post(path, told, content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "assisting_open")
    assert "社区事务服务中心" in refused.json()["message"]
    with matters.seen_by(cast.TOWN_HANDLER):
        assert "不影响通行" in explain_open_work(matter.id, "不影响通行")
    explained = client.post(
        path, {**told, "unfinished": "不影响通行"}, content_type="application/json", headers=headers
    )
    assert explained.status_code == 200
    assert "不影响通行" in matters.history(matter)[-1].text
