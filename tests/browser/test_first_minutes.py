"""The first five minutes on a screen: a report in flight mode, a citizen who says no, a matter that is not pushed down."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.conftest import type_of_person
from tests.browser.test_first_matter import take
from tests.browser.test_offline import opened

MOST_TAPS = 3


def admit(officer: Any, matter: str, post: str = "综合执法岗") -> None:
    officer.goto(f"/desk/matters/{matter}/")
    officer.locator(".actions .button").get_by_text("受理", exact=True).click()
    officer.wait_for_selector("#id_handler_post")
    posts = officer.locator("#id_handler_post option").all_inner_texts()
    officer.select_option("#id_handler_post", label=next(one for one in posts if post in one))
    officer.click("#step .buttons .primary")
    officer.wait_for_selector(".toast:has-text('已办理：受理')")


def test_a_report_in_flight_mode_takes_three_taps(person: type_of_person, photograph: Path) -> None:
    worker = opened(person)
    worker.context.set_offline(True)
    worker.wait_for_selector("#net:has-text('当前无网络')")
    taps = 0

    def tap(target: Any) -> None:
        nonlocal taps
        taps += 1
        target.click()

    with worker.expect_file_chooser() as camera:
        tap(worker.locator("[data-photos] label"))
    camera.value.set_files(photograph)
    worker.wait_for_selector("[data-photos] figure")
    tap(worker.locator(".category").first)
    worker.fill("#id_description", "楼道灯坏了，老人上下楼看不清。")
    tap(worker.locator(".go .button"))
    worker.wait_for_selector(".toast:has-text('已保存在本机')")
    assert taps <= MOST_TAPS

    worker.context.set_offline(False)
    worker.wait_for_selector("body[data-queued='0']")
    worker.goto("/my/reports/")
    line = worker.locator("a.report-item:has-text('楼道灯坏了')")
    assert line.count() == 1
    assert "已送达治理中心，等待受理。" in line.inner_text()
    line.click()
    worker.wait_for_selector(".live[data-state=on]")
    matter = worker.url.rstrip("/").rsplit("/", 1)[1]

    admit(person("town_duty_officer"), matter)
    handler = person("town_handler")
    handler.goto(f"/desk/matters/{matter}/")
    take(handler, "签收", "已办理：签收")
    # Nobody touched the phone: it says who has it, and since when.
    worker.wait_for_selector("#now-heading:has-text('处置中')")
    assert "综合行政执法大队正在处理。" in worker.inner_text("#now")
    assert worker.inner_text("#now .nowrap").endswith("起")


def test_a_citizen_says_not_solved_in_the_elder_version(person: type_of_person, reported: Any) -> None:
    matter = reported("小区门口路灯杆倾斜。", "resident")
    citizen = person("resident", width=390, height=844)
    citizen.goto(f"/my/reports/{matter}/")
    citizen.locator("[data-size-flip]").first.click()
    citizen.wait_for_selector("html[data-size='125']")
    assert citizen.evaluate("document.documentElement.scrollWidth <= innerWidth")
    promised = citizen.locator("#now .quiet", has_text="预计").inner_text()

    officer, handler, checker = person("town_duty_officer"), person("town_handler"), person("town_checker")
    admit(officer, matter)
    handler.goto(f"/desk/matters/{matter}/")
    take(handler, "签收", "已办理：签收")
    take(handler, "反馈进展", "已办理：反馈进展", text="城管队已到场。")
    citizen.wait_for_selector("#now:has-text('城管队已到场')")
    assert "综合行政执法大队正在处理。" in citizen.inner_text("#now")
    take(handler, "申请办结", "已办理：申请办结", text="已扶正。", result="solved")
    checker.goto(f"/desk/matters/{matter}/")
    take(checker, "核查通过", "已办理：核查通过")
    officer.goto(f"/desk/matters/{matter}/")
    take(officer, "办结", "已办理：办结", result="solved")

    citizen.wait_for_selector("#now-heading:has-text('已办结')")
    citizen.fill("#id_text", "又歪了。")
    citizen.click("#answer button[value=reopen]")
    citizen.wait_for_selector(".toast:has-text('原时限继续计算')")
    assert citizen.inner_text("#now-heading") == "处置中"
    assert citizen.locator("#now .quiet", has_text="预计").inner_text() == promised
    assert citizen.evaluate("document.documentElement.dataset.size") == "125"


def test_a_matter_taken_back_from_towns_is_refused_with_the_clause(person: type_of_person, reported: Any) -> None:
    matter = reported("电梯困人，多次报修未修。", matter_type="01076")
    town = person("town_duty_officer")
    town.goto(f"/desk/matters/{matter}/")
    further(town, "上送")
    town.fill("#id_text", "电梯由上级部门监管。")
    town.click("#step .buttons .primary")
    town.wait_for_selector(".toast:has-text('已办理：上送')")

    district = person("district_duty_officer")
    district.goto(f"/desk/matters/{matter}/")
    take(district, "签收", "已办理：签收")
    further(district, "纵向交办")
    towns = district.locator("#id_lower_centre option").all_inner_texts()
    district.select_option("#id_lower_centre", label=next(one for one in towns if "榜样街道" in one))
    district.click("#step .buttons .primary")
    refusal = district.wait_for_selector("#step .errors").inner_text()
    assert "属于上级部门收回事项，不能交办给榜样街道" in refusal
    assert "示例清单·上级收回第5项" in refusal
    assert "以本地公布的履职事项清单为准" in refusal
    assert "请分拨给本级主管部门办理" in refusal


def test_a_department_leads_with_what_a_town_only_assists(person: type_of_person, reported: Any) -> None:
    matter = reported("工地围挡破损，渣土外溢。", matter_type="08001")
    town, district = person("town_duty_officer"), person("district_duty_officer")
    town.goto(f"/desk/matters/{matter}/")
    further(town, "上送")
    town.fill("#id_text", "工地由区里监管。")
    town.click("#step .buttons .primary")
    town.wait_for_selector(".toast:has-text('已办理：上送')")

    district.goto(f"/desk/matters/{matter}/")
    take(district, "签收", "已办理：签收")
    further(district, "纵向交办")
    choose(district, "#id_lower_centre", "榜样街道")
    district.click("#step .buttons .primary")
    refusal = district.wait_for_selector("#step .errors").inner_text()
    assert "配合履职事项，须由本级部门主办" in refusal
    assert "示例清单·配合履职第7项" in refusal
    # What was chosen stands; only the department is missing, and the field that asks for it says so.
    assert "榜样街道" in district.locator("#id_lower_centre option:checked").inner_text()
    assert district.get_attribute("#id_lead_post", "aria-invalid") == "true"
    choose(district, "#id_lead_post", "城市管理局")
    district.click("#step .buttons .primary")
    district.wait_for_selector(".toast:has-text('已办理：纵向交办')")
    assert "城市管理局·处置岗" in district.inner_text(".actions .stage small")

    bureau = person("district_department_handler")
    bureau.goto(f"/desk/matters/{matter}/")
    take(bureau, "签收", "已办理：签收")
    town.goto(f"/desk/matters/{matter}/")
    assert "城市管理局·处置岗" in town.inner_text(".actions .stage small")
    assert town.locator(".actions").get_by_text("申请办结", exact=True).count() == 0


def choose(page: Any, field: str, words: str) -> None:
    offered = page.locator(f"{field} option").all_inner_texts()
    page.select_option(field, label=next(one for one in offered if words in one))


def further(page: Any, step: str) -> None:
    """Open the form of a step that may stand in the menu of further ones."""
    button = page.locator(".actions").get_by_text(step, exact=True).first
    if not button.is_visible():
        page.locator(".actions summary").first.click()
    button.click()
    page.wait_for_selector("#step form")
