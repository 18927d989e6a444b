"""Forms of supervision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from city1361.centres.command.api import Choice
from city1361.centres.supervision.terms import CARD_LABELS, LADDER_LABELS, SATISFIED_LABELS, Ladder


class Plain(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.label_suffix = ""


def _area(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=longest, required=required, help_text=hint, widget=widget)


class TextForm(Plain):
    """One text."""

    def __init__(self, label: str, *args: Any, required: bool = True, longest: int = 2000, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["text"] = _area(label, longest, required=required)


class NoticeForm(Plain):
    """Which organisation is reminded, urged or shown a card. cards: whether this person may show cards."""

    def __init__(self, targets: Sequence[Choice], *args: Any, cards: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        rungs = [(one.value, _(LADDER_LABELS[one])) for one in (Ladder.REMIND, Ladder.URGE)]
        if cards:
            rungs += [(card.value, _(label)) for card, label in CARD_LABELS.items()]
            rungs.append((Ladder.ESCALATE_SUPERVISION.value, _(LADDER_LABELS[Ladder.ESCALATE_SUPERVISION])))
        self.fields["target"] = forms.ChoiceField(label=_("对象单位"), choices=[(str(one.id), one.name) for one in targets])  # fmt: skip
        self.fields["rung"] = forms.ChoiceField(label=_("方式"), choices=rungs, widget=forms.RadioSelect)
        self.fields["reason"] = _area(_("事由"), 500)


class InstructionForm(Plain):
    """Which organisations have to act, and what has been decided."""

    def __init__(self, targets: Sequence[Choice], *args: Any, titled: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if titled:
            self.fields["title"] = forms.CharField(label=_("标题"), max_length=60)
        self.fields["text"] = _area(_("批示内容"), 2000)
        self.fields["targets"] = forms.MultipleChoiceField(
            label=_("承办单位"), choices=[(str(one.id), one.name) for one in targets], widget=forms.CheckboxSelectMultiple
        )  # fmt: skip


YES_NO = (("yes", "是"), ("no", "否"))


class VisitForm(Plain):
    """What the reporter said, or that he was not reached."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices = [(value, _(label)) for value, label in YES_NO]
        grades = [(grade.value, _(label)) for grade, label in SATISFIED_LABELS.items()]
        for name, label, offered in (
            ("reached", _("已联系上"), choices),
            ("contacted", _("承办单位联系过"), choices),
            ("solved", _("已解决"), choices),
            ("satisfied", _("满意度"), grades),
        ):
            required = name == "reached"
            self.fields[name] = forms.ChoiceField(
                label=label, choices=offered, required=required, widget=forms.RadioSelect
            )
        self.fields["words"] = _area(_("群众意见"), 500, required=False, hint=_("没解决时必填，事件将按原时钟重开"))
