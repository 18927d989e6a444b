"""The tutorial of five minutes, followed mark by mark: what it says can be pressed, put in and seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browser.conftest import type_of_person
from tests.browser.following import Reader, marks
from tests.browser.test_offline import opened

FIVE_MINUTES = Path(__file__).resolve().parents[2] / "docs/tutorial/five-minutes.md"


def test_a_stranger_can_follow_the_five_minutes(person: type_of_person, photograph: Path) -> None:
    def window(who: str) -> Any:
        return opened(person) if who == "grid_worker" else person(who)

    text = FIVE_MINUTES.read_text("utf-8")
    assert Reader(window, photograph).follow(text) == len(list(marks(text))) > 90


def test_a_step_that_is_not_so_is_found() -> None:
    told = [
        mark
        for _, mark in marks(
            "1. **town_checker** at `/desk/`: 【核查通过】 «说明: 好» “已办理”. ✈\n2. ⇄ then\n   “x” ⟨办结数 −1⟩.\n“y”"
        )
    ]
    assert told == [
        {"who": "town_checker"}, {"go": "/desk/"}, {"press": "核查通过"}, {"field": "说明", "words": "好"},
        {"see": "已办理"}, {"off": "✈"}, {"on": "⇄"}, {"see": "x"}, {"number": "办结数", "change": "−1"},
    ]  # fmt: skip
