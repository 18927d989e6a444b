"""/api/v1/matters from the outside: headers, codes, bodies."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
MATTERS = "/api/v1/matters/"


def body(**changed: Any) -> dict[str, Any]:
    report = {
        "matter_type": "01003",
        "description": "井盖破损，车轮会陷进去",
        "area_id": str(matters.grid()),
        "occurred_at": "2026-11-23T01:02:03Z",
    }
    return {**report, **changed}


def send(client: Client, path: str, given: Any, **headers: str) -> Any:
    return client.post(path, json.dumps(given), content_type="application/json", headers=headers)


def report(client: Client, key: str = "", **changed: Any) -> Any:
    return send(client, MATTERS, body(**changed), **{"Idempotency-Key": key or str(uuid4())})


def step(client: Client, matter: dict[str, Any], name: str, given: dict[str, Any] | None = None, **headers: str) -> Any:
    headers = {"If-Match": f'"{matter["version"]}"', **headers}
    return send(client, f"{MATTERS}{matter['id']}/steps/{name}", given or {}, **headers)


def test_a_report_answers_with_the_matter_and_where_it_is() -> None:
    resident = cast.client(cast.RESIDENT)
    answer = report(resident)
    made = answer.json()
    assert answer.status_code == 201, made
    assert answer["ETag"] == '"1"'
    assert answer["Location"] == f"/api/v1/matters/{made['id']}"
    seen = resident.get(answer["Location"])
    assert seen.json()["number"] == made["number"]
    assert seen["ETag"] == '"1"'
    assert resident.get(f"{MATTERS}mine").json()["rows"][0]["id"] == made["id"]
    assert resident.get(f"{answer['Location']}/history").json()["steps"][0]["step"] == "report"


def test_the_same_key_is_the_same_matter_and_another_body_is_409() -> None:
    resident, key = cast.client(cast.RESIDENT), str(uuid4())
    first, again = report(resident, key), report(resident, key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    other = report(resident, key, description="另一件事")
    assert other.status_code == 409
    assert other.json()["code"] == "key_with_another_body"
    assert other.json()["remedy"]


def test_a_report_needs_a_key() -> None:
    answer = send(cast.client(cast.RESIDENT), MATTERS, body())
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["where"]) == ("key_needed", "Idempotency-Key")


def test_unknown_fields_are_refused_by_name() -> None:
    answer = report(cast.client(cast.RESIDENT), priority="high", state="closed")
    assert answer.status_code == 422
    assert sorted(field["where"] for field in answer.json()["fields"]) == ["priority", "state"]
    matter = matters.reported()
    answer = step(
        cast.client(cast.TOWN_DUTY_OFFICER), {"id": matter.id, "version": 1}, "refuse", {"text": "理由", "by": "x"}
    )
    assert answer.status_code == 422
    assert answer.json()["fields"][0]["where"] == "by"


def test_wrong_values_are_refused_by_name() -> None:
    resident = cast.client(cast.RESIDENT)
    assert report(resident, matter_type="99999").json()["where"] == "matter_type"
    assert report(resident, urgency="panic").json()["where"] == "urgency"
    assert report(resident, lon=999).json()["where"] == "lon"
    assert report(resident, occurred_at="2026-11-23T01:02:03").json()["where"] == "occurred_at"
    outside = report(resident, area_id=None, lon=0, lat=0)
    assert (outside.status_code, outside.json()["code"]) == (422, "location_outside_city")


def test_a_point_on_an_edge_answers_with_the_grids_to_choose_from() -> None:
    from tests.centres.execution.test_matter_places import a_point_on_an_edge

    resident, (lon, lat) = cast.client(cast.RESIDENT), a_point_on_an_edge()
    asked = report(resident, area_id=None, lon=lon, lat=lat)
    assert (asked.status_code, asked.json()["code"]) == (422, "location_ambiguous")
    choices = asked.json()["choices"]
    assert len(choices) >= 2
    assert all(choice["name"] for choice in choices)
    assert report(resident, area_id=choices[0]["id"], lon=lon, lat=lat).status_code == 201


def test_a_step_needs_the_version_that_was_seen() -> None:
    matter = {"id": matters.reported().id, "version": 1}
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    for wrong in ("", "*", '"x"', "-1"):
        answer = step(officer, matter, "refuse", {"text": "理由"}, **{"If-Match": wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, "version_needed"), wrong


def test_a_stale_version_is_412_with_what_changed() -> None:
    matter = matters.reported()
    matters.admitted(matter)
    answer = step(cast.client(cast.TOWN_DUTY_OFFICER), {"id": matter.id, "version": 1}, "refuse", {"text": "理由"})
    assert answer.status_code == 412
    (change,) = answer.json()["changes"]
    assert (change["code"], change["who"]) == ("admit", cast.by(cast.TOWN_DUTY_OFFICER).label)
    assert change["at"]


def test_a_wrong_step_is_409_with_the_steps_that_are_possible() -> None:
    matter = {"id": matters.reported().id, "version": 1}
    answer = step(cast.client(cast.TOWN_DUTY_OFFICER), matter, "close")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_step")
    assert "受理、不予受理" in answer.json()["remedy"]


def test_somebody_else_s_matter_is_404_for_every_method() -> None:
    matter = matters.reported()
    for who in (cast.SIBLING_DUTY_OFFICER, cast.DATA_BUREAU):
        stranger = cast.client(who)
        for path in ("", "/history", "/steps", "/handlers"):
            assert stranger.get(f"{MATTERS}{matter.id}{path}").status_code == 404, (who, path)
        answer = step(stranger, {"id": matter.id, "version": 1}, "refuse", {"text": "理由"})
        assert answer.status_code == 404, who
    assert cast.client().get(f"{MATTERS}{matter.id}").status_code == 401


def test_a_refused_step_leaves_nothing_behind() -> None:
    matter = matters.close_requested()
    answer = step(cast.client(cast.TOWN_DUTY_OFFICER), {"id": matter.id, "version": matter.version}, "close")
    assert answer.status_code == 409
    assert len(matters.history(matter)) == matter.version


def test_the_list_is_paged_by_its_cursor() -> None:
    made = [matters.reported().number for _ in range(3)]
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    first = officer.get(MATTERS, {"size": 2}).json()
    second = officer.get(MATTERS, {"size": 2, "cursor": first["next_cursor"]}).json()
    assert [row["number"] for row in [*first["rows"], *second["rows"]]] == made[::-1]
    assert second["next_cursor"] is None
    assert officer.get(MATTERS, {"size": 0}).status_code == 422
    assert officer.get(MATTERS, {"tab": "nothing"}).status_code == 422


def test_matter_types_are_found_by_words_and_category() -> None:
    resident = cast.client(cast.RESIDENT)
    found = resident.get("/api/v1/matter-types/", {"q": "雨水井盖"}).json()
    assert [one["code"] for one in found] == ["01003"]
    assert found[0]["national"] == "GB/T 47678.5-2026/matter/01003"
    assert found[0]["verified"] is False
    categories = resident.get("/api/v1/matter-types/categories").json()
    assert len(categories) == 8
    assert cast.client().get("/api/v1/matter-types/").status_code == 401


def test_the_reporter_is_hidden_in_the_api_too() -> None:
    resident = cast.client(cast.RESIDENT)
    made = report(resident, contact_name="住户", contact_phone="13800000000").json()
    seen = cast.client(cast.TOWN_HANDLER).get(f"{MATTERS}{made['id']}")
    assert "住户" not in seen.content.decode()
    assert "13800000000" not in seen.content.decode()
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(f"{MATTERS}{made['id']}").json()["reporter"]["name"] == "住户"


@pytest.mark.parametrize(
    "changed",
    [
        {"matter_type": "\x00"},
        {"matter_type": "01003\x00"},
        {"lon": float("nan"), "lat": 29.5, "area_id": None},
        {"lon": 106.5, "lat": float("inf"), "area_id": None},
        {"description": "\ud800"},
        {"photos": ["not-an-id"]},
        {"photos": [str(uuid4())] * 2000},
        {"area_id": "' OR 1=1 --"},
        {"occurred_at": "0001-01-01T00:00:00Z"},
        {"occurred_at": "9999-12-31T23:59:59Z"},
        {"external_numbers": {"hotline": "x" * 500}},
        {"external_numbers": {"\x00": "1"}},
    ],
)
def test_hostile_values_are_answered_not_suffered(changed: dict[str, Any]) -> None:
    answer = report(cast.client(cast.RESIDENT), **changed)
    assert answer.status_code in (404, 422), answer.content.decode()


def test_a_nul_in_words_is_left_out() -> None:
    answer = report(cast.client(cast.RESIDENT), description="井盖\x00破损", address="路口\x00")
    assert answer.json()["description"] == "井盖破损"
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    for query in ({"q": "井盖\x00"}, {"state": "\x00"}, {"cursor": "\x00"}):
        assert officer.get(MATTERS, {"tab": "all", **query}).status_code in (200, 422)
    assert officer.get("/api/v1/matter-types/", {"q": "\x00"}).status_code == 200
