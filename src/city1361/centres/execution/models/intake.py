"""How matters came in: merges, entries after the fact, tickets of other systems and what was exchanged about them,
and files that were exported. Row security on each stands in sql/intake_security.sql.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from city1361.base.database.api import PersonalField
from city1361.base.kernel.ids import new_id
from city1361.centres.execution.entry.intake_terms import (
    DeliveryState,
    Direction,
    ExportFormat,
    ExportState,
    IntakeKind,
)
from city1361.centres.execution.models.matter import Matter


class MatterMerge(models.Model):
    """合并: `duplicate` points to `kept`. `before` is where the duplicate stood, `own_clock` the total clock the kept
    matter had before any merge: splitting restores both. One merge at a time for a duplicate."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "duplicate": "internal",
        "kept": "internal",
        "before": "internal",
        "own_clock": "internal",
        "merged_due_at": "internal",
        "reporter_account": "restricted personal",
        "merged_at": "internal",
        "merged_by": "restricted personal",
        "reason": "restricted",
        "split_at": "internal",
        "split_reason": "restricted",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    duplicate = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+", db_index=False)
    before = models.JSONField("合并前")
    own_clock = models.JSONField("保留事件原时限")
    merged_due_at = models.DateTimeField("合并后总时限")
    reporter_account = models.UUIDField("并入事件上报账号", null=True)
    merged_at = models.DateTimeField("合并时间")
    merged_by = models.UUIDField("合并账号", null=True)
    reason = models.CharField("合并理由", max_length=500, blank=True)
    split_at = models.DateTimeField("拆分时间", null=True)
    split_reason = models.CharField("拆分理由", max_length=500, blank=True)

    class Meta:
        verbose_name = "事件合并"
        verbose_name_plural = "事件合并"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kept"], condition=Q(split_at=None), name="merge_of_kept")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["duplicate"], condition=Q(split_at=None), name="merged_once"),
            models.CheckConstraint(condition=~Q(duplicate=models.F("kept")), name="merged_into_another"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} {self.kept_id}"


class MatterIntake(models.Model):
    """How a matter came in when it was not reported in the ordinary way, with what only that way knows.

    Minutes are natural ones: `handled_after` from the event to the first handling, `entered_after` from the first
    handling to the entry. The areas are those of the moment of entry.
    """

    DATA: ClassVar[dict[str, str]] = {
        "matter": "internal",
        "kind": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "reason": "restricted",
        "handled_by": "restricted",
        "handled_after": "internal",
        "entered_after": "internal",
        "entered_by": "restricted personal",
        "entered_at": "internal",
    }

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="+")
    kind = models.CharField("登记方式", max_length=8, choices=[(kind.value, kind.value) for kind in IntakeKind])
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    reason = models.CharField("补录原因", max_length=500, blank=True)
    handled_by = models.CharField("先行处置单位", max_length=120, blank=True)
    handled_after = models.IntegerField("处置用时分钟", null=True)
    entered_after = models.IntegerField("补录间隔分钟", null=True)
    entered_by = models.UUIDField("登记账号", null=True)
    entered_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = "事件登记方式"
        verbose_name_plural = "事件登记方式"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district_id", "kind", "entered_at"], name="intake_district"),
            models.Index(fields=["town_id", "kind", "entered_at"], name="intake_town"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.kind}"


class TicketSystem(models.Model):
    """A system that sends its tickets here and hears what becomes of them. `code` stands in the city's list.

    address: where its web-hooks are sent; empty: it hears nothing. The secret signs both ways; the one before it is
    still believed until `previous_until`, so that both sides can change it without losing a message.
    """

    DATA: ClassVar[dict[str, str]] = {
        "code": "internal",
        "address": "internal",
        "secret": "sensitive",
        "previous_secret": "sensitive",
        "previous_until": "internal",
        "changed_at": "internal",
    }

    code = models.CharField("代码", max_length=32, primary_key=True)
    address = models.CharField("推送地址", max_length=300, blank=True)
    secret = PersonalField("签名密钥", purpose="execution.ticket_secret")
    previous_secret = PersonalField("上一个签名密钥", purpose="execution.ticket_secret", null=True)
    previous_until = models.DateTimeField("上一个密钥有效至", null=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = "外部工单系统"
        verbose_name_plural = "外部工单系统"

    def __str__(self) -> str:
        return self.code


class TicketDelivery(models.Model):
    """One message between the city and a ticket system. `delivery` is its sender's id: a second one is refused.

    What was said stands in the matter, not here; `digest` proves which message it was.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "system": "internal",
        "direction": "internal",
        "delivery": "internal",
        "number": "internal",
        "matter_id": "internal",
        "version": "internal",
        "subject": "internal",
        "state": "internal",
        "attempts": "internal",
        "next_at": "internal",
        "answer": "internal",
        "problem": "internal",
        "digest": "internal",
        "created_at": "internal",
        "settled_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    system = models.ForeignKey(TicketSystem, on_delete=models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField("方向", max_length=8, choices=[(one.value, one.value) for one in Direction])
    delivery = models.CharField("消息编号", max_length=64)
    number = models.CharField("外部编号", max_length=64)
    matter_id = models.UUIDField("事件")
    version = models.PositiveIntegerField("版本", default=0)
    subject = models.CharField("内容", max_length=40)
    state = models.CharField("送达状态", max_length=12, choices=[(one.value, one.value) for one in DeliveryState])
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次发送时间", null=True)
    answer = models.PositiveSmallIntegerField("对方应答", null=True)
    problem = models.CharField("未送达原因", max_length=200, blank=True)
    digest = models.CharField("内容摘要", max_length=64, blank=True)
    created_at = models.DateTimeField("时间")
    settled_at = models.DateTimeField("送达时间", null=True)

    class Meta:
        verbose_name = "工单消息"
        verbose_name_plural = "工单消息"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["next_at"], condition=Q(state=DeliveryState.WAITING.value), name="delivery_waiting"),
            models.Index(fields=["matter_id"], name="delivery_of_matter"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["system", "direction", "delivery"], name="delivered_once")
        ]

    def __str__(self) -> str:
        return f"{self.system_id} {self.direction} {self.delivery}"


class MatterExport(models.Model):
    """A list written to a file: by whom, which list, how far it is. The file itself goes after a day."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "account": "restricted personal",
        "acting": "internal",
        "format": "internal",
        "wanted": "internal",
        "columns": "internal",
        "state": "internal",
        "done": "internal",
        "total": "internal",
        "problem": "internal",
        "digest": "internal",
        "created_at": "internal",
        "finished_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.UUIDField("账号")
    acting = models.JSONField("办理身份")
    format = models.CharField("格式", max_length=4, choices=[(one.value, one.value) for one in ExportFormat])
    wanted = models.JSONField("筛选条件")
    columns = ArrayField(models.CharField(max_length=24), verbose_name="列")
    state = models.CharField("导出状态", max_length=8, choices=[(one.value, one.value) for one in ExportState])
    done = models.PositiveIntegerField("已写行数", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    problem = models.CharField("未成功原因", max_length=200, blank=True)
    digest = models.CharField("文件摘要", max_length=64, blank=True)
    created_at = models.DateTimeField("时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "事件导出"
        verbose_name_plural = "事件导出"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-id"], name="export_of_account")]

    def __str__(self) -> str:
        return f"{self.format} {self.state}"
