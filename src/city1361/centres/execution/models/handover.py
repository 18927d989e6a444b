"""How matters changed hands: receipts, rulings on who is responsible, what was asked for, what was excluded."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from city1361.base.kernel.ids import new_id
from city1361.centres.execution.models.matter import Matter
from city1361.centres.execution.terms import ApprovalState, ExclusionKind, HandOverKind


class HandOver(models.Model):
    """A matter given from one organisation to another, with its receipt: acknowledged, presumed, returned or taken back.

    Names are kept as they were on the day.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "kind": "internal",
        "given_by": "internal",
        "given_by_name": "internal",
        "given_to": "internal",
        "given_to_name": "internal",
        "post": "internal",
        "who": "internal",
        "at": "internal",
        "due_at": "internal",
        "reason": "restricted",
        "acknowledged_at": "internal",
        "presumed": "internal",
        "ended_at": "internal",
        "ended_by": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="hand_overs", db_index=False)
    kind = models.CharField("方式", max_length=12, choices=[(kind.value, kind.value) for kind in HandOverKind])
    given_by = models.UUIDField("交出单位", null=True)
    given_by_name = models.CharField("交出单位名称", max_length=150, blank=True)
    given_to = models.UUIDField("接收单位")
    given_to_name = models.CharField("接收单位名称", max_length=150)
    post = models.UUIDField("接收岗位", null=True)
    who = models.CharField("交办人", max_length=80)
    at = models.DateTimeField("交出时间")
    due_at = models.DateTimeField("签收时限", null=True)
    reason = models.CharField("理由", max_length=2000, blank=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    presumed = models.BooleanField("到期视同签收", default=False)
    ended_at = models.DateTimeField("结束时间", null=True)
    ended_by = models.CharField("结束方式", max_length=20, blank=True)

    class Meta:
        verbose_name = "交接"
        verbose_name_plural = "交接"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "id"], name="hand_over_matter"),
            models.Index(fields=["given_to", "-id"], name="hand_over_receiver"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind} {self.given_to_name}"


class MatterApproval(models.Model):
    """What one person asked for and another must grant: a pause, shelving, more time, voiding."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "kind": "internal",
        "state": "internal",
        "reason": "restricted",
        "asked": "internal",
        "asked_by": "restricted personal",
        "asked_by_organisation": "internal",
        "asked_by_post": "internal",
        "asked_who": "internal",
        "asked_at": "internal",
        "decided_by": "restricted personal",
        "decided_who": "internal",
        "decided_at": "internal",
        "decision": "restricted",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="approvals", db_index=False)
    kind = models.CharField("种类", max_length=16, choices=[(kind.value, kind.value) for kind in ExclusionKind])
    state = models.CharField("状态", max_length=12, choices=[(state.value, state.value) for state in ApprovalState])
    reason = models.CharField("理由", max_length=2000)
    asked = models.JSONField("申请内容", default=dict)
    asked_by = models.UUIDField("申请账号", null=True)
    asked_by_organisation = models.UUIDField("申请单位", null=True)
    asked_by_post = models.CharField("申请岗位", max_length=64, blank=True)
    asked_who = models.CharField("申请人", max_length=80)
    asked_at = models.DateTimeField("申请时间")
    decided_by = models.UUIDField("审批账号", null=True)
    decided_who = models.CharField("审批人", max_length=80, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    decision = models.CharField("审批意见", max_length=2000, blank=True)

    class Meta:
        verbose_name = "事件审批"
        verbose_name_plural = "事件审批"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state=ApprovalState.WAITING.value), name="one_request_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="another_person_decides"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["matter", "id"], name="approval_matter")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind} {self.state}"


class MatterExclusion(models.Model):
    """What a rate leaves out or counts differently: one line of the list of exclusions, with the limits before and after.

    until is empty while a pause or shelving lasts. minutes: what it moved the total limit by, as that clock counts.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "kind": "internal",
        "since": "internal",
        "until": "internal",
        "reason": "restricted",
        "amount": "internal",
        "unit": "internal",
        "minutes": "internal",
        "total_due_before": "internal",
        "total_due_after": "internal",
        "stage_due_before": "internal",
        "stage_due_after": "internal",
        "owner": "internal",
        "review_on": "internal",
        "organisation": "internal",
        "approval": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="exclusions", db_index=False)
    kind = models.CharField("种类", max_length=16, choices=[(kind.value, kind.value) for kind in ExclusionKind])
    since = models.DateTimeField("起始时间")
    until = models.DateTimeField("终止时间", null=True)
    reason = models.CharField("理由", max_length=2000, blank=True)
    amount = models.PositiveIntegerField("数量", null=True)
    unit = models.CharField("单位", max_length=16, blank=True)
    minutes = models.IntegerField("分钟", default=0)
    total_due_before = models.DateTimeField("原总时限")
    total_due_after = models.DateTimeField("现总时限", null=True)
    stage_due_before = models.DateTimeField("原环节时限", null=True)
    stage_due_after = models.DateTimeField("现环节时限", null=True)
    owner = models.UUIDField("责任单位", null=True)
    review_on = models.DateField("复核日期", null=True)
    organisation = models.UUIDField("提出单位", null=True)
    approval = models.ForeignKey(MatterApproval, on_delete=models.PROTECT, related_name="+", db_index=False, null=True)

    class Meta:
        verbose_name = "剔除"
        verbose_name_plural = "剔除清单"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "id"], name="exclusion_matter"),
            models.Index(fields=["kind", "since"], name="exclusion_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind}"


class Ruling(models.Model):
    """指定管辖: who is responsible for a kind of matter in an area, ruled once with a reason, offered the next time.

    It tells nothing of the matter but its number, so it is open to every official who hands matters over.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter_id": "internal",
        "number": "internal",
        "matter_type": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "source_area": "internal",
        "centre": "internal",
        "centre_name": "internal",
        "parties": "internal",
        "party_names": "internal",
        "organisation": "internal",
        "organisation_name": "internal",
        "post": "internal",
        "clause": "internal",
        "reason": "internal",
        "ruled_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter_id = models.UUIDField("事件")
    number = models.CharField("编号", max_length=40)
    matter_type = models.CharField("事件类型", max_length=32)
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    source_area = models.UUIDField("来源地", null=True)
    centre = models.UUIDField("裁定中心")
    centre_name = models.CharField("裁定中心名称", max_length=150)
    parties = ArrayField(models.UUIDField(), verbose_name="争议各方")
    party_names = ArrayField(models.CharField(max_length=150), verbose_name="争议各方名称")
    organisation = models.UUIDField("指定单位")
    organisation_name = models.CharField("指定单位名称", max_length=150)
    post = models.UUIDField("指定岗位", null=True)
    clause = models.CharField("依据", max_length=500, blank=True)
    reason = models.CharField("理由", max_length=2000)
    ruled_at = models.DateTimeField("裁定时间")

    class Meta:
        verbose_name = "指定管辖裁定"
        verbose_name_plural = "指定管辖裁定"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter_type", "district_id", "-id"], name="ruling_type_district")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organisation_name}"
