"""The pages of processes without a script: what stands, how it goes on, where an instance waits and since when."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest

from city1361.base.kernel import clock, registry
from city1361.platform.components.processes import api
from tests import cast
from tests.platform.components.processes import store
from tests.platform.components.processes.store import do, publish, start


@pytest.fixture
def own_town(db: None) -> api.Standing:
    (area,) = registry.scope_of(cast.by(cast.TOWN_DUTY_OFFICER)).areas
    return store.standing(area.id)


def page(address: str, username: str = cast.TOWN_DUTY_OFFICER, status: int = 200) -> str:
    answer = cast.client(username).get(address)
    assert answer.status_code == status, answer.content[:500]
    return html.unescape(answer.content.decode())


def line_of(text: str, element: str) -> str:
    found = re.search(
        rf'<li class="([^"]*)" id="step-{element}".*?(?=<li class="[^"]*" id="step-|</ol>)', text, re.DOTALL
    )
    assert found, element
    return found[0]


def test_the_list_tells_the_path_the_present_step_and_how_long_it_has_waited(own_town: api.Standing) -> None:
    publish()
    begun = clock.now()
    with clock.frozen(begun):
        one = do(start(where=own_town), "look")
    with clock.frozen(begun + timedelta(hours=1, minutes=5)):
        text = page(f"/processes/{one.id}/")
    assert "测试流程" in text
    assert 'class="passed"' in line_of(text, "look")
    act = line_of(text, "act")
    assert 'aria-current="step"' in act
    assert "已等待1小时05分" in act
    assert 'class=""' in line_of(text, "remind")
    marks = json.loads(re.search(r'<script id="marks" type="application/json">(.*?)</script>', text)[1])  # type: ignore[index]
    assert (marks["passed"], marks["current"], "look_act" in marks["flows"]) == (["look", "s"], ["act"], True)


def test_a_step_whose_timer_is_overdue_is_late(own_town: api.Standing) -> None:
    publish()
    begun = clock.now()
    with clock.frozen(begun):
        one = start(where=own_town)
    with clock.frozen(begun + timedelta(hours=1)):
        assert "自动触发" in line_of(page(f"/processes/{one.id}/"), "look")
    with clock.frozen(begun + timedelta(hours=3)):
        assert "已超时" in line_of(page(f"/processes/{one.id}/"), "look")


def test_an_ended_instance_says_so_and_stands_nowhere(own_town: api.Standing) -> None:
    publish()
    one = do(do(start(where=own_town), "look"), "act")
    text = page(f"/processes/{one.id}/")
    assert "已完成" in text
    assert "现在停留在" not in text


def test_another_town_and_a_stranger_find_nothing(own_town: api.Standing) -> None:
    publish()
    one = start(where=own_town)
    page(f"/processes/{one.id}/", cast.SIBLING_DUTY_OFFICER, 404)
    page(f"/processes/{one.id}/", cast.RESIDENT, 404)
    page(f"/processes/{UUID(int=1)}/", status=404)
    page("/processes/", cast.RESIDENT, 404)
    assert cast.client().get(f"/processes/{one.id}/").status_code == 302


def test_definitions_and_their_versions_can_be_read(db: None) -> None:
    publish()
    publish(store.WAIT_BODY.replace("查看", "核实"))
    assert "/processes/definitions/p/" in page("/processes/")
    now, before = page("/processes/definitions/p/"), page("/processes/definitions/p/1/")
    assert "核实" in line_of(now, "look")
    assert "查看" in line_of(before, "look")
    assert "于“核实”" in line_of(now, "late")
    page("/processes/definitions/p/9/", status=404)
    page("/processes/definitions/nothing/", status=404)
    drawing = cast.client(cast.TOWN_DUTY_OFFICER).get("/processes/definitions/p/1/drawing.bpmn")
    assert drawing["Content-Type"].startswith("application/xml")
    assert "查看" in drawing.content.decode()


def test_what_names_hold_is_shown_as_text(own_town: api.Standing) -> None:
    publish(store.WAIT_BODY.replace("查看", "&lt;/script&gt;&lt;b&gt;x"), key="h")
    one = start("h", where=own_town)
    raw = cast.client(cast.TOWN_DUTY_OFFICER).get(f"/processes/{one.id}/").content.decode()
    assert "</script><b>x" not in raw
