"""Officials read the rules and follow a change at every width: nothing sticks out."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.browser import looking
from tests.browser.conftest import type_of_person

SHOTS = os.environ.get("CITY1361_SHOTS", "")


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_the_rules_fit(person: type_of_person, width: int) -> None:
    page = person("data_bureau", width=width)
    for name in ("", "duties/", "parameters/", "proposals/", "proposals/new/"):
        page.goto(f"/rules/{name}")
        assert looking.sticking_out(page) == [], name
        _keep(page, f"rules-{name.replace('/', '')}-{width}")
    page.fill("[name=key]", "06010")
    page.fill("[name=amount]", str(3 if width == 390 else 2))
    page.select_option("[name=unit]", "working_hour")
    page.fill("[name=starts_on]", f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
    page.fill("[name=reason]", "投诉多")
    page.click("main button.primary")
    page.wait_for_url("**/rules/proposals/*-*/")
    assert page.get_by_text("4个工作时").count() == 1
    assert looking.sticking_out(page) == []
    _keep(page, f"rules-proposal-{width}")


def _keep(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
