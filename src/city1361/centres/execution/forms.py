"""One form for every step: its fields are what the step needs and what it may be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from city1361.centres.execution.answers import AvailableStep, Choice
from city1361.centres.execution.queries import matter_types
from city1361.centres.execution.terms import (
    LEVEL_LABELS,
    RESULT_LABELS,
    SATISFACTION_LABELS,
    UNIT_LABELS,
    CloseResult,
    Satisfaction,
    Step,
)

LONGEST = 2000
# What the text is called where it is more than a remark.
TEXT_LABELS = {
    Step.VERIFY_FAIL: "不属实的情况",
    Step.SEND_UP: "上送的理由",
    Step.SEND_BACK: "退回的理由",
    Step.TAKE_BACK: "撤回的理由",
    Step.REQUEST_RULING: "提请的理由",
    Step.DESIGNATE: "指定的理由",
    Step.REQUEST_PAUSE: "暂停的理由",
    Step.REQUEST_SHELVE: "挂账的理由",
    Step.REQUEST_EXTEND: "延期的理由",
    Step.REQUEST_VOID: "作废的理由",
    Step.REJECT_REQUEST: "不同意的理由",
    Step.REVIEW_SHELVED: "复核情况",
    Step.UNSHELVE: "销账的理由",
    Step.REFUSE: "不予受理的理由",
    Step.REPORT_PROGRESS: "进展情况",
    Step.REQUEST_CLOSE: "办理情况",
    Step.CHECK_FAIL: "不通过的理由",
    Step.REOPEN: "没解决的原因",
}
TEXT_HINTS = {
    Step.SEND_BACK: "退回计入统计；第二次退回由上级中心指定管辖",
    Step.DESIGNATE: "裁定留作先例，下次派遣时提示",
    Step.REQUEST_PAUSE: "如补正、检测。由另一人审批，暂停期间不计时",
    Step.REQUEST_EXTEND: "由另一人审批，原时限和现时限都留痕",
    Step.REQUEST_VOID: "由另一人审批，作废事件列入剔除清单",
    Step.REFUSE: "上报人会看到这段话",
    Step.REPORT_PROGRESS: "做了什么，还要多久。上报人会看到这段话",
    Step.REQUEST_CLOSE: "做了什么，现场现在怎样。上报人会看到这段话",
    Step.CHECK_FAIL: "主办岗位会看到这段话，并继续办理",
}


# Fields that name who gets it.
RECEIVERS = {
    "handler_post": "主办岗位",
    "lead_post": "主办部门",
    "lower_centre": "下一级中心",
    "party": "指定给",
    "own_post": "本单位岗位",
    "organisation": "知会单位",
    "owner": "责任单位",
}
RECEIVER_HINTS = {"lead_post": "镇街只是配合时，由本级部门主办"}


class ManyFiles(forms.ClearableFileInput):
    """A chooser of several photographs."""

    allow_multiple_selected = True


class StepForm(forms.Form):
    """The inputs of `step`. choices(field) gives who a matter can be given to."""

    def __init__(
        self, step: AvailableStep, *args: Any, choices: Callable[[str], Sequence[Choice]] = lambda _: (), **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""
        self.step = step
        makers: dict[str, Callable[[], forms.Field]] = {
            **{name: partial(_receiver_field, name, choices) for name in RECEIVERS},
            "source_area": lambda: _town_field(choices),
            "clause": lambda: forms.CharField(label=_("依据条款"), max_length=500, widget=_input("text")),
            "amount": lambda: forms.IntegerField(
                label=_("延长多少"), min_value=1, max_value=60, widget=_input("number")
            ),
            "unit": _unit_field,
            "review_on": _review_field,
            "matter_type": _type_field,
            "level": _level_field,
            "result": _result_field,
            "satisfaction": _satisfaction_field,
            "text": lambda: _text_field(step.step),
            "photos": _photos_field,
            "unfinished": _unfinished_field,
        }
        for name in (*step.needs, *step.may):
            made = makers[name]()
            made.required = name in step.needs
            self.fields[name] = made

    def optional_names(self) -> tuple[str, ...]:
        return self.step.may


def _receiver_field(name: str, choices: Callable[[str], Sequence[Choice]]) -> forms.Field:
    offered = [(one.code, one.label) for one in choices(name)]
    hint = _(RECEIVER_HINTS[name]) if name in RECEIVER_HINTS else ""
    return forms.ChoiceField(label=_(RECEIVERS[name]), help_text=hint, choices=[("", _("请选择")), *offered])


def _town_field(choices: Callable[[str], Sequence[Choice]]) -> forms.Field:
    offered = [(one.code, one.label) for one in choices("source_area")]
    return forms.ChoiceField(
        label=_("来源地"), help_text=_("与发生地不同时选择"), choices=[("", _("与发生地相同")), *offered]
    )


def _unfinished_field() -> forms.Field:
    hint = _("还有协办任务未结束，写明为何不影响办结")
    return forms.CharField(
        label=_("未结束的协办"), max_length=500, help_text=hint, widget=forms.Textarea(attrs={"rows": 2})
    )


def _unit_field() -> forms.Field:
    return forms.ChoiceField(label=_("单位"), choices=[(unit, _(label)) for unit, label in UNIT_LABELS.items()])


def _review_field() -> forms.Field:
    return forms.DateField(label=_("下次复核日期"), widget=_input("date"))


def _input(kind: str) -> forms.Widget:
    return forms.TextInput(attrs={"type": kind})


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
