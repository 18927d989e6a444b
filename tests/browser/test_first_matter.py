"""The first matter, walked by each person in a browser: report, admit, handle, check, close, reopen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.conftest import type_of_person

DESCRIPTION = "中山路人行道窨井盖缺失，已摆警示牌，行人需绕行。"


def take(page: Any, step: str, done: str, *, text: str = "", result: str = "", photo: Path | None = None) -> None:
    """Open a step's form, fill it in, send it, and see that it was taken."""
    page.locator(".actions .button").get_by_text(step, exact=True).click()
    page.wait_for_selector("#step form")
    if text:
        page.fill("#id_text", text)
    if result:
        page.check(f"#step input[value={result}]", force=True)
    if photo:
        page.set_input_files("#id_photos", photo)
    page.click("#step .buttons .primary")
    page.wait_for_selector(f".toast:has-text('{done}')")


def test_a_manhole_cover_goes_from_the_phone_to_close_and_back(person: type_of_person, photograph: Path) -> None:
    worker = person("grid_worker", width=390, height=844)
    officer = person("town_duty_officer")
    officer.goto("/desk/")
    officer.wait_for_selector(".live[data-state=on]")

    worker.goto("/report/")
    worker.set_input_files("[data-photos] input", photograph)
    worker.wait_for_selector("[data-photos] figure")
    worker.fill("#id_description", DESCRIPTION)
    worker.locator(".category").first.click()
    worker.click(".go .button")
    worker.wait_for_url("**/my/reports/*/")
    assert worker.inner_text("#now-heading") == "待受理"
    number = worker.inner_text(".where .number")

    # Nobody touched the officer's page: it heard of the report by itself.
    officer.wait_for_selector(f".item:has-text('{DESCRIPTION[:12]}')").click()
    officer.wait_for_selector(f".facts:has-text('{number}')")
    assert officer.locator(".timeline .photo img").count() == 1
    officer.locator(".actions .button").get_by_text("受理", exact=True).click()
    officer.wait_for_selector("#id_handler_post")
    posts = officer.locator("#id_handler_post option").all_inner_texts()
    officer.select_option("#id_handler_post", label=next(post for post in posts if "综合执法岗" in post))
    officer.click("#step .buttons .primary")
    officer.wait_for_selector(".toast:has-text('已办理：受理')")
    assert officer.inner_text("#case-title .tag").strip() == "待签收"

    handler = person("town_handler")
    handler.goto("/desk/")
    assert "网格员" in handler.inner_text(".timeline")
    take(handler, "签收", "已办理：签收")
    take(handler, "反馈进展", "已办理：反馈进展", text="正在更换井盖。", photo=photograph)
    take(handler, "申请办结", "已办理：申请办结", text="井盖已更换。", result="solved")
    assert handler.locator(".actions .button").count() == 0, "the handler only asks for close"

    checker = person("town_checker")
    checker.goto("/desk/")
    take(checker, "核查通过", "已办理：核查通过")

    officer.goto("/desk/")
    take(officer, "办结", "已办理：办结", result="solved")

    # The reporter's page followed every step; now it asks.
    worker.wait_for_selector("#now-heading:has-text('已办结')")
    worker.click("#answer button[value=reopen]")
    worker.wait_for_selector("#answer .errors")
    worker.fill("#id_text", "井盖仍然松动。")
    worker.click("#answer button[value=reopen]")
    worker.wait_for_selector(".toast:has-text('已重新办理')")
    assert worker.inner_text("#now-heading") == "处置中"

    handler.goto("/desk/")
    assert "重开1次" in handler.inner_text("#case-body")
    assert "井盖仍然松动" in handler.inner_text(".timeline")


def test_a_search_finds_the_matter_by_words_and_number(person: type_of_person, reported: Any) -> None:
    matter = reported("滨江步道栏杆断裂，注意安全。")
    officer = person("town_duty_officer")
    officer.goto("/desk/search/")
    officer.fill("#q", "栏杆断裂")
    officer.click(".search-bar .primary")
    officer.click(".results a:has-text('滨江步道栏杆断裂')")
    officer.wait_for_url(f"**/desk/matters/{matter}/")
    number = officer.inner_text(".facts .number")
    officer.goto(f"/desk/search/?q={number}")
    assert officer.locator(".results tbody tr").count() == 1


def test_another_town_s_officer_finds_nothing(person: type_of_person, reported: Any) -> None:
    matter = reported("后街路灯不亮，夜间看不清路。")
    stranger = person("sibling_duty_officer")
    stranger.goto("/desk/search/?q=后街路灯")
    assert stranger.locator(".results").count() == 0
    answer = stranger.goto(f"/desk/matters/{matter}/")
    assert answer.status == 404
    assert "未找到" in stranger.inner_text("h1")


def test_arrow_keys_walk_down_the_list(person: type_of_person, reported: Any) -> None:
    reported("第一件：路面坑洼。")
    reported("第二件：路面坑洼。")
    officer = person("town_duty_officer")
    officer.goto("/desk/")
    officer.locator(".item").first.focus()
    officer.keyboard.press("ArrowDown")
    assert officer.evaluate("document.activeElement === document.querySelectorAll('.item')[1]")
    officer.keyboard.press("Enter")
    officer.wait_for_url("**/desk/matters/*/")
