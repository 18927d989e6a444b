"""A page says whether it is up to date: it follows the stream, and shows when the stream has stopped."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import City, type_of_person


def test_a_stream_that_stops_is_shown_and_caught_up_with(
    person: type_of_person, reported: Any, live_city: City
) -> None:
    reported("断线以前的事件。")
    officer = person("town_duty_officer")
    officer.goto("/desk/")
    officer.wait_for_selector(".live[data-state=on]")
    live_city.stop("live")
    officer.wait_for_selector(".live[data-state=stale]:has-text('数据截至')")
    reported("断线期间的事件。")
    live_city.start_live()
    officer.wait_for_selector(".item:has-text('断线期间的事件')", timeout=40000)
    officer.wait_for_selector(".live[data-state=on]")


def test_a_list_hears_of_new_matters_while_another_is_open(person: type_of_person, reported: Any) -> None:
    open_matter = reported("正在看的事件。")
    officer = person("town_duty_officer")
    officer.goto(f"/desk/matters/{open_matter}/")
    officer.wait_for_selector(".live[data-state=on]")
    reported("刚刚来的事件。")
    officer.wait_for_selector(".item:has-text('刚刚来的事件')")
    assert "正在看的事件" in officer.inner_text("#case-title")
    assert officer.url.endswith(f"/desk/matters/{open_matter}/")


def test_opening_another_matter_follows_that_one(person: type_of_person, reported: Any) -> None:
    reported("先看的一件。")
    second = reported("后看的一件。")
    officer, colleague = person("town_duty_officer"), person("town_duty_officer")
    officer.goto("/desk/")
    officer.click(".item:has-text('后看的一件')")
    officer.wait_for_selector("#case-title:has-text('后看的一件')")
    officer.wait_for_selector(".live[data-state=on]")
    colleague.goto(f"/desk/matters/{second}/steps/refuse/")
    colleague.fill("#id_text", "重复上报。")
    colleague.click("#step .buttons .primary")
    officer.wait_for_selector("#case-title:has-text('不予受理')")


def test_an_open_menu_stays_open_while_others_work(person: type_of_person, reported: Any) -> None:
    matter = reported("菜单打开时别人办理了的事件。")
    officer, colleague = person("town_duty_officer"), person("town_duty_officer")
    officer.goto(f"/desk/matters/{matter}/")
    officer.wait_for_selector(".live[data-state=on]")
    officer.click(".more-steps > summary")
    colleague.goto(f"/desk/matters/{matter}/steps/admit/")
    colleague.select_option("#id_handler_post", index=1)
    colleague.click("#step .buttons .primary")
    officer.wait_for_selector("#case-title:has-text('待签收')")
    assert officer.locator(".more-steps[open] .menu-body a").count()
