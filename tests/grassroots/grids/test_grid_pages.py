"""The grid's pages from the outside."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from tests import cast
from tests.grassroots.grids import round as work

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def filled() -> None:
    work.fill()


def page(who: str, address: str, status: int = 200) -> str:
    answer = cast.client(who).get(address)
    assert answer.status_code == status, answer.content.decode()[:600]
    text: str = answer.content.decode()
    return text


def first_visit(text: str) -> dict[str, Any]:
    """The fields of the first stop, everything as usual."""
    form = text.split("data-visit ")[1].split("</form>", maxsplit=1)[0]
    names = re.findall(r'name="(finding-[0-9a-f-]+)"', form)
    return {"client_key": str(uuid4()), **dict.fromkeys(names, "as_usual")}


def test_my_grid_shows_area_kind_team_and_counts(filled: None) -> None:
    text = page(cast.GRID_WORKER, "/my/grid/")
    for word in ("网格长", "专职网格员", "网格指导员", "微网格", "重点场所", "合成示例", "<svg"):
        assert word in text
    assert re.search(r"(一般|专属)网格", text)


def test_a_town_chooses_among_its_grids_and_sees_no_people(filled: None) -> None:
    text = page(cast.TOWN_DUTY_OFFICER, "/my/grid/")
    assert f"/grids/{work.grid()}/" in text
    shown = page(cast.TOWN_DUTY_OFFICER, f"/grids/{work.grid()}/")
    assert "households" not in shown
    page(cast.TOWN_DUTY_OFFICER, f"/grids/{work.grid()}/households/", 404)
    page(cast.SIBLING_DUTY_OFFICER, f"/grids/{work.grid()}/", 404)


def test_names_appear_only_in_an_opened_household(filled: None) -> None:
    listed = page(cast.GRID_WORKER, f"/grids/{work.grid()}/households/")
    address = re.search(r"/grids/households/[0-9a-f-]+/", listed)
    assert address
    opened = page(cast.GRID_WORKER, address.group(0))
    names = re.findall(r"<li><b>(.)(.)</b>", opened)
    assert names
    assert not any(f"{first}{second}</b>" in listed for first, second in names)
    assert "本次打开已留下记录" in opened


def test_a_round_is_one_form_per_household_and_two_presses(filled: None) -> None:
    worker = cast.client(cast.GRID_WORKER)
    text = worker.get("/my/tasks/").content.decode()
    stops = text.count("data-stop")
    answer = worker.post("/my/tasks/visit/", first_visit(text))
    assert (answer.status_code, answer["Location"]) == (302, "/my/tasks/")
    after = worker.get("/my/tasks/").content.decode()
    assert after.count("data-stop") == stops - 1
    assert "已记录，一次完成" in after


def test_the_outbox_is_answered_in_json_and_a_second_time_the_same(filled: None) -> None:
    worker = cast.client(cast.GRID_WORKER)
    given = first_visit(worker.get("/my/tasks/").content.decode())
    first, again = (worker.post("/my/tasks/visit/", given, headers=JSON) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = worker.post("/my/tasks/visit/", {**given, "client_key": str(uuid4())}, headers=JSON)
    assert (other.status_code, other.json()["code"]) == (409, "done_already")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"client_key": str(uuid4())}, "no_finding"),
        ({"client_key": str(uuid4()), "finding-x": "as_usual"}, "bad_finding"),
        ({"client_key": str(uuid4()), f"finding-{uuid4()}": "splendid"}, "bad_finding"),
        ({"client_key": "x", f"finding-{uuid4()}": "as_usual"}, "invalid_visit"),
    ],
)
def test_a_visit_that_cannot_be_read_is_named(given: dict[str, str], code: str) -> None:
    answer = cast.client(cast.GRID_WORKER).post("/my/tasks/visit/", given, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_listed_task_is_issued_from_the_town_s_desk(filled: None) -> None:
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    assert "未经确认" in officer.get("/grids/tasks/new/").content.decode()
    wrong = officer.post("/grids/tasks/new/", {"key": "k"})
    assert wrong.status_code == 422
    assert "请选择清单事项" in wrong.content.decode()
    due = work.soon().date().isoformat()
    answer = officer.post("/grids/tasks/new/", {"item": "medical_insurance", "due": due, "key": "k"})
    assert answer.status_code == 302, answer.content.decode()
    shown = officer.get(answer["Location"]).content.decode()
    assert "医保缴费提醒" in shown
    assert "各网格进度" in shown


def test_a_temporary_task_goes_to_the_commander(filled: None) -> None:
    officer, commander = cast.client(cast.TOWN_DUTY_OFFICER), cast.client(cast.TOWN_COMMANDER)
    given = {
        "title": "空置房屋排查", "kind": "inspection", "reason": "近期两起漏水", "per_household": "no",
        "due": work.soon().date().isoformat(), "key": "k",
    }  # fmt: skip
    address = officer.post("/grids/tasks/temporary/", given)["Location"]
    assert "准入审批" not in officer.get(address).content.decode()
    assert "准入审批" in commander.get(address).content.decode()
    assert f'href="{address}"' in page(cast.TOWN_COMMANDER, "/inbox/")
    assert address not in page(cast.TOWN_DUTY_OFFICER, "/inbox/")
    refused = commander.post(f"{address}decide/", {"decision": "refuse", "version": 1, "reason": ""})
    assert (refused.status_code, "请写明不予准入的理由" in refused.content.decode()) == (422, True)
    answer = commander.post(f"{address}decide/", {"decision": "approve", "version": 1})
    assert answer.status_code == 302
    assert address not in page(cast.TOWN_COMMANDER, "/inbox/")
    assert "空置房屋排查" in page(cast.GRID_WORKER, "/my/tasks/")
    stale = commander.post(f"{address}decide/", {"decision": "approve", "version": 1})
    assert stale.status_code == 412


def test_home_shows_where_to_go_next(filled: None) -> None:
    text = page(cast.GRID_WORKER, "/")
    assert "我的任务（" in text
    assert 'href="/my/grid/"' in text
