"""Forms of the desk's intake: a report from pasted chat text, and one entered after the fact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.kernel.scope import Scope
from city1361.base.ui import api as ui
from city1361.centres.execution import queries
from city1361.centres.execution.entry.chat import LONGEST
from city1361.centres.execution.entry.intake import LONGEST_UNIT
from city1361.centres.execution.entry.place_search import find_places, place_label
from city1361.centres.execution.inputs import LONGEST_ADDRESS, LONGEST_REASON, LONGEST_TEXT
from city1361.centres.execution.terms import URGENCY_LABELS, Urgency

MOMENT = "%Y-%m-%dT%H:%M"


class PlaceField(forms.UUIDField):
    """Where it is, found by a few words among the places that the desk may report for."""

    def __init__(self, scope: Scope, *, words: str = "") -> None:
        self.scope = scope
        widget = ui.SearchedChoice(
            lambda text: find_places(scope, text),
            lambda place: place_label(scope, place),
            reverse("intake_places"),
            _("镇街、社区或网格，如：学田湾 018"),
        )
        widget.words = words
        super().__init__(label=_("所在区域"), widget=widget, error_messages={"required": _("请查找并选择所在区域。")})

    def clean(self, value: Any) -> UUID:
        place: UUID = super().clean(value)
        if not place_label(self.scope, str(place)):
            raise forms.ValidationError(_("请从找到的区域中选择。"), code="not_here")
        return place


class PasteForm(forms.Form):
    """The text that was copied out of a chat."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        self.fields["text"] = forms.CharField(
            label=_("聊天记录"),
            help_text=_("从微信群等复制的文字，可以是多条。识别后逐条核对再登记，原文不会另外保存。"),
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 10}),
        )


class DeskReportForm(forms.Form):
    """A report as the desk writes it. `found` says under each field what was found for it in the pasted text."""

    def __init__(self, scope: Scope, *args: Any, found: dict[str, str] | None = None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        hints = found or {}
        self.fields["matter_type"] = forms.ChoiceField(label=_("事件类型"), choices=[("", _("请选择")), *_types()])
        self.fields["description"] = forms.CharField(
            label=_("情况说明"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
        )
        self.fields["urgency"] = forms.TypedChoiceField(
            label=_("紧急程度"), choices=[(one.value, _(URGENCY_LABELS[one])) for one in Urgency], coerce=Urgency
        )
        self.fields["area"] = PlaceField(scope, words=ui.words_of(rest.get("initial") or {}, "area"))
        self.fields["address"] = forms.CharField(label=_("详细地址"), max_length=LONGEST_ADDRESS, required=False)
        self.fields["occurred_at"] = _moment(_("发生时间"))
        self.fields["contact_name"] = forms.CharField(label=_("联系人"), max_length=40, required=False)
        self.fields["contact_phone"] = forms.CharField(label=_("联系电话"), max_length=20, required=False)
        for name, hint in hints.items():
            self.fields[name].help_text = hint

    @property
    def optional(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.required]

    def report(self) -> dict[str, Any]:
        """What the report is told."""
        given = {**self.cleaned_data}
        given["area_id"] = given.pop("area")
        return {
            name: value for name, value in given.items() if name not in ("handled_first_at", "handled_by", "reason")
        }


class LateForm(DeskReportForm):
    """The same, with who dealt with it, since when, and why it was not filed at once."""

    def __init__(self, scope: Scope, *args: Any, **rest: Any) -> None:
        super().__init__(scope, *args, **rest)
        self.fields["occurred_at"].required = True
        self.fields["handled_first_at"] = _moment(_("先行处置时间"), required=True)
        self.fields["handled_by"] = forms.CharField(
            label=_("先行处置单位"), help_text=_("写单位或岗位，不写个人姓名"), max_length=LONGEST_UNIT
        )
        self.fields["reason"] = forms.CharField(
            label=_("补录原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 2})
        )


def _types() -> list[tuple[str, Sequence[tuple[str, str]]]]:
    classes: dict[str, list[tuple[str, str]]] = {}
    for one in queries.matter_types():
        classes.setdefault(one.class_name, []).append((one.code, one.name))
    return list(classes.items())


def _moment(label: str, *, required: bool = False) -> forms.Field:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, required=required, input_formats=[MOMENT, f"{MOMENT}:%S"], widget=widget)
