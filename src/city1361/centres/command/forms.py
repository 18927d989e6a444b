"""Forms of command: a whistle, a task, and one form for every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.centres.command.answers import Choice
from city1361.centres.command.decisions import NEEDS, Verb
from city1361.centres.command.terms import GRADE_LABELS, CallStep, TaskStep

LONGEST = 2000
USUALLY_THERE_IN = timedelta(minutes=30)
"""What stands in the field until somebody says otherwise: who is on his way types no date."""
TEXT_LABELS: dict[Verb, str] = {
    CallStep.DECLINE: "不报到的理由",
    CallStep.HELP: "支援结果",
    CallStep.ASK_DISPATCH: "提请调度的理由",
    CallStep.CALL_OFF: "取消的原因",
    CallStep.STAND_DOWN: "不再调度的理由",
    CallStep.ORDER: "调度要求",
    TaskStep.REPORT_BACK: "进展情况",
    TaskStep.COMPLETE: "完成情况",
    TaskStep.TURN_DOWN: "退回的理由",
    TaskStep.TRANSFER: "转办的理由",
    TaskStep.REWORK: "返工的要求",
    TaskStep.TAKE_BACK: "撤回的原因",
}


class Plain(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""


class WhistleForm(Plain):
    """Which organisations are called, and to do what. Without a matter also to what."""

    def __init__(self, reach: Sequence[Choice], *args: Any, about_area: bool = False, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if about_area:
            self.fields["title"] = forms.CharField(label=_("事由"), max_length=60)
        self.fields["called"] = forms.MultipleChoiceField(
            label=_("呼叫单位"), choices=[(str(one.id), one.name) for one in reach], widget=forms.CheckboxSelectMultiple
        )
        self.fields["demand"] = forms.CharField(
            label=_("需求"),
            max_length=LONGEST,
            help_text=_("要做什么，到哪里，带什么"),
            widget=forms.Textarea(attrs={"rows": 3}),
        )


class TaskForm(Plain):
    """Which unit assists, with what."""

    def __init__(self, reach: Sequence[Choice], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["organisation"] = _organisation_field(reach, _("协办单位"))
        self.fields["demand"] = forms.CharField(
            label=_("要求"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
        )


class StepForm(Plain):
    """The inputs of a step. `reach`: organisations to choose from; `posts`: posts of one's own unit."""

    def __init__(
        self, step: Verb, *args: Any, reach: Sequence[Choice] = (), posts: Sequence[tuple[str, str]] = (), **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        needed, optional = NEEDS[step]
        makers: dict[str, Callable[[], forms.Field]] = {
            "text": lambda: _text_field(step),
            "clause": lambda: forms.CharField(
                label=_("依据"), max_length=200, help_text=_("法规、职责清单或文件的条款")
            ),
            "responder": lambda: forms.CharField(label=_("到场人员"), max_length=80, help_text=_("写岗位或队伍，不写姓名")),
            "arrive_by": _arrival_field,
            "grade": lambda: forms.ChoiceField(
                label=_("评价"), choices=[(grade.value, _(label)) for grade, label in GRADE_LABELS.items()],
                widget=forms.RadioSelect,
            ),
            "organisation": lambda: _organisation_field(reach, _("单位")),
            "post": lambda: forms.ChoiceField(label=_("代办岗位"), choices=posts),
        }  # fmt: skip
        for name in (*needed, *optional):
            self.fields[name] = makers[name]()
            self.fields[name].required = name in needed


def _text_field(step: Verb) -> forms.Field:
    return forms.CharField(
        label=_(TEXT_LABELS.get(step, "说明")), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )


def _arrival_field() -> forms.Field:
    return forms.DateTimeField(
        label=_("预计到场时间"),
        initial=lambda: localtime(clock.now() + USUALLY_THERE_IN).replace(second=0, microsecond=0),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


def _organisation_field(reach: Sequence[Choice], label: str) -> forms.Field:
    return forms.ChoiceField(label=label, choices=[("", _("请选择")), *((str(one.id), one.name) for one in reach)])
