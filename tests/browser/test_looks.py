"""Every page at every width and size: readable by everybody, nothing cut off, nothing sticking out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser import looking
from tests.browser.conftest import type_of_person

PAGES = [
    ("", "/accounts/login/"),
    ("", "/accounts/login/?expired=1"),
    ("", "/no/such/page/"),
    ("grid_worker", "/"),
    ("grid_worker", "/report/"),
    ("grid_worker", "/report/place/"),
    ("grid_worker", "/report/place/?q=社区"),
    ("grid_worker", "/my/reports/"),
    ("grid_worker", "/my/reports/{matter}/"),
    ("grid_worker", "/me/"),
    ("grid_worker", "/my/grid/"),
    ("grid_worker", "/my/tasks/"),
    ("town_duty_officer", "/inbox/"),
    ("town_duty_officer", "/inbox/?kind=none"),
    ("town_duty_officer", "/grids/tasks/"),
    ("town_duty_officer", "/grids/tasks/new/"),
    ("town_duty_officer", "/grids/tasks/temporary/"),
    ("resident", "/"),
    ("town_duty_officer", "/desk/"),
    ("town_duty_officer", "/desk/?tab=done"),
    ("town_duty_officer", "/desk/matters/{matter}/"),
    ("town_duty_officer", "/desk/matters/{matter}/steps/admit/"),
    ("town_duty_officer", "/desk/search/"),
    ("town_duty_officer", "/desk/search/?q=路面"),
    ("town_handler", "/desk/"),
    ("town_duty_officer", "/processes/"),
    ("town_duty_officer", "/processes/definitions/matter/"),
    ("system_admin", "/"),
    ("town_duty_officer", "/accounts/password/change/"),
    ("town_duty_officer", "/accounts/2fa/"),
    ("town_duty_officer", "/accounts/reauthenticate/"),
    ("town_duty_officer", "/me/"),
    ("town_duty_officer", "/accounts/sessions/"),
    ("town_duty_officer", "/accounts/logout/"),
]
SMALL_TARGETS = """least => [...document.querySelectorAll('a, button, select, input, textarea, summary')]
  .filter(element => element.checkVisibility() && !element.closest('.unseen, .skip, p, td, .trail, .toast, h2, .after-panel'))
  .map(element => ({ element, box: (element.closest('label') || element).getBoundingClientRect() }))
  .filter(({ box }) => box.width > 2 && box.height < least - 0.5)
  .map(({ element, box }) => `${element.tagName}.${element.className} ${element.innerText.slice(0, 12)} ${box.height}`)"""


@pytest.fixture(scope="package")
def matters() -> dict[str, str]:
    return {}


@pytest.fixture
def matter(matters: dict[str, str], reported: Any) -> str:
    """One matter that all pages show."""
    if "shown" not in matters:
        matters["shown"] = reported("路面坍塌，长约一米，已摆警示牌，请行人绕行，等待抢修人员到场处理。")
    return matters["shown"]


each_page = pytest.mark.parametrize(("username", "address"), PAGES, ids=[f"{who}{where}" for who, where in PAGES])


@each_page
def test_a_page_shuts_nobody_out_and_nothing_sticks_out(
    person: type_of_person, matter: str, username: str, address: str
) -> None:
    page = person(username)
    page.goto(address.format(matter=matter))
    for width in (1440, 1920, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for size in ("188", "125", "100"):
            page.evaluate("size => { document.documentElement.dataset.size = size }", size)
            assert looking.sticking_out(page) == [], f"{address} at {width}, {size} %"
        if width != 1920:
            assert looking.shutting_out(page) == [], f"{address} at {width}"


@pytest.mark.parametrize("address", ["/", "/report/", "/my/reports/", "/my/reports/{matter}/", "/me/"])
def test_a_thumb_meets_every_target(person: type_of_person, matter: str, address: str) -> None:
    page = person("grid_worker", width=390, height=844)
    page.goto(address.format(matter=matter))
    assert page.evaluate(SMALL_TARGETS, 44) == []
    page.evaluate("document.documentElement.dataset.size = '125'")
    assert page.evaluate(SMALL_TARGETS, 60) == []


def test_a_phone_page_is_light(person: type_of_person) -> None:
    page = person("grid_worker", width=390)
    page.goto("/report/")
    sizes = page.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map(entry => entry.encodedBodySize)"
    )
    assert sum(sizes) < 150_000


def test_english_speaks_english(person: type_of_person, matter: str) -> None:
    officer = person("town_duty_officer", locale="en-GB")
    officer.goto(f"/desk/matters/{matter}/")
    assert officer.get_attribute("html", "lang") == "en"
    for heading in officer.locator("h2").all_inner_texts():
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in heading.split("\n")[0]), heading
    worker = person("grid_worker", width=390, locale="en-GB")
    worker.goto("/report/")
    assert worker.inner_text(".go .button").strip() == "Report"
    assert looking.sticking_out(worker) == []


def test_the_language_can_be_chosen(person: type_of_person) -> None:
    page = person("grid_worker", width=390)
    page.goto("/me/")
    page.click("button[lang=en]")
    page.wait_for_selector("html[lang=en]")
    page.goto("/report/")
    assert page.get_attribute("html", "lang") == "en"


def test_a_problem_page_says_what_where_and_what_to_do(person: type_of_person) -> None:
    page = person("grid_worker", width=390)
    answer = page.goto("/my/reports/00000000-0000-7000-8000-000000000000/")
    assert answer.status == 404
    shown = page.inner_text("main")
    assert "未找到" in shown
    assert "怎么办" in shown
    assert page.locator("code").inner_text().strip() != ""
    assert page.url.removeprefix(page.evaluate("location.origin")) in shown


def test_keys_alone_reach_everything_on_the_desk(person: type_of_person, matter: str) -> None:
    officer = person("town_duty_officer")
    officer.goto(f"/desk/matters/{matter}/")
    officer.keyboard.press("Tab")
    assert officer.evaluate("document.activeElement.className") == "skip"
    seen = set()
    for _ in range(60):
        officer.keyboard.press("Tab")
        seen.add(officer.evaluate("document.activeElement.innerText.trim().split('\\n')[0]"))
    assert {"受理", "更多", "吹哨"} <= seen
