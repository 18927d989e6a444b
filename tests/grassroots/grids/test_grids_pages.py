"""The phone's pages from the outside: plain forms, the outbox's questions, places, progress."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def form(**changed: Any) -> dict[str, Any]:
    given = {
        "client_key": str(uuid4()),
        "category": "road",
        "description": "井盖破损，车轮会陷进去",
        "urgency": "normal",
        "area": str(matters.grid()),
    }
    return {**given, **changed}


def picture() -> SimpleUploadedFile:
    buffer = BytesIO()
    Image.linear_gradient("L").resize((320, 240)).save(buffer, "JPEG")
    return SimpleUploadedFile("现场.jpg", buffer.getvalue(), content_type="image/jpeg")


def inside() -> tuple[float, float]:
    """A WGS-84 point within the grid worker's grid."""
    drawn = areas.outline(matters.grid())
    frame = drawn.frame
    return areas.gcj02_to_wgs84((frame.west + frame.east) / 2, (frame.south + frame.north) / 2)


def test_the_page_fills_in_the_worker_s_own_grid_and_makes_a_key() -> None:
    page = cast.client(cast.GRID_WORKER).get("/report/").content.decode()
    assert f'name="area" id="id_area" value="{matters.grid()}"' in page
    assert page.count('name="category"') == 8
    assert "示例" in page
    first, second = (cast.client(cast.GRID_WORKER).get("/report/").context["client_key"] for _ in range(2))
    assert first != second


def test_a_resident_has_no_grid_yet() -> None:
    page = cast.client(cast.RESIDENT).get("/report/").content.decode()
    assert 'id="id_area" value=""' in page
    assert "未选择位置" in page


def test_a_plain_form_with_a_photograph_makes_a_matter() -> None:
    worker = cast.client(cast.GRID_WORKER)
    answer = worker.post("/report/", {**form(), "photos": [picture()]})
    assert answer.status_code == 302, answer.content.decode()
    page = worker.get(answer["Location"]).content.decode()
    assert "待受理" in page
    assert 'loading="lazy"' in page
    assert "已上报，编号SJ" in page


