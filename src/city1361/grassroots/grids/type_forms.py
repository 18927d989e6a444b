"""The forms of types on the report page: all of them come with the page, so they are asked without a network, too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from city1361.centres.execution import api as execution
from city1361.platform.components.forms import api as forms


@dataclass(frozen=True, slots=True)
class TypeForm:
    """What a form asks of a reporter. shown: it is the form of the type that was chosen."""

    key: str
    title: str
    fields: forms.AnswerFields
    shown: bool


def type_forms(categories: Sequence[execution.CategoryView], asked: forms.AnswerFields | None) -> list[TypeForm]:
    """Every form that asks reporters something; `asked` with what was typed stands for its own."""
    keys = {one.form for category in categories for one in category.types if one.form}
    return [
        TypeForm(key, form.title(), _fields(form, asked), asked is not None and asked.form.key == key)
        for key, form in sorted(forms.forms_in_force(keys).items())
        if form.declared.of_reporter
    ]


def _fields(form: forms.Form, asked: forms.AnswerFields | None) -> forms.AnswerFields:
    return asked if asked and asked.form.key == form.key else forms.AnswerFields(form, reporter=True)


def default_forms(categories: Sequence[execution.CategoryView]) -> dict[str, str]:
    """The form that choosing a category asks, by category."""
    keys = {one.code: one.form for category in categories for one in category.types}
    return {category.code: keys.get(category.default_type, "") for category in categories}


def asked_of(given: Any) -> forms.AnswerFields | None:
    """The fields of the type that a sent report chose, filled in; None when its type asks nothing."""
    categories = execution.categories()
    code = chosen_type(given, categories)
    key = next((one.form for category in categories for one in category.types if one.code == code), "")
    form = forms.forms_in_force([key]).get(key) if key else None
    return forms.AnswerFields(form, given, reporter=True) if form and form.declared.of_reporter else None


def chosen_type(given: Any, categories: Sequence[execution.CategoryView]) -> str:
    """The exact type, or the one its category stands for."""
    kinds = {category.code: category.default_type for category in categories}
    category = str(given.get("category", ""))
    return str(given.get("matter_type", "")) or kinds.get(category, category)
