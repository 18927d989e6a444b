"""One walk through list and intake: told of a duplicate while typing, a list narrowed, and exported."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import type_of_person

DESCRIPTION = "污水从井盖缝冒出，气味很大，请尽快处理。"


def fill(page: Any, description: str) -> None:
    page.goto("/report/")
    page.locator(".category", has_text="积水漏水").click()
    page.fill("#id_description", description)


def test_a_duplicate_is_told_while_typing_and_the_list_is_narrowed_and_exported(person: type_of_person) -> None:
    worker = person("grid_worker", width=390, height=844)
    fill(worker, DESCRIPTION)
    worker.check("input[name=urgency][value=urgent]", force=True)
    worker.click(".go .button")
    worker.wait_for_url("**/my/reports/*/")
    number = worker.inner_text(".where .number")

    fill(worker, "井盖缝里污水冒出，气味很大")
    worker.wait_for_selector("[data-similar-box]:not([hidden])")
    told = worker.inner_text("[data-similar-box]")
    assert "附近已有" in told
    assert number in told
    assert "相同的词" in told

    officer = person("town_duty_officer")
    officer.goto("/desk/search/")
    officer.select_option("#urgency", "urgent")
    officer.click(".filter-bar > .primary")
    officer.wait_for_url("**urgency=urgent**")
    assert number in officer.inner_text(".results")
    with officer.expect_download() as waiting:
        officer.click(".export button[value=csv]")
    assert waiting.value.suggested_filename.endswith(".csv")
