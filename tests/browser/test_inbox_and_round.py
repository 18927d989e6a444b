"""The inbox by keyboard alone, and a round of the grid worker without a network."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from city1361.base.kernel import clock
from tests.browser.conftest import type_of_person
from tests.browser.test_offline import READY


def ask(officer: Any, title: str) -> str:
    """The duty officer asks for a temporary task; the commander gets it to decide. Returns its address."""
    officer.goto("/grids/tasks/temporary/")
    officer.fill("#id_title", title)
    officer.fill("#id_reason", "近期两起漏水")
    officer.fill("#id_due", (clock.now() + timedelta(days=3)).date().isoformat())
    officer.click("main .button.primary")
    officer.wait_for_selector("h1:has-text('" + title + "')")
    return str(officer.url).removeprefix(officer.evaluate("location.origin"))


def issue(officer: Any, item: str) -> str:
    officer.goto("/grids/tasks/new/")
    officer.check(f"input[name=item][value={item}]", force=True)
    officer.fill("#id_due", (clock.now() + timedelta(days=3)).date().isoformat())
    officer.click("main .button.primary")
    officer.wait_for_selector("h2:has-text('各网格进度')")
    return str(officer.url)


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.innerText || ''")).strip()


def test_the_inbox_needs_no_mouse(person: type_of_person) -> None:
    officer, commander = person("town_duty_officer"), person("town_commander")
    address = ask(officer, "空置房屋排查甲")
    commander.goto("/inbox/?kind=grid_task_entry")
    commander.wait_for_selector(".live[data-state=on]")
    ask(officer, "空置房屋排查乙")
    commander.wait_for_selector("#inbox-list :text('空置房屋排查乙')")
    keys = commander.keyboard
    keys.press("?")
    commander.wait_for_selector("dialog[open]")
    keys.press("Escape")
    keys.press("j")
    assert focused(commander) == "空置房屋排查甲"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert commander.evaluate(outline) == "solid"
    keys.press("j")
    assert focused(commander) == "空置房屋排查乙"
    keys.press("k")
    keys.press("x")
    assert commander.locator("input[name=items]:checked").count() == 1
    keys.press("c")
    expect(commander.locator(".tabs a").nth(1)).to_contain_text("已领1")
    assert focused(commander) == "空置房屋排查乙", "the next one has the focus"
    keys.press("w")
    expect(commander.locator(".tabs a").nth(3)).to_contain_text("关注1")
    commander.goto("/inbox/?box=claimed&kind=grid_task_entry")
    keys.press("j")
    keys.press("Enter")
    commander.wait_for_url(f"**{address}")


def test_a_round_without_network_is_kept_and_asked_once(person: type_of_person) -> None:
    officer = person("town_duty_officer")
    task = issue(officer, "stairwell_fire")
    issue(officer, "mediation_help")
    page = person("grid_worker", width=390, height=844)
    page.goto("/my/tasks/")
    page.evaluate(READY)
    page.reload()
    stops = page.locator("[data-stop]")
    assert stops.count() == 1, "both tasks are asked at one stop"
    page.context.set_offline(True)
    stops.first.locator("summary").first.click()
    assert page.locator("fieldset.found-one").count() == 2
    page.click("[data-visit] .button.primary")
    page.wait_for_selector("[data-pending]:visible")
    assert stops.count() == 0
    page.reload()
    page.wait_for_selector("[data-pending]:visible:has-text('1处已完成')")
    assert page.locator("[data-stop]").count() == 0, "what waits to be sent is not asked again"
    page.context.set_offline(False)
    page.wait_for_selector("[data-pending]", state="hidden")
    officer.goto(task)
    row = officer.locator("table.results tbody tr", has_text="第001网格").first
    expect(row.locator("td").nth(1)).to_have_text("1")
