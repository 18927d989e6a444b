"""Components say to everybody what they show to the eye."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

from city1361.base.kernel import clock
from city1361.base.ui import words
from city1361.base.ui.terms import Clock, Flow, FlowNode, TimelineEntry, Tone

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Form(forms.Form):
    text = forms.CharField(label="进展", help_text="做了什么")
    result = forms.ChoiceField(label="结果", choices=[("a", "已解决"), ("b", "已解释")], widget=forms.RadioSelect)


def render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_a_wrong_field_ties_label_hint_and_error_together() -> None:
    html = render("{% field form.text %}", form=Form({}))
    assert '<label for="id_text">' in html
    assert 'aria-describedby="id_text-hint id_text-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_text-error"' in html


def test_a_right_field_says_nothing_of_errors() -> None:
    html = render("{% field form.text %}", form=Form())
    assert "aria-invalid" not in html
    assert 'aria-describedby="id_text-hint"' in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = render("{% field form.result %}", form=Form())
    assert "<fieldset" in html
    assert "<legend>结果" in html
    assert html.count('type="radio"') == 2


def test_the_summary_of_errors_leads_to_each_field() -> None:
    html = render("{% error_summary form %}", form=Form({}))
    assert 'role="alert"' in html
    assert 'href="#id_text"' in html


def test_a_field_left_empty_is_named() -> None:
    html = render("{% error_summary form %}{% field form.result %}", form=Form({}))
    assert "请填写进展。" in html
    assert html.count("请选择结果。") == 2
    assert "必填项" not in html


def test_a_form_without_errors_has_no_summary() -> None:
    assert render("{% error_summary form %}", form=Form()).strip() == ""


@pytest.mark.parametrize(
    ("minutes", "stopped", "expected"),
    [
        (224, False, "剩3小时44分"),
        (-42, False, "超时42分"),
        (1140, False, "剩2天3小时"),
        (90, True, "按期"),
        (-42, True, "超时42分"),
    ],
)
def test_a_clock_says_in_words_what_is_left(minutes: int, stopped: bool, expected: str) -> None:
    html = render("{% clock_bar c %}", c=Clock("总", minutes, 0.5, 480, stopped=stopped))
    assert expected in html
    assert "<progress" in html


def test_a_clock_that_stands_still_for_a_while_is_not_a_clock_that_ended() -> None:
    html = render("{% clock_bar c %}", c=Clock("总", 224, 0.5, 480, stopped=True, paused=True))
    assert "暂停，剩3小时44分" in html
    assert "按期" not in html


def test_less_than_a_minute_is_said_in_words() -> None:
    assert words.span_words(0, 480) == "不到1分"


def test_a_late_clock_stands_out_by_more_than_colour() -> None:
    html = render("{% clock_bar c %}", c=Clock("总", -5, 1.0, 480, tone=Tone.LATE))
    assert 'class="clock late"' in html
    assert "超时5分" in html


def test_no_clock_is_nothing() -> None:
    assert render("{% clock_bar c %}", c=None).strip() == ""


@pytest.mark.parametrize(
    ("estimated", "stopped", "said"), [(True, False, True), (True, True, False), (False, False, False)]
)
def test_a_limit_beyond_the_announced_holidays_says_that_it_is_estimated(
    estimated: bool, stopped: bool, said: bool
) -> None:
    html = render("{% clock_bar c %}", c=Clock("总", 60, 0.5, 480, stopped=stopped, estimated=estimated))
    assert ("推算" in html) is said


def test_photographs_are_loaded_when_they_are_seen_and_have_a_text() -> None:
    html = render("{% photos ids %}", ids=[UUID(int=1), UUID(int=2)])
    assert html.count('loading="lazy"') == 2
    assert 'alt="照片2"' in html
    assert f"/files/{UUID(int=1)}/thumb" in html


def test_what_somebody_typed_cannot_become_markup() -> None:
    entries = [TimelineEntry(NOON, "上报", "<b>我</b>", "<script>alert(1)</script>\n第二行")]
    html = render("{% timeline entries %}", entries=entries)
    assert "<script>" not in html
    assert "<b>我</b>" not in html
    assert "第二行" in html


def test_a_day_is_named_once_in_a_time_line() -> None:
    with clock.frozen(NOON):
        yesterday = NOON - timedelta(days=1)
        entries = [TimelineEntry(yesterday, "上报"), TimelineEntry(yesterday, "受理"), TimelineEntry(NOON, "签收")]
        html = render("{% timeline entries %}", entries=entries)
    assert html.count("<small>11-22") == 1
    assert "<small>11-23" not in html


def test_the_process_strip_is_also_a_list_that_marks_where_it_is() -> None:
    html = render("{% flow f %}", f=Flow([FlowNode("上报", "past"), FlowNode("受理", "now")], [(1, 0, "退回")]))
    assert 'role="img"' in html
    assert '<li class="now" aria-current="step">受理</li>' in html


def test_htmx_attributes_renew_the_case_in_place() -> None:
    html = render('<a {% swaps "/desk/matters/1/" %}>x</a>')
    assert 'hx-get="/desk/matters/1/"' in html
    assert 'hx-push-url="true"' in html


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON, "12:00"),
        (NOON - timedelta(days=1), "11月22日 12:00"),
        (NOON - timedelta(days=400), "2025年10月19日 12:00"),
    ],
)
def test_a_moment_is_as_short_as_it_can_be(at: datetime, expected: str) -> None:
    with clock.frozen(NOON):
        assert words.moment_words(at) == expected


def test_times_are_said_in_the_language_of_the_page() -> None:
    with clock.frozen(NOON), translation.override("en"):
        assert words.span_words(224, 480) == "3 h 44 min"
        assert words.day_words(NOON) == "Mon 23/11"


@pytest.mark.parametrize(
    ("user_agent", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/95.0 Safari/537.36",
            "Windows·Chrome",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604.1", "iPhone·Safari"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36 MicroMessenger/8.0", "Android·WeChat"),
        ("curl/8.0", "其他设备"),
    ],
)
def test_a_device_is_called_by_the_names_people_know(user_agent: str, expected: str) -> None:
    assert words.device_words(user_agent) == expected
