"""Pure: which fields are asked, and what was answered, checked field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from city1361.base.kernel.errors import Invalid
from city1361.platform.components.forms.definition import FieldEntry, FormDeclaration
from city1361.platform.components.forms.terms import LARGEST_NUMBER, MOST_OPTIONS, PREFIX, FieldKind

PHONE = re.compile(r"\+?[0-9][0-9 -]{4,18}[0-9]")
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")


def is_asked(form: FormDeclaration, field: FieldEntry, answers: Mapping[str, Any]) -> bool:
    """Whether the field is asked, after what was answered before it. What depends on a field that is not asked is not
    asked either."""
    if field.show_when is None:
        return True
    before = form.field(field.show_when.field)
    return before is not None and answers.get(before.name) in field.show_when.equals


def check(form: FormDeclaration, given: Mapping[str, Any], today: date) -> tuple[dict[str, Any], list[Invalid]]:
    """The answers as they are kept, and what is wrong with them, each naming its field. Answers to fields that were not
    asked are dropped; a field that the form does not have is wrong."""
    answers: dict[str, Any] = {}
    faults = [
        _fault("unknown_answer", "表单没有字段“{name}”", name[:60], "请核对字段名") for name in _strangers(form, given)
    ]
    for field in form.fields:
        if not is_asked(form, field, answers):
            continue
        try:
            answer = _clean(field, given.get(field.name), today)
        except Invalid as fault:
            faults.append(fault)
            continue
        if answer in (None, "", []):
            if field.required:
                faults.append(_fault("answer_needed", "请填写“{label}”", field.name, "此项必填", label=field.label.zh))
        else:
            answers[field.name] = answer
    return answers, faults


def _strangers(form: FormDeclaration, given: Mapping[str, Any]) -> list[str]:
    return sorted(str(name) for name in set(given) - {field.name for field in form.fields})[:MOST_OPTIONS]


def _clean(field: FieldEntry, given: Any, today: date) -> Any:
    if given is None or given == "":
        return None
    return CLEANERS[field.kind](field, given, today)


def _text(field: FieldEntry, given: Any, today: date) -> str:
    if not isinstance(given, str):
        raise _fault("answer_kind", "“{label}”应为文字", field.name, "请填写文字", label=field.label.zh)
    text = given.replace("\x00", "").replace("\r\n", "\n").strip()
    if field.kind is FieldKind.TEXT:
        text = " ".join(text.split())
    longest = field.longest or field.largest_text
    if len(text) > longest:
        raise _fault(
            "answer_too_long", "“{label}”最多{most}字", field.name, "请缩短", label=field.label.zh, most=longest
        )
    if text and len(text) < (field.shortest or 0):
        raise _fault(
            "answer_too_short",
            "“{label}”至少{least}字",
            field.name,
            "请补充",
            label=field.label.zh,
            least=field.shortest,
        )
    if field.digits and text and not (text.isascii() and text.isdigit()):
        raise _fault("answer_digits", "“{label}”只能是数字", field.name, "请只填数字", label=field.label.zh)
    return text


def _phone(field: FieldEntry, given: Any, today: date) -> str:
    if not isinstance(given, str) or not PHONE.fullmatch(given.strip()):
        raise _fault("answer_phone", "“{label}”不是电话号码", field.name, "请填写手机或座机号码", label=field.label.zh)
    return re.sub(r"[ -]", "", given.strip())


def _number(field: FieldEntry, given: Any, today: date) -> int | float:
    try:
        number = Decimal(str(given).strip()) if not isinstance(given, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
        raise _fault("answer_number", "“{label}”不是数字", field.name, "请填写数字", label=field.label.zh)
    if field.least is not None and number < field.least:
        raise _fault(
            "answer_too_small",
            "“{label}”不小于{least}",
            field.name,
            "请核对数字",
            label=field.label.zh,
            least=field.least,
        )
    if field.most is not None and number > field.most:
        raise _fault(
            "answer_too_large", "“{label}”不大于{most}", field.name, "请核对数字", label=field.label.zh, most=field.most
        )
    if number != round(number, field.decimals):
        raise _fault(
            "answer_decimals",
            "“{label}”最多{most}位小数",
            field.name,
            "请减少小数位",
            label=field.label.zh,
            most=field.decimals,
        )
    return float(number) if field.decimals else int(number)


def _choice(field: FieldEntry, given: Any, today: date) -> str:
    if given not in [option.value for option in field.options]:
        raise _fault("answer_choice", "“{label}”没有这个选项", field.name, "请从选项中选择", label=field.label.zh)
    return str(given)


def _choices(field: FieldEntry, given: Any, today: date) -> list[str]:
    if not isinstance(given, list | tuple) or len(given) > MOST_OPTIONS:
        raise _fault("answer_kind", "“{label}”应为若干选项", field.name, "请从选项中选择", label=field.label.zh)
    chosen = [_choice(field, one, today) for one in given]
    return [option.value for option in field.options if option.value in chosen]


def _date(field: FieldEntry, given: Any, today: date) -> str:
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        raise _fault("answer_date", "“{label}”不是日期", field.name, "写成2026-11-23", label=field.label.zh) from None
    if field.past and day > today:
        raise _fault("answer_date_ahead", "“{label}”晚于今天", field.name, "请核对日期", label=field.label.zh)
    return day.isoformat()


def _yes_no(field: FieldEntry, given: Any, today: date) -> bool:
    said = str(given).lower()
    if said not in (*YES, *NO):
        raise _fault("answer_yes_no", "“{label}”应为是或否", field.name, "请选择是或否", label=field.label.zh)
    return said in YES


def _fault(code: str, message: str, field: str, remedy: str, **params: Any) -> Invalid:
    return Invalid(code, message, where=f"{PREFIX}{field}", remedy=remedy, params={"name": field, **params})


CLEANERS: dict[FieldKind, Callable[[FieldEntry, Any, date], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.PHONE: _phone,
    FieldKind.NUMBER: _number,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.DATE: _date,
    FieldKind.YES_NO: _yes_no,
}


def schema(form: FormDeclaration) -> dict[str, Any]:
    """The form as JSON Schema, with data elements and conditions beside it."""
    properties = {field.name: _property(field) for field in form.fields}
    needed = [field.name for field in form.fields if field.required and field.show_when is None]
    return {
        "title": form.title.zh,
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }


def _property(field: FieldEntry) -> dict[str, Any]:
    choices = [option.value for option in field.options]
    kinds: dict[FieldKind, dict[str, Any]] = {
        FieldKind.NUMBER: {"type": "number" if field.decimals else "integer"},
        FieldKind.YES_NO: {"type": "boolean"},
        FieldKind.DATE: {"type": "string", "format": "date"},
        FieldKind.CHOICE: {"type": "string", "enum": choices},
        FieldKind.CHOICES: {"type": "array", "items": {"type": "string", "enum": choices}},
    }
    made = {"title": field.label.zh, "x-title-en": field.label.en, **kinds.get(field.kind, {"type": "string"})}
    if made["type"] == "string" and field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        made |= {"minLength": field.shortest or 0, "maxLength": field.longest or field.largest_text}
    made |= {"minimum": float(field.least)} if field.least is not None else {}
    made |= {"maximum": float(field.most)} if field.most is not None else {}
    made |= {"x-element": field.element.model_dump()} if field.element else {}
    made |= {"x-show-when": field.show_when.model_dump()} if field.show_when else {}
    made |= {"x-personal": True} if field.is_personal else {}
    made |= {"x-reporter": True} if field.reporter else {}
    return made
