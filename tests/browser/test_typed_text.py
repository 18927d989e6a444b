"""Nothing typed is lost: not to an ended session, not to somebody who was faster, not to a second press."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import City, sign_in, type_of_person


def open_step(page: Any, matter: str, step: str) -> None:
    page.goto(f"/desk/matters/{matter}/")
    link = page.locator(".actions a").get_by_text(step, exact=True)
    if not link.is_visible():
        page.click(".more-steps > summary")
    link.click()
    page.wait_for_selector("#step form")


def test_an_ended_session_keeps_what_was_typed(person: type_of_person, reported: Any, live_city: City) -> None:
    matter = reported("登录过期时正在填写的事件。")
    officer = person("town_duty_officer", fresh=True)
    open_step(officer, matter, "不予受理")
    officer.fill("#id_text", "不属于本中心职责，已告知上报人。")
    officer.context.clear_cookies(name=next(c["name"] for c in officer.context.cookies() if "session" in c["name"]))
    officer.click("#step .buttons .primary")
    officer.wait_for_url("**/accounts/login/**")
    assert "填写的内容已保存" in officer.inner_text("main")
    sign_in(officer, "town_duty_officer")
    officer.wait_for_selector("#step form")
    assert officer.input_value("#id_text") == "不属于本中心职责，已告知上报人。"
    officer.wait_for_selector("[data-restored-note]:visible")
    officer.click("#step .buttons .primary")
    officer.wait_for_selector(".toast:has-text('已办理：不予受理')")
    officer.goto(f"/desk/matters/{matter}/steps/refuse/")
    assert officer.evaluate("Object.entries(sessionStorage).filter(([key]) => key.startsWith('draft:'))") == []


def test_of_two_officers_one_wins_and_the_other_keeps_his_words(person: type_of_person, reported: Any) -> None:
    matter = reported("两个人同时受理的事件。")
    first, second = person("town_duty_officer"), person("town_duty_officer")
    open_step(first, matter, "受理")
    open_step(second, matter, "不予受理")
    second.fill("#id_text", "这段话不能丢。")
    post = first.locator("#id_handler_post option").nth(1).get_attribute("value")
    first.select_option("#id_handler_post", post)
    first.click("#step .buttons .primary")
    first.wait_for_selector(".toast:has-text('已办理：受理')")
    second.click("#step .buttons .primary")
    second.wait_for_selector("#step [role=alert]:has-text('已有变化')")
    assert "受理" in second.inner_text("#step .changes")
    assert "值班" in second.inner_text("#step .changes")
    assert second.input_value("#id_text") == "这段话不能丢。"
    assert second.locator("#step .buttons").count() == 0, "the step is no longer possible"


def test_a_live_change_beside_an_open_form_touches_nothing_typed(person: type_of_person, reported: Any) -> None:
    matter = reported("填写时别人办理了的事件。")
    writing, acting = person("town_duty_officer"), person("town_duty_officer")
    open_step(writing, matter, "不予受理")
    writing.wait_for_selector(".live[data-state=on]")
    writing.fill("#id_text", "写到一半")
    open_step(acting, matter, "受理")
    acting.select_option("#id_handler_post", index=1)
    acting.click("#step .buttons .primary")
    acting.wait_for_selector(".toast:has-text('已办理：受理')")
    writing.wait_for_selector("[data-moved-on]:visible")
    assert writing.input_value("#id_text") == "写到一半"
    assert writing.evaluate("document.activeElement.id") == "id_text"
    assert "待签收" in writing.inner_text("#case-title")


def test_pressing_twice_takes_the_step_once(person: type_of_person, reported: Any) -> None:
    matter = reported("连按两次的事件。")
    officer = person("town_duty_officer")
    open_step(officer, matter, "不予受理")
    officer.fill("#id_text", "重复。")
    form = officer.evaluate("Object.fromEntries(new FormData(document.querySelector('#step form')))")
    address = officer.get_attribute("#step form", "action")
    headers = {"Referer": officer.url}
    answers = [officer.request.post(address, form=form, headers=headers, max_redirects=0).status for _ in range(2)]
    assert answers == [302, 302]
    officer.goto(f"/desk/matters/{matter}/")
    assert officer.locator(".timeline > li").count() == 2


def test_a_wrong_form_says_what_is_wrong_and_keeps_the_rest(person: type_of_person, reported: Any) -> None:
    matter = reported("填写有误的事件。")
    officer = person("town_duty_officer")
    open_step(officer, matter, "受理")
    officer.fill("#id_text", "请尽快办理。")
    officer.click("#step .buttons .primary")
    officer.wait_for_selector("#step .errors")
    assert officer.input_value("#id_text") == "请尽快办理。"
    officer.click("#step .errors a")
    assert officer.evaluate("document.activeElement.id") == "id_handler_post"


def test_everything_works_without_javascript(person: type_of_person) -> None:
    worker = person("grid_worker", width=390, java_script_enabled=False)
    worker.goto("/report/")
    worker.locator(".category input").first.check(force=True)
    worker.fill("#id_description", "没有脚本也能上报。")
    worker.click(".go .button")
    assert "/my/reports/" in worker.url
    assert "待受理" in worker.inner_text("#now")

    officer = person("town_duty_officer", java_script_enabled=False)
    officer.goto("/desk/")
    officer.click(".item:has-text('没有脚本也能上报')")
    officer.click(".more-steps > summary")
    officer.locator(".more-steps .menu-body a").get_by_text("不予受理", exact=True).click()
    officer.click("#step .buttons .primary")
    assert "请更正后再提交" in officer.inner_text("#step")
    officer.fill("#id_text", "测试。")
    officer.click("#step .buttons .primary")
    assert officer.inner_text("#case-title .tag").strip() == "不予受理"


def test_changing_the_text_size_keeps_the_form(person: type_of_person) -> None:
    page = person("grid_worker", width=390)
    page.goto("/report/")
    page.fill("#id_description", "换字号时写的。")
    with page.expect_response("**/display/"):
        page.click("[data-size-flip]")
    page.wait_for_selector("html[data-size='125']")
    assert page.input_value("#id_description") == "换字号时写的。"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.size") == "125"
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('#id_description')).fontSize)") >= 20
