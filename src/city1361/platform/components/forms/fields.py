"""The form on a page: Django's fields, drawn by base.ui."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from city1361.base.kernel.errors import Invalid
from city1361.base.ui import api as ui
from city1361.platform.components.forms.answering import Form
from city1361.platform.components.forms.definition import FieldEntry
from city1361.platform.components.forms.terms import PREFIX, FieldKind

MOST_BUTTONS = 5  # more options than these become a list to choose from


class AnswerFields(forms.Form):
    """The fields of `form`, each named `answers.<name>`. What is wrong is said by the form itself, in one place for
    pages and the API. reporter: only what a reporter is asked, and every answer may be left open, as where somebody
    reports in a hurry."""

    def __init__(
        self, form: Form, data: Any = None, *, initial: Mapping[str, Any] | None = None, reporter: bool = False
    ) -> None:
        before = {f"{PREFIX}{name}": value for name, value in (initial or {}).items()}
        super().__init__(data, initial=before)
        self.label_suffix, self.form, self.needed = "", form, not reporter
        self.asked = form.declared.of_reporter if reporter else form.declared.fields
        self.answers: dict[str, Any] = {}
        for field in self.asked:
            self.fields[f"{PREFIX}{field.name}"] = _field(field)

    def optional_names(self) -> list[str]:
        """The fields that may be left out."""
        return [f"{PREFIX}{field.name}" for field in self.asked if not (field.required and self.needed)]

    def clean(self) -> dict[str, Any]:
        given = {name.removeprefix(PREFIX): value for name, value in self.cleaned_data.items()}
        self.answers, faults = self.form.check_all(given)
        for fault in faults:
            if self.needed or fault.code != "answer_needed":
                self._say(fault)
        return self.cleaned_data

    def _say(self, fault: Invalid) -> None:
        self.add_error(fault.where if fault.where in self.fields else None, ui.problem_words(fault))


def _field(field: FieldEntry) -> forms.Field:
    language = get_language() or "zh-hans"
    made = _made(field, language)
    made.label = field.label.among(language)
    made.help_text = field.help.among(language) if field.help else ""
    made.required = False  # what is needed depends on the other answers: `clean` says it
    if field.show_when is not None:
        values = [json.dumps(one).strip('"') for one in field.show_when.equals]
        made.widget.attrs |= {"data-ask-when": f"{PREFIX}{field.show_when.field}", "data-ask-equals": " ".join(values)}
    return made


def _made(field: FieldEntry, language: str) -> forms.Field:
    if field.options:
        return _choosing(field, [(option.value, option.label.among(language)) for option in field.options])
    if field.kind is FieldKind.YES_NO:
        return forms.ChoiceField(choices=[("true", _("是")), ("false", _("否"))], widget=forms.RadioSelect)
    return forms.CharField(widget=_widget(field))


def _choosing(field: FieldEntry, options: list[tuple[str, str]]) -> forms.Field:
    if field.kind is FieldKind.CHOICES:
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple)
    if len(options) > MOST_BUTTONS:
        return forms.ChoiceField(choices=[("", _("请选择")), *options])
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect)


def _widget(field: FieldEntry) -> forms.Widget:
    longest = {"maxlength": field.longest or field.largest_text}
    widgets: dict[FieldKind, forms.Widget] = {
        FieldKind.DATE: forms.DateInput(attrs={"type": "date"}),
        FieldKind.NUMBER: forms.TextInput(attrs=_number(field)),
        FieldKind.PHONE: forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        FieldKind.LONG_TEXT: forms.Textarea(attrs={"rows": 3, **longest}),
    }
    numeric: dict[str, Any] = {"inputmode": "numeric", "pattern": "[0-9]*"} if field.digits else {}
    shortest = {"data-shortest": field.shortest} if field.shortest else {}
    return widgets.get(field.kind) or forms.TextInput(attrs={**longest, **shortest, **numeric})


def _number(field: FieldEntry) -> dict[str, Any]:
    """How a number is typed, and its limits for a phone that checks without a network."""
    limits = {"data-least": field.least, "data-most": field.most}
    told = {name: str(limit) for name, limit in limits.items() if limit is not None}
    return {"inputmode": "decimal" if field.decimals else "numeric", "data-number": "", **told}