def test_the_outbox_is_answered_in_json_and_sending_twice_makes_one_matter() -> None:
    worker, given = cast.client(cast.GRID_WORKER), form(occurred_at="2026-11-23T01:02:03.456Z")
    first, again = (worker.post("/report/", given, headers=JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = worker.post("/report/", {**given, "description": "另一件事"}, headers=JSON)
    assert other.status_code == 409
    assert other.json()["code"] == "key_with_another_body"


def test_what_is_missing_is_named_and_what_was_typed_is_kept() -> None:
    answer = cast.client(cast.GRID_WORKER).post("/report/", form(category="", area=""))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择是什么事。" in page
    assert "请定位，或选择所在网格。" in page
    assert "井盖破损，车轮会陷进去</textarea>" in page


def test_the_outbox_is_told_which_field_is_wrong() -> None:
    answer = cast.client(cast.GRID_WORKER).post("/report/", form(description=""), headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["where"] == "description"


def test_seven_photographs_are_one_too_many() -> None:
    answer = cast.client(cast.GRID_WORKER).post("/report/", {**form(), "photo_ids": [str(uuid4())] * 7}, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_many_photos")


def test_a_photograph_somebody_else_uploaded_cannot_be_taken() -> None:
    stranger = cast.client(cast.RESIDENT).post("/files/", {"file": picture(), "purpose": "matter_photo"}).json()["id"]
    answer = cast.client(cast.GRID_WORKER).post("/report/", {**form(), "photo_ids": [stranger]}, headers=JSON)
    assert answer.status_code in (404, 422)


def test_a_position_of_the_phone_is_turned_into_its_grid() -> None:
    lon, lat = inside()
    answer = cast.client(cast.RESIDENT).get(f"/report/locate/?lon={lon}&lat={lat}")
    assert [place["id"] for place in answer.json()["places"]] == [str(matters.grid())]


def test_a_position_outside_the_city_has_no_grid() -> None:
    assert cast.client(cast.RESIDENT).get("/report/locate/?lon=2.35&lat=48.85").json() == {"places": []}


@pytest.mark.parametrize("query", ["", "lon=x&lat=1", "lon=1", "lon=999&lat=1", "lon=nan&lat=nan"])
def test_a_position_that_is_none_is_refused_with_advice(query: str) -> None:
    answer = cast.client(cast.RESIDENT).get(f"/report/locate/?{query}", headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["remedy"]


def test_a_resident_reports_by_position_alone() -> None:
    lon, lat = inside()
    resident = cast.client(cast.RESIDENT)
    made = resident.post("/report/", form(area="", lon=f"{lon:.6f}", lat=f"{lat:.6f}"), headers=JSON)
    assert made.status_code == 201, made.content.decode()
    with matters.seen_by(cast.TOWN_DUTY_OFFICER) as asking:
        from city1361.centres.execution import api as execution

        found = execution.matter(**asking, matter_id=UUID(made.json()["id"]))
    assert found.place.grid is not None
    assert found.place.grid.id == matters.grid()
    assert found.place.lon == pytest.approx(areas.wgs84_to_gcj02(lon, lat)[0], abs=1e-5)


def test_the_picker_goes_down_to_grids_and_finds_by_name() -> None:
    resident = cast.client(cast.RESIDENT)
    top = resident.get("/report/place/").context["areas"]
    assert top
    assert not any(place.grid for place in top)
    village = areas.lineage(matters.grid()).village
    assert village is not None
    grids = resident.get(f"/report/place/?area={village.id}").context
    assert [place.id for place in grids["areas"] if place.grid]
    assert [place.name for place in grids["trail"]][-1] == village.short_name
    named = resident.get(f"/report/place/?q={village.short_name}").context["areas"]
    assert any(place.id == village.id for place in named)


@pytest.mark.parametrize(
    ("query", "status"),
    [("area=nonsense", 422), ("area=0192f0c0-0000-7000-8000-000000000000", 404), ("q=没有这个地方", 200)],
)
def test_a_picker_asked_for_nonsense_says_so(query: str, status: int) -> None:
    assert cast.client(cast.RESIDENT).get(f"/report/place/?{query}").status_code == status


def test_a_chosen_grid_comes_back_into_the_form() -> None:
    page = cast.client(cast.RESIDENT).get(f"/report/?area={matters.grid()}").content.decode()
    assert f'id="id_area" value="{matters.grid()}"' in page
    assert "已选择网格" in page


def test_the_outbox_learns_who_is_signed_in_and_nothing_is_cached() -> None:
    answer = cast.client(cast.GRID_WORKER).get("/report/session/", headers=JSON)
    assert answer.json()["account"] == str(cast.by(cast.GRID_WORKER).account)
    assert answer.json()["token"]
    assert answer["Cache-Control"] == "no-store"
    assert cast.client().get("/report/session/", headers=JSON).status_code == 401


def test_my_reports_are_mine_alone() -> None:
    matter = matters.reported(cast.RESIDENT)
    assert matter.title in cast.client(cast.RESIDENT).get("/my/reports/").content.decode()
    assert matter.title not in cast.client(cast.GRID_WORKER).get("/my/reports/").content.decode()
    assert cast.client(cast.TOWN_DUTY_OFFICER).get(f"/my/reports/{matter.id}/").status_code == 404


def test_a_reporter_may_agree_only_once_it_is_checked_and_reopen_only_once_it_is_closed() -> None:
    resident = cast.client(cast.RESIDENT)
    matter = matters.handling(matters.admitted(matters.reported(cast.RESIDENT)))
    assert 'value="agree"' not in resident.get(f"/my/reports/{matter.id}/").content.decode()
    matter = matters.checked(matters.close_requested(matter))
    page = resident.get(f"/my/reports/{matter.id}/").content.decode()
    assert 'value="agree"' in page
    assert 'value="reopen"' not in page
    matters.closed(matter)
    assert 'value="reopen"' in resident.get(f"/my/reports/{matter.id}/").content.decode()


def answer(matter: Any, **given: Any) -> Any:
    told = {"version": matter.version, "key": str(uuid4()), "text": "", **given}
    return cast.client(cast.RESIDENT).post(f"/my/reports/{matter.id}/answer/", told)


def test_reopening_needs_a_reason_and_goes_on_under_the_original_clock() -> None:
    matter = matters.closed(matters.checked(matters.close_requested(matters.handling())))
    assert answer(matter, answer="reopen").status_code == 422
    done = answer(matter, answer="reopen", text="井盖仍然松动")
    assert (done.status_code, done["Location"]) == (302, f"/my/reports/{matter.id}/")
    reopened = matters.look(matter, cast.RESIDENT)
    assert reopened.reopened_count == 1
    assert reopened.total.due_at == matter.total.due_at


def test_an_answer_to_an_old_page_shows_what_changed_and_keeps_the_words() -> None:
    before = matters.checked(matters.close_requested(matters.handling()))
    matters.closed(before)
    stale = answer(before, answer="reopen", text="还是不行")
    page = stale.content.decode()
    assert stale.status_code == 412
    assert "办结" in page
    assert "还是不行</textarea>" in page


def test_reopening_twice_says_that_it_is_not_possible_now() -> None:
    matter = matters.closed(matters.checked(matters.close_requested(matters.handling())))
    answer(matter, answer="reopen", text="不行")
    again = answer(matters.look(matter, cast.RESIDENT), answer="reopen", text="还是不行")
    assert again.status_code == 409
    assert "还是不行</textarea>" in again.content.decode()


def test_a_link_to_the_answer_leads_to_the_report() -> None:
    matter = matters.reported(cast.RESIDENT)
    found = cast.client(cast.RESIDENT).get(f"/my/reports/{matter.id}/answer/")
    assert (found.status_code, found["Location"]) == (302, f"/my/reports/{matter.id}/")


def test_the_service_worker_is_for_everybody_and_never_cached_for_long() -> None:
    script = cast.client().get("/sw.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert script["Cache-Control"] == "no-cache"
    assert "__FILES__" not in script.content.decode()


def test_the_manifest_opens_the_report_page() -> None:
    manifest = cast.client().get("/manifest.webmanifest").json()
    assert (manifest["start_url"], manifest["display"]) == ("/report/", "standalone")


def test_whoever_may_not_report_finds_no_such_page() -> None:
    assert cast.client(cast.AUDIT_ADMIN).get("/report/").status_code == 404


def test_each_choice_can_be_tapped_on_the_map_too() -> None:
    resident = cast.client(cast.RESIDENT)
    top = resident.get("/report/place/").context
    assert {cell.place.id for cell in top["chart"].cells} == {place.id for place in top["areas"]}
    village = areas.lineage(matters.grid()).village
    assert village is not None
    page = resident.get(f"/report/place/?area={village.id}")
    cells = page.context["chart"].cells
    assert cells
    assert all(cell.place.grid and cell.path.startswith("M") for cell in cells)
    assert page.content.decode().count("data-area=") == 2 * len(cells)
    assert resident.get("/report/place/?q=%E7%A4%BE%E5%8C%BA").context["chart"] is None
