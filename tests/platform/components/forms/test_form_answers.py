"""A form asks what matters, keeps what it was told in order, and says which field is wrong."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city1361.base.kernel.errors import Invalid
from city1361.platform.components.forms import decisions
from city1361.platform.components.forms.answering import Form
from city1361.platform.components.forms.definition import FormDeclaration
from city1361.platform.components.forms.fields import AnswerFields

TODAY = date(2026, 11, 23)


def words(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"value": value, "label": words(value)} for value in values]


FORM = FormDeclaration.model_validate(
    {
        "title": words("井盖"),
        "fields": [
            {"name": "number", "kind": "text", "label": words("设施编号"), "digits": True, "longest": 17},
            {
                "name": "state",
                "kind": "choice",
                "label": words("状况"),
                "required": True,
                "options": options("broken", "lost"),
            },
            {
                "name": "fenced",
                "kind": "yes_no",
                "label": words("已围挡"),
                "required": True,
                "show_when": {"field": "state", "equals": ["lost"]},
            },
            {
                "name": "fence",
                "kind": "text",
                "label": words("围挡"),
                "show_when": {"field": "fenced", "equals": [True]},
            },
            {"name": "width", "kind": "number", "label": words("口径"), "least": 0, "most": 3000, "decimals": 1},
            {"name": "seen", "kind": "date", "label": words("发现日期"), "past": True},
            {
                "name": "dangers",
                "reporter": True,
                "kind": "choices",
                "label": words("危险"),
                "options": options("cars", "people", "water"),
            },
            {"name": "caller", "kind": "phone", "label": words("联系电话")},
            {"name": "note", "kind": "long_text", "label": words("备注"), "shortest": 2},
        ],
    }
)


def faults_of(**given: Any) -> dict[str, str]:
    _, faults = decisions.check(FORM, {"state": "broken", **given}, TODAY)
    return {fault.where: fault.code for fault in faults}


def test_answers_are_kept_as_their_kind() -> None:
    given = {
        "number": " 123 ",
        "state": "lost",
        "fenced": "true",
        "fence": "锥桶\u3000 两个",
        "width": "700.5",
        "seen": "2026-11-22",
        "dangers": ["water", "cars", "water"],
        "caller": "138 0000-0000",
        "note": "一\r\n二",
    }
    answers, faults = decisions.check(FORM, given, TODAY)
    assert faults == []
    assert answers == {
        "number": "123",
        "state": "lost",
        "fenced": True,
        "fence": "锥桶 两个",
        "width": 700.5,
        "seen": "2026-11-22",
        "dangers": ["cars", "water"],
        "caller": "13800000000",
        "note": "一\n二",
    }


def test_what_is_not_asked_is_not_needed_and_not_kept_nor_is_what_hangs_on_it() -> None:
    answers, faults = decisions.check(FORM, {"state": "broken", "fenced": "yes", "fence": "x"}, TODAY)
    assert (answers, faults) == ({"state": "broken"}, [])
    _, faults = decisions.check(FORM, {"state": "lost"}, TODAY)
    assert [(fault.where, fault.code) for fault in faults] == [("answers.fenced", "answer_needed")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("number", "12a", "answer_digits"),
        ("number", "1" * 18, "answer_too_long"),
        ("number", ["1"], "answer_kind"),
        ("number", "１２３", "answer_digits"),
        ("state", "gone", "answer_choice"),
        ("state", ["lost"], "answer_choice"),
        ("width", "-1", "answer_too_small"),
        ("width", "3000.1", "answer_too_large"),
        ("width", "1.25", "answer_decimals"),
        ("width", "NaN", "answer_number"),
        ("width", "1e999999999", "answer_number"),
        ("width", True, "answer_number"),
        ("width", {}, "answer_number"),
        ("seen", "2026-11-24", "answer_date_ahead"),
        ("seen", "2026-02-30", "answer_date"),
        ("dangers", "cars", "answer_kind"),
        ("dangers", ["fire"], "answer_choice"),
        ("caller", "phone", "answer_phone"),
        ("note", "一", "answer_too_short"),
        ("nobody", "1", "unknown_answer"),
    ],
)  # fmt: skip
def test_a_wrong_answer_names_its_field(field: str, value: Any, code: str) -> None:
    assert faults_of(**{field: value}) == {f"answers.{field}": code}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([field.name for field in FORM.fields]), anything, max_size=9))
def test_whatever_is_sent_is_kept_as_plain_json_or_refused_by_name(given: dict[str, Any]) -> None:
    answers, faults = decisions.check(FORM, given, TODAY)
    assert json.loads(json.dumps(answers, allow_nan=False)) == answers
    assert {fault.where for fault in faults}.isdisjoint(f"answers.{name}" for name in answers)
    again, faults_again = decisions.check(FORM, answers, TODAY)
    assert again == answers
    assert {fault.code for fault in faults_again} <= {"answer_needed"}


def test_personal_answers_are_sealed_where_they_are_kept_and_hidden_from_most() -> None:
    form = Form("test/form:manhole", 3, FORM)
    answers = form.check({"state": "broken", "caller": "13800000000"})
    stored = form.stored(answers)
    assert stored["version"] == 3
    assert stored["answers"]["state"] == "broken"
    assert "13800000000" not in json.dumps(stored)
    assert b"13800000000" not in base64.b64decode(stored["answers"]["caller"]["sealed"])
    assert form.open(stored) == answers
    hidden = {one.label: one.text for one in form.shown(stored, personal=False)}
    assert hidden == {"状况": "broken", "联系电话": "已隐藏"}
    assert {one.text for one in form.shown(stored, personal=True)} == {"broken", "13800000000"}
    assert form.told(answers) == ({"state": "broken"}, {"caller": "13800000000"})


def test_the_first_fault_is_raised_for_the_api() -> None:
    with pytest.raises(Invalid) as raised:
        Form("test/form:manhole", 1, FORM).check({"state": "gone"})
    assert raised.value.where == "answers.state"


def test_the_schema_says_what_a_client_must_know() -> None:
    schema = decisions.schema(FORM)
    assert schema["required"] == ["state"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["caller"]["x-personal"] is True
    assert schema["properties"]["fence"]["x-show-when"] == {"field": "fenced", "equals": [True]}
    assert schema["properties"]["width"] == {
        "title": "口径", "x-title-en": "口径", "type": "number", "minimum": 0.0, "maximum": 3000.0
    }  # fmt: skip


def test_a_page_and_the_api_say_the_same_of_the_same_answers() -> None:
    fields = AnswerFields(Form("test/form:manhole", 1, FORM), {"answers.state": "lost", "answers.width": "-1"})
    with override("zh-hans"):
        assert not fields.is_valid()
    assert set(fields.errors) == {"answers.fenced", "answers.width"}
    hurried = AnswerFields(Form("test/form:manhole", 1, FORM), {"answers.dangers": ["cars"]}, reporter=True)
    assert hurried.is_valid()
    assert hurried.answers == {"dangers": ["cars"]}
