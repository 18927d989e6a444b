"""No network: the report is kept on the phone, the page opens again, and later everything is sent once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import type_of_person

READY = """() => Promise.race([
  navigator.serviceWorker.ready.then(() => true),
  new Promise((_, refuse) => setTimeout(() => refuse(new Error('no service worker within 20 s')), 20000)),
])"""


def opened(person: type_of_person, username: str = "grid_worker") -> Any:
    """The report page with its service worker in charge."""
    page = person(username, width=390, height=844)
    page.goto("/report/")
    page.evaluate(READY)
    page.reload()
    assert page.evaluate("navigator.serviceWorker.controller !== null")
    return page


def fill(page: Any, description: str) -> None:
    page.locator(".category").first.click()
    page.fill("#id_description", description)


def test_a_report_without_network_is_kept_and_sent_later(person: type_of_person, photograph: Path) -> None:
    page = opened(person)
    page.context.set_offline(True)
    page.wait_for_selector("#net:has-text('当前无网络')")
    page.set_input_files("[data-photos] input", photograph)
    page.wait_for_selector("[data-photos] figure")
    fill(page, "没有网络时报的：楼道堆放杂物。")
    page.click(".go .button")
    page.wait_for_selector(".toast:has-text('已保存在本机')")
    assert page.evaluate("document.body.dataset.queued") == "1"
    assert page.input_value("#id_description") == ""

    page.reload()
    page.wait_for_selector("body[data-queued='1']")
    assert page.title().startswith("事件上报")

    page.context.set_offline(False)
    page.wait_for_selector("body[data-queued='0']")
    page.goto("/my/reports/")
    arrived = page.locator(".report-item:has-text('没有网络时报的')")
    assert arrived.count() == 1
    arrived.click()
    page.wait_for_selector(".timeline .photo img")


def test_what_waits_is_shown_among_my_reports(person: type_of_person) -> None:
    page = opened(person)
    page.goto("/my/reports/")
    page.goto("/report/")
    page.context.set_offline(True)
    fill(page, "等待上传的一件。")
    page.click(".go .button")
    page.wait_for_selector(".toast:has-text('已保存在本机')")
    page.goto("/my/reports/")
    page.wait_for_selector("#queue li:has-text('等待上传的一件'):has-text('待上传')")
    page.context.set_offline(False)
    page.wait_for_selector("#queue:not(:has(li))", state="attached")


def test_on_a_shared_phone_nobody_sends_what_another_wrote(
    person: type_of_person, known_cookies: dict[str, Any]
) -> None:
    page = opened(person)
    page.context.set_offline(True)
    fill(page, "网格员写的，居民不能代发。")
    page.click(".go .button")
    page.wait_for_selector(".toast:has-text('已保存在本机')")
    resident = person("resident", width=390)
    page.context.clear_cookies()
    page.context.add_cookies(resident.context.cookies())
    page.context.set_offline(False)
    page.goto("/my/reports/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.body.dataset.queued") == "0"
    assert page.locator(".report-item:has-text('网格员写的')").count() == 0
    page.context.clear_cookies()
    page.context.add_cookies(known_cookies["grid_worker"])
    page.goto("/my/reports/")
    page.wait_for_selector("body[data-queued='0']")
    page.reload()
    assert page.locator("a.report-item:has-text('网格员写的')").count() == 1


def test_a_session_that_ended_keeps_the_report_until_sign_in(person: type_of_person, live_city: Any) -> None:
    page = opened(person)
    fill(page, "登录过期以后报的。")
    session = [cookie for cookie in page.context.cookies() if "session" in cookie["name"]]
    page.context.clear_cookies(name=session[0]["name"])
    page.click(".go .button")
    page.wait_for_selector("#net:has-text('登录已过期')")
    assert page.evaluate("document.body.dataset.queued") == "1"
    page.context.add_cookies(session)
    page.reload()
    page.wait_for_selector("body[data-queued='0']")
    page.goto("/my/reports/")
    assert page.locator("a.report-item:has-text('登录过期以后报的')").count() == 1


def test_what_the_server_refuses_comes_back_to_be_mended(person: type_of_person) -> None:
    page = opened(person)
    fill(page, "细分类型不存在的一件。")
    page.evaluate("""() => {
      const option = new Option('x', 'NO-SUCH-TYPE'); const select = document.querySelector('#id_matter_type')
      select.add(option); select.value = 'NO-SUCH-TYPE'
    }""")
    page.click(".go .button")
    page.wait_for_selector(".toast.warning")
    page.goto("/my/reports/")
    page.click("#queue [data-edit]")
    expect(page.locator("#id_description")).to_have_value("细分类型不存在的一件。")
    page.locator(".category").nth(1).click()
    page.click(".go .button")
    page.wait_for_url("**/my/reports/*/")
    assert "细分类型不存在的一件" in page.inner_text("main")


def test_the_form_of_a_type_is_asked_without_network_and_arrives_with_the_report(person: type_of_person) -> None:
    page = opened(person)
    page.context.set_offline(True)
    page.locator(".category:has-text('积水漏水')").click()
    page.fill("#id_description", "没有网络时报的积水。")
    page.fill("[name='answers.depth']", "很深")
    page.click(".go .button")
    expect(page.locator(".type-form .field.wrong")).to_contain_text("请核对“目测水深（厘米）”")
    page.locator(".category:has-text('道路设施')").click()
    expect(page.locator(".type-form")).to_have_count(0)
    page.locator(".category:has-text('积水漏水')").click()
    expect(page.locator("[name='answers.depth']")).to_have_value("很深")
    page.fill("[name='answers.depth']", "35")
    page.locator(".type-form .option:has-text('下穿道')").click()
    page.click(".go .button")
    page.wait_for_selector(".toast:has-text('已保存在本机')")
    expect(page.locator(".type-form")).to_have_count(0)
    page.context.set_offline(False)
    page.wait_for_selector("body[data-queued='0']")
    page.goto("/my/reports/")
    page.locator("a.report-item:has-text('没有网络时报的积水')").click()
    page.wait_for_url("**/my/reports/*/")
    desk = person("town_duty_officer")
    desk.goto(f"/desk/matters/{page.url.rstrip('/').rsplit('/', 1)[1]}/")
    expect(desk.locator("main")).to_contain_text("下穿道")
    expect(desk.locator("main")).to_contain_text("35")
