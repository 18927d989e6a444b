"""One form for every step: its fields are what the step needs and what it may be told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from city1361.centres.execution.answers import AvailableStep, HandlerChoice
from city1361.centres.execution.queries import matter_types
from city1361.centres.execution.terms import (
    LEVEL_LABELS,
    RESULT_LABELS,
    SATISFACTION_LABELS,
    CloseResult,
    Satisfaction,
    Step,
)

LONGEST = 2000
# What the text is called where it is more than a remark.
TEXT_LABELS = {
    Step.REFUSE: "不予受理的理由",
    Step.REPORT_PROGRESS: "进展情况",
    Step.REQUEST_CLOSE: "办理情况",
    Step.CHECK_FAIL: "不通过的理由",
    Step.REOPEN: "没解决的原因",
}
TEXT_HINTS = {
    Step.REFUSE: "上报人会看到这段话",
    Step.REPORT_PROGRESS: "做了什么，还要多久。上报人会看到这段话",
    Step.REQUEST_CLOSE: "做了什么，现场现在怎样。上报人会看到这段话",
    Step.CHECK_FAIL: "主办岗位会看到这段话，并继续办理",
}


class ManyFiles(forms.ClearableFileInput):
    """A chooser of several photographs."""

    allow_multiple_selected = True


class StepForm(forms.Form):
    """The inputs of `step`. `handlers` are the posts a matter can be given to."""

    def __init__(self, step: AvailableStep, *args: Any, handlers: Sequence[HandlerChoice] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        self.step = step
        makers = {
            "handler_post": lambda: _handler_field(handlers),
            "matter_type": _type_field,
            "level": _level_field,
            "result": _result_field,
            "satisfaction": _satisfaction_field,
            "text": lambda: _text_field(step.step),
            "photos": _photos_field,
        }
        for name in (*step.needs, *step.may):
            made = makers[name]()
            made.required = name in step.needs
            self.fields[name] = made

    def optional_names(self) -> tuple[str, ...]:
        return self.step.may


def _handler_field(handlers: Sequence[HandlerChoice]) -> forms.Field:
    choices = [(str(choice.post.id), f"{choice.post.name}（{choice.organisation.name}）") for choice in handlers]
    return forms.ChoiceField(label=_("主办岗位"), choices=[("", _("请选择")), *choices])


def _type_field() -> forms.Field:
    """A finer type than the reporter's, by class; left out, the reporter's stays."""
    classes: dict[str, list[tuple[str, str]]] = {}
    for one in matter_types():
        classes.setdefault(one.class_name, []).append((one.code, one.name))
    return forms.ChoiceField(label=_("细分类型"), choices=[("", _("按上报的类型")), *classes.items()])


def _level_field() -> forms.Field:
    levels = [(str(level), _(label)) for level, label in LEVEL_LABELS.items()]
    return forms.TypedChoiceField(
        label=_("事件等级"), choices=[("", _("不定级")), *levels], coerce=int, empty_value=None
    )


def _result_field() -> forms.Field:
    choices = [(result.value, _(RESULT_LABELS[result])) for result in CloseResult]
    return forms.TypedChoiceField(
        label=_("办理结果"), choices=choices, coerce=CloseResult, widget=forms.RadioSelect, empty_value=""
    )


def _satisfaction_field() -> forms.Field:
    choices = [(value.value, _(SATISFACTION_LABELS[value])) for value in Satisfaction]
    return forms.TypedChoiceField(
        label=_("满意程度"), choices=choices, coerce=Satisfaction, widget=forms.RadioSelect, empty_value=None
    )


def _text_field(step: Step) -> forms.Field:
    return forms.CharField(
        label=_(TEXT_LABELS.get(step, "说明")),
        help_text=_(TEXT_HINTS[step]) if step in TEXT_HINTS else "",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _photos_field() -> forms.Field:
    widget = ManyFiles(attrs={"accept": "image/*"})
    return forms.FileField(label=_("照片"), help_text=_("不要拍到无关人员的脸"), widget=widget)
