"""The wall at every size: nothing sticks out, nobody is shut out; it follows the day by itself and says when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import looking
from tests.browser.conftest import City, type_of_person

SIZES = ((1920, 1080), (3840, 2160), (1440, 900), (390, 844))
NUMBER = "() => Number(document.querySelector('#wall-kpis b').textContent.replace(/,/g, ''))"


@pytest.mark.parametrize("who", ["city_duty_officer", "district_duty_officer", "town_duty_officer"])
def test_a_wall_is_whole_at_every_size_and_open_to_everybody(
    person: type_of_person, reported: Callable[..., str], who: str
) -> None:
    reported("路面坍塌，长约一米，已摆警示牌，请行人绕行，等待抢修人员到场处理。")
    page = person(who)
    page.goto("/wall/")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert looking.sticking_out(page) == [], f"{who} at {width}"
        if width in (1920, 390):
            assert looking.shutting_out(page) == [], f"{who} at {width}"
    for width, height in SIZES[:2]:
        page.set_viewport_size({"width": width, "height": height})
        root = page.evaluate("[document.documentElement.scrollHeight, parseFloat(getComputedStyle(document.documentElement).fontSize)]")  # fmt: skip
        assert root == [height, width / 120]


def shows(page: Any, number: int) -> None:
    """Wait until the wall shows the number. The content policy forbids the page to wait by a sentence of ours."""
    for _ in range(600):
        if page.evaluate(NUMBER) == number:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the wall shows {page.evaluate(NUMBER)}, not {number}")


def test_a_wall_follows_the_day_and_catches_up_after_a_cut(
    person: type_of_person, reported: Callable[..., str], live_city: City
) -> None:
    page = person("town_duty_officer", width=1920, height=1080)
    page.goto("/wall/")
    page.wait_for_selector(".live[data-state=on]")
    before = page.evaluate(NUMBER)
    first = reported("井盖松动，车轮压过时作响，已摆警示牌。")
    page.wait_for_selector(f"#wall-latest a[href='/desk/matters/{first}/']")
    shows(page, before + 1)
    live_city.stop("live")
    page.wait_for_selector(".live[data-state=stale]")
    assert "数据截至" in page.inner_text(".live")
    second = reported("护栏倒在人行道上，行人只能走车道。")
    live_city.start_live()
    page.wait_for_selector(f"#wall-latest a[href='/desk/matters/{second}/']", timeout=60000)
    shows(page, before + 2)
    assert page.get_attribute(".live", "data-state") == "on"


def test_visitors_see_the_city_and_nobody_in_it(person: type_of_person, reported: Callable[..., str]) -> None:
    matter = reported("路灯不亮，张三家门前漆黑一片。")
    page = person("town_duty_officer", width=1920, height=1080)
    page.goto("/wall/")
    page.click("text=参观模式")
    page.wait_for_url("**visitors=1**")
    text = page.content()
    assert "张三" not in text
    assert matter not in text
    links: Any = page.eval_on_selector_all("main a[href]", "all => all.map(one => new URL(one.href).pathname)")
    assert all(link == "/" or link.startswith("/wall/") for link in links), links
