"""A broken manhole cover, from the phone to the close and back: told through HTTP, each person signed in."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from city1361.platform.assurance.standards.areas import api as areas
from tests import cast

pytestmark = pytest.mark.django_db


class Person:
    """Somebody of the cast with a browser, who takes steps on the version seen last."""

    def __init__(self, who: str) -> None:
        self.client: Client = cast.client(who)

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, given: dict[str, Any], status: int, **headers: str) -> Any:
        headers = {"Idempotency-Key": str(uuid4()), **headers}
        answer = self.client.post(f"/api/v1{path}", json.dumps(given), content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json()

    def photo(self, shade: int) -> str:
        buffer = BytesIO()
        Image.linear_gradient("L").rotate(shade).save(buffer, "JPEG")
        file = SimpleUploadedFile("现场.jpg", buffer.getvalue(), content_type="image/jpeg")
        answer = self.client.post("/files/", {"file": file, "purpose": "matter_photo"})
        assert answer.status_code in (200, 201), answer.content.decode()
        return str(answer.json()["id"])

    def step(self, matter: str, name: str, status: int = 200, **given: Any) -> Any:
        version = self.get(f"/matters/{matter}")["version"]
        return self.post(f"/matters/{matter}/steps/{name}", given, status, **{"If-Match": f'"{version}"'})

    def todo(self) -> list[str]:
        return [row["id"] for row in self.get("/matters/?tab=todo")["rows"]]

    def offered(self, matter: str) -> list[str]:
        return [one["step"] for one in self.get(f"/matters/{matter}/steps")]


def test_a_manhole_cover_goes_from_the_phone_to_the_close_and_back() -> None:
    worker, officer = Person(cast.GRID_WORKER), Person(cast.TOWN_DUTY_OFFICER)
    handler, checker = Person(cast.TOWN_HANDLER), Person(cast.TOWN_CHECKER)
    grid = areas.by_code("119901001001001")
    assert grid is not None

    # The grid worker reports it with a photo.
    report = {
        "matter_type": "R01",
        "description": "路口井盖破损，车轮会陷进去。已摆警示牌",
        "urgency": "urgent",
        "area_id": str(grid.id),
        "address": "中山路口",
        "photos": [worker.photo(3)],
    }
    made = worker.post("/matters/", report, 201)
    matter = made["id"]
    assert (made["state"], made["channel"], made["total"]["limit_minutes"]) == ("reported", "grid", 240)
    assert handler.todo() == checker.todo() == []
    assert officer.todo() == [matter]

    # The town's duty officer says what it is exactly and gives it to the enforcement post.
    handlers = officer.get(f"/matters/{matter}/handlers")
    post = next(one["post"]["id"] for one in handlers if one["post"]["name"] == "综合执法岗")
    admitted = officer.step(matter, "admit", handler_post=post, matter_type="01003", level=4)
    assert (admitted["type"]["code"], admitted["lead"]["post"]["name"]) == ("01003", "综合执法岗")
    assert officer.todo() == []
    assert handler.todo() == [matter]

    # The handler takes it over, reports progress with a photo, and asks for the close; he cannot close it himself.
    handler.step(matter, "acknowledge")
    handler.step(matter, "report_progress", text="已到现场，正在更换", photos=[handler.photo(5)])
    handler.step(matter, "request_close", result="solved", text="已更换井盖", photos=[handler.photo(7)])
    assert handler.offered(matter) == []
    handler.step(matter, "check_pass", 404)

    # The checker sends it back once, then is satisfied.
    checker.step(matter, "check_fail", text="盖板没有卡紧")
    again = handler.get(f"/matters/{matter}")
    assert (again["state"], again["rework_count"]) == ("handling", 1)
    handler.step(matter, "request_close", result="solved", text="已重新卡紧")
    checker.step(matter, "check_pass", text="现场完好")

    # The officer closes; the reporter says it is not solved, and the original clock goes on.
    closed = officer.step(matter, "close", result="solved", text="已办结")
    assert (closed["state"], closed["result"]) == ("closed", "solved")
    assert worker.offered(matter) == ["agree", "reopen"]
    reopened = worker.step(matter, "reopen", text="夜里又响了")
    assert (reopened["state"], reopened["reopened_count"], reopened["result"]) == ("handling", 1, None)
    assert reopened["total"]["due_at"] == made["total"]["due_at"]
    assert handler.todo() == [matter]

    # The second time it holds; the reporter's agreement closes it.
    handler.step(matter, "request_close", result="solved", text="已加装防响垫")
    checker.step(matter, "check_pass")
    agreed = worker.step(matter, "agree", satisfaction="satisfied", text="不响了")
    assert (agreed["state"], agreed["satisfaction"]) == ("closed", "satisfied")
    assert worker.offered(matter) == officer.offered(matter) == []

    # Everybody who was part of it can follow every step, without learning who the reporter is.
    steps = [one["step"] for one in worker.get(f"/matters/{matter}/history")["steps"]]
    assert steps == [
        "report", "admit", "acknowledge", "report_progress", "request_close", "check_fail", "request_close",
        "check_pass", "close", "reopen", "request_close", "check_pass", "agree",
    ]  # fmt: skip
    seen = handler.get(f"/matters/{matter}/history")["steps"]
    assert seen[0]["who"] == "网格员"
    assert handler.get(f"/matters/{matter}")["reporter"]["shown"] is False
    for photo in (report["photos"][0], seen[3]["photos"][0]):
        assert checker.client.get(f"/files/{photo}/").status_code == 200
        assert Person(cast.SIBLING_DUTY_OFFICER).client.get(f"/files/{photo}/").status_code == 404


def test_a_report_that_is_not_for_the_city_is_refused_with_a_reason() -> None:
    resident, officer = Person(cast.RESIDENT), Person(cast.TOWN_DUTY_OFFICER)
    grid = areas.by_code("119901001001001")
    assert grid is not None
    report = {"matter_type": "D02", "description": "邻居装修太吵", "area_id": str(grid.id)}
    matter = resident.post("/matters/", report, 201)["id"]
    officer.step(matter, "refuse", text="装修在允许的时段内；请先与物业联系")
    seen = resident.get(f"/matters/{matter}")
    assert (seen["state"], seen["stage"]) == ("refused", None)
    assert resident.get(f"/matters/{matter}/history")["steps"][-1]["text"].startswith("装修在允许的时段内")
    assert resident.offered(matter) == []
