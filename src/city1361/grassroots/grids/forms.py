"""The report form of the phone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_PHOTOS = 6


class ReportForm(forms.Form):
    """What a report says. Either a category or an exact type; either a position or a grid."""

    client_key = forms.UUIDField()
    category = forms.CharField(required=False, max_length=40)
    matter_type = forms.CharField(required=False, max_length=40)
    description = forms.CharField(
        max_length=2000, error_messages={"required": _("请用一句话说明情况。"), "max_length": _("说明最多2000字。")}
    )
    urgency = forms.CharField(max_length=20)
    area = forms.UUIDField(required=False)
    lon = forms.CharField(required=False, max_length=20)
    lat = forms.CharField(required=False, max_length=20)
    accuracy = forms.CharField(required=False, max_length=20)
    address = forms.CharField(required=False, max_length=200)
    joins = forms.BooleanField(required=False)
    occurred_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%SZ"])

    def clean(self) -> dict[str, object]:
        answers: dict[str, object] = self.cleaned_data
        if not answers.get("category") and not answers.get("matter_type"):
            self.add_error("category", _("请选择是什么事。"))
        if not answers.get("area") and not (answers.get("lon") and answers.get("lat")):
            self.add_error("area", _("请定位，或选择所在网格。"))
        return answers


class AnswerForm(forms.Form):
    """What the reporter says of the handling."""

    text = forms.CharField(required=False, max_length=500)
    answer = forms.ChoiceField(choices=[("agree", "agree"), ("reopen", "reopen")])
    version = forms.IntegerField(min_value=1)

    def clean(self) -> dict[str, object]:
        answers: dict[str, object] = self.cleaned_data
        if answers.get("answer") == "reopen" and not answers.get("text"):
            self.add_error("text", _("请写明没解决的原因，办理人员才知道该做什么。"))
        return answers
