"""An official looks at a matter's process: drawn as a diagram, marked, with the library's mark; readable at every width."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser import looking
from tests.browser.conftest import City, type_of_person

SHOTS = os.environ.get("CITY1361_SHOTS", "")


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_the_process_of_a_matter_is_drawn_and_listed(
    live_city: City, person: type_of_person, reported: Callable[..., str], width: int
) -> None:
    matter = reported("路面塌陷")
    with live_city.databases.owner() as connection:
        connection.execute("SELECT set_config('city1361.everything', 'on', false), set_config('city1361.areas', '{}', false), set_config('city1361.organisations', '{}', false), set_config('city1361.account', '00000000-0000-0000-0000-000000000000', false)")  # fmt: skip
        row = connection.execute("SELECT process_instance FROM centres_execution_matter WHERE id = %s", [matter]).fetchone()  # fmt: skip
    assert row
    page = person("town_duty_officer", width=width)
    for name, address in (("instance", f"/processes/{row[0]}/"), ("definition", "/processes/definitions/matter/")):
        page.goto(address)
        page.wait_for_selector(".process-canvas .djs-shape")
        assert page.locator("a.bjs-powered-by, .bjs-powered-by").first.is_visible()
        assert looking.sticking_out(page) == []
        if name == "instance":
            assert page.locator(".djs-shape.current").count() == 1
            assert page.locator('[aria-current="step"]').count() == 1
        _keep(page, f"{name}-{width}")


def test_without_a_script_the_list_says_everything(person: type_of_person) -> None:
    page = person("town_duty_officer", width=1440)
    address = page.url
    plain = page.context.browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
    try:
        still = plain.new_page()
        still.goto(f"{address.split('/', 3)[0]}//{address.split('/', 3)[2]}/processes/definitions/matter/")
        assert still.locator(".process-diagram").is_hidden()
        assert still.locator(".process-steps > li").count() > 10
    finally:
        plain.close()


def _keep(page: Any, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
