"""Plain words for where a report stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from city1361.centres.execution.api import MatterState, Step, StepView
from city1361.grassroots.grids import progress


@pytest.mark.parametrize("state", MatterState)
def test_every_state_has_a_sentence_and_a_stage(state: MatterState) -> None:
    assert progress.now_words(state, "综合执法岗").endswith("。")
    stages = progress.stages(state)
    assert [stage.name for stage in stages] == list(progress.STAGES)
    assert stages[0].mark == "past"


def test_who_has_it_is_named() -> None:
    assert progress.now_words(MatterState.HANDLING, "综合执法岗") == "综合执法岗正在处理。"
    assert progress.now_words(MatterState.HANDLING, "") == "主办单位正在处理。"


def test_a_closed_report_has_every_stage_behind_it() -> None:
    assert {stage.mark for stage in progress.stages(MatterState.CLOSED)} == {"past"}
    assert [stage.mark for stage in progress.stages(MatterState.HANDLING)] == [
        "past",
        "past",
        "now",
        "coming",
        "coming",
    ]


def said(step: Step, text: str = "") -> StepView:
    return StepView(1, step, datetime(2026, 11, 23, tzinfo=UTC), "综合执法岗", "", text)


def test_the_last_words_about_the_work_are_shown_until_it_is_reopened() -> None:
    done = [said(Step.REPORT, "冒水"), said(Step.REQUEST_CLOSE, "已修好"), said(Step.CHECK_PASS), said(Step.CLOSE)]
    assert progress.latest_words(done) == "已修好"
    assert progress.latest_words([*done, said(Step.REOPEN, "还在冒")]) == ""
    assert progress.latest_words([*done, said(Step.REOPEN), said(Step.REPORT_PROGRESS, "再修")]) == "再修"
    assert progress.latest_words([said(Step.REPORT, "冒水")]) == ""
