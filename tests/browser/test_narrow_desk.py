"""On a narrow screen the desk shows the list or the open matter, never both."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser.conftest import type_of_person


def test_a_tap_on_a_matter_opens_it_in_place_of_the_list(person: type_of_person, reported: Callable[..., str]) -> None:
    matter = reported("窄屏上打开的井盖事件。")
    officer = person("town_duty_officer", width=390, height=844)
    officer.goto("/desk/")
    assert officer.is_visible("#todo")
    officer.locator(f"a.item[href*='{matter}']").click()
    officer.wait_for_selector("h1.case-title:visible")
    assert not officer.is_visible("#todo")
    officer.get_by_text("返回列表").click()
    officer.wait_for_selector("#todo:visible")
