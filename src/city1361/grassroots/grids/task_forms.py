"""The forms of tasks and visits."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid
from city1361.grassroots.grids import api
from city1361.grassroots.grids.terms import KIND_LABELS

PREFIX = "finding-"
LONGEST_DAYS = 180


def end_of_day(day: date) -> datetime:
    """The last moment of a day of the city."""
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


class _Issued(forms.Form):
    """What every task needs: until when, and for which villages (none: the whole town)."""

    due = forms.DateField(
        label=gettext_lazy("完成期限"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("请选择完成期限。")},
    )
    villages = forms.MultipleChoiceField(
        label=gettext_lazy("村社区（不选即全部）"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["villages"].choices = villages  # type: ignore[attr-defined]
        today = timezone.localdate(clock.now())
        self.fields["due"].widget.attrs |= {"min": str(today), "max": str(today + timedelta(days=LONGEST_DAYS))}

    def clean_villages(self) -> list[UUID]:
        return [UUID(text) for text in self.cleaned_data["villages"]]

    def clean_due(self) -> datetime:
        return end_of_day(self.cleaned_data["due"])


class ItemForm(_Issued):
    """An item of the list."""

    item = forms.ChoiceField(
        label=gettext_lazy("清单事项"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择清单事项。")},
    )
    field_order = ("item", "due", "villages")

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, villages=villages, **kwargs)
        named = api.tags()
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.name}（{_item_words(one, named)}）") for one in api.items()
        ]


def _item_words(item: api.ItemView, named: dict[str, str]) -> str:
    whom = named.get(item.tag, "") if item.tag else _("逐户") if item.per_household else _("每个网格一次")
    return f"{_(KIND_LABELS[item.kind])}·{whom}"


class TemporaryForm(_Issued):
    """Something the list does not hold."""

    title = forms.CharField(label=gettext_lazy("任务名称"), max_length=20, min_length=4)
    kind = forms.ChoiceField(
        label=gettext_lazy("任务类型"), choices=[(one.value, gettext_lazy(label)) for one, label in KIND_LABELS.items()]
    )
    reason = forms.CharField(
        label=gettext_lazy("临时任务理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    guidance = forms.CharField(label=gettext_lazy("要求"), max_length=200, required=False)
    per_household = forms.ChoiceField(
        label=gettext_lazy("对象"),
        widget=forms.RadioSelect,
        initial="no",
        choices=[("no", gettext_lazy("每个网格一次")), ("yes", gettext_lazy("逐户"))],
    )
    tag = forms.ChoiceField(label=gettext_lazy("只限人员标签"), required=False)
    field_order = ("title", "kind", "reason", "guidance", "per_household", "tag", "due", "villages")

    def __init__(self, *args: Any, villages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, villages=villages, **kwargs)
        self.fields["tag"].choices = [("", _("不限")), *api.tags().items()]  # type: ignore[attr-defined]

    def clean_per_household(self) -> bool:
        return bool(self.cleaned_data["per_household"] == "yes")


class DecisionForm(forms.Form):
    """Let a temporary task in, refuse it, or end a running one."""

    decision = forms.ChoiceField(choices=[(one, one) for one in ("approve", "refuse", "end")])
    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("decision") == "refuse" and not given.get("reason"):
            self.add_error("reason", _("请写明不予准入的理由。"))
        return given


class VisitForm(forms.Form):
    """What was found at one stop. The findings stand in fields of their own, one per task."""

    client_key = forms.UUIDField()
    said = forms.CharField(required=False, max_length=500)
    occurred_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"])


def findings_of(given: Any) -> dict[UUID, api.Finding]:
    """`finding-<entry>` fields of a form. Raises Invalid."""
    try:
        found = {
            UUID(name.removeprefix(PREFIX)): api.Finding(value)
            for name, value in given.items()
            if name.startswith(PREFIX) and value
        }
    except ValueError as error:
        raise Invalid("bad_finding", "巡访结果无法识别", where="finding", remedy="请刷新任务后重新填写") from error
    if not found:
        raise Invalid("no_finding", "缺少巡访结果", where="finding", remedy="请至少选择一项结果")
    return found
