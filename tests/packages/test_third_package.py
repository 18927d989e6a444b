"""A third application from a folder of somebody's own: checked, installed, reported to, listed, upgraded, without Python."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from city1361.base.kernel.by import By
from city1361.base.kernel.ids import new_id
from city1361.platform.applications.packages import api
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.platform.applications.packages.folders import change, lifts, write

GRID = "119901001001001"
PAGES = """\
pages:
  - key: lifts
    title: {zh: 电梯事件, en: Lifts}
    kind: list
    source: matters
    columns: [number, title, type, state]
    filters: [state, matter_type]
    empty: nothing
"""
SCENARIO = """\
scenarios:
  - name: 被困者的电话只给看得到的人
    at: tuesday 09:00
    when:
      - {who: grid_worker, does: report, given: {type: L01, text: 三人被困, urgency: urgent, answers: {floor: 12}}, then: {state: reported, form: lift}}
      - {who: town_duty_officer, does: answer_form, given: {answers: {floor: 12, caller: "13900000000"}}}
      - {who: town_duty_officer, does: admit, given: {handler_post: town_handler}, then: {state: admitted}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = lifts(tmp_path)
    write(made, "pages.yaml", PAGES)
    write(made, "messages.yaml", "messages: {nothing: {zh: 没有电梯事件。, en: No lifts.}}\n")
    write(made, "tests/lift.yaml", SCENARIO)
    change(made, "manifest.yaml", "permissions: []", "permissions: [execution.read_matter]")
    change(made, "manifest.yaml", "entries: []", "entries: [{page: lifts, icon: list-check}]")
    return made


@pytest.mark.django_db
def test_it_works_from_end_to_end(folder: Path) -> None:
    by = By.system("测试", channel="command")
    assert api.check(folder) == []
    api.package_install(by=by, source=folder, accepted=["execution.read_matter"])

    officer, worker = cast.client(cast.TOWN_DUTY_OFFICER), cast.client(cast.GRID_WORKER)
    page = "/apps/society/lifts/lifts/"
    assert "没有电梯事件。" in officer.get(page).content.decode()
    assert "电梯事件" in officer.get("/apps/").content.decode()

    schema = worker.get("/api/v1/forms/society/lifts/lift").json()["schema"]
    assert (schema["required"], schema["properties"]["caller"]["x-personal"]) == (["floor"], True)
    report = {
        "matter_type": "L01",
        "description": "三人被困",
        "area_id": str(areas.by_code(GRID).id),
        "answers": {"floor": 12, "caller": "13900000000"},
    }
    headers = {"Idempotency-Key": str(new_id())}
    wrong = {**report, "answers": {"floor": 999}}
    refused = worker.post("/api/v1/matters/", json.dumps(wrong), content_type="application/json", headers=headers)
    assert (refused.status_code, refused.json()["where"]) == (422, "answers.floor")
    made = worker.post("/api/v1/matters/", json.dumps(report), content_type="application/json", headers=headers)
    assert made.status_code == 201, made.content

    listed = officer.get(page).content.decode()
    assert "三人被困" in listed
    assert "三人被困" not in officer.get(f"{page}?state=closed").content.decode()
    assert "三人被困" not in cast.client(cast.SIBLING_DUTY_OFFICER).get(page).content.decode()
    assert "三人被困" not in officer.get("/apps/grassroots/dispute-mediation/disputes/").content.decode()

    matter = officer.get(f"/desk/matters/{made.json()['id']}/").content.decode()
    assert "13900000000" in matter
    commander = cast.client(cast.DISTRICT_DUTY_OFFICER).get(f"/desk/matters/{made.json()['id']}/").content.decode()
    assert "13900000000" not in commander
    assert "已隐藏" in commander


@pytest.mark.django_db
def test_its_scenarios_run_and_one_that_does_not_hold_says_where(folder: Path) -> None:
    from city1361.platform.applications.packages.contents import compiled

    api.package_install(by=By.system("测试", channel="command"), source=folder, accepted=["execution.read_matter"])
    with api.opened(folder) as found:
        scenarios = compiled(found.package)["scenarios"]
    assert [report.faults for report in api.run_scenarios("society/lifts", scenarios)] == [[]]
    scenarios[0]["when"][0]["then"]["state"] = "closed"
    scenarios[0]["when"][2]["refused"] = "missing"
    (report,) = api.run_scenarios("society/lifts", scenarios)
    told = [message.format_map(places) for message, places in report.faults]
    assert told == [
        "第1步“report”后，state应为closed，实为reported",
        "第3步“admit”（town_duty_officer）：应遇到missing，实为—",
    ]
