"""Tasks, what each asks of which household, and the visits that answered several at once."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from city1361.base.database.api import PersonalField
from city1361.base.kernel.ids import new_id
from city1361.grassroots.grids.models.placed import PLACED, Placed
from city1361.grassroots.grids.models.register import Household
from city1361.grassroots.grids.terms import Finding, GridTaskKind, GridTaskState


class GridTask(models.Model):
    """A task of a town for its grids. Without an `item` of the list it is temporary and needs the commander."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "item": "internal",
        "kind": "internal",
        "title": "internal",
        "guidance": "internal",
        "reason": "internal",
        "per_household": "internal",
        "tag": "internal",
        "villages": "internal",
        "state": "internal",
        "due_at": "internal",
        "asked_by": "internal personal",
        "asked_who": "internal",
        "asked_at": "internal",
        "decided_by": "internal personal",
        "decided_who": "internal",
        "decided_at": "internal",
        "refusal": "internal",
        "ended_at": "internal",
        "client_key": "internal",
        "version": "internal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    item = models.CharField("清单事项", max_length=40, blank=True)
    kind = models.CharField("任务类型", max_length=20, choices=[(one.value, one.value) for one in GridTaskKind])
    title = models.CharField("任务名称", max_length=40)
    guidance = models.CharField("要求", max_length=300, blank=True)
    reason = models.CharField("临时任务理由", max_length=300, blank=True)
    per_household = models.BooleanField("逐户")
    tag = models.CharField("只限人员标签", max_length=32, blank=True)
    villages = ArrayField(models.UUIDField(), verbose_name="村社区", default=list)
    state = models.CharField("状态", max_length=20, choices=[(one.value, one.value) for one in GridTaskState])
    due_at = models.DateTimeField("完成期限")
    asked_by = models.UUIDField("提出账号", null=True)
    asked_who = models.CharField("提出人", max_length=80)
    asked_at = models.DateTimeField("提出时间")
    decided_by = models.UUIDField("审批账号", null=True)
    decided_who = models.CharField("审批人", max_length=80, blank=True)
    decided_at = models.DateTimeField("审批时间", null=True)
    refusal = models.CharField("不予准入理由", max_length=300, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    client_key = models.CharField("提交标识", max_length=64, blank=True)
    version = models.PositiveIntegerField("版本", default=1)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "网格任务"
        verbose_name_plural = "网格任务"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="grid_task_approved_by_another"
            ),
            models.UniqueConstraint(
                fields=["asked_by", "client_key"], condition=~Q(client_key=""), name="grid_task_once_per_key"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["town_id", "-id"], name="grid_task_town")]

    def __str__(self) -> str:
        return self.title


class GridVisit(Placed):
    """One visit: what was seen and said, for every task it answered. Sent twice under one key, it is the same visit."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "household": "restricted personal",
        "said": "sensitive personal",
        "photos": "restricted",
        "account": "internal personal",
        "who": "internal",
        "occurred_at": "internal",
        "recorded_at": "internal",
        "client_key": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visits", null=True)
    said = PersonalField("情况", purpose="grids.visit_said", null=True)
    photos = ArrayField(models.UUIDField(), verbose_name="照片", default=list)
    account = models.UUIDField("账号", null=True)
    who = models.CharField("走访人", max_length=80)
    occurred_at = models.DateTimeField("走访时间")
    recorded_at = models.DateTimeField("记录时间")
    client_key = models.CharField("提交标识", max_length=64)

    class Meta:
        verbose_name = "走访"
        verbose_name_plural = "走访"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="grid_visit_once_per_key")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["grid_id", "-id"], name="grid_visit_grid")]

    def __str__(self) -> str:
        return str(self.id)


class TaskEntry(Placed):
    """What a task asks of one household, or of one grid."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "task": "internal",
        "household": "restricted personal",
        "finding": "restricted personal",
        "visit": "internal",
        "open": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(GridTask, on_delete=models.PROTECT, related_name="entries")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", null=True)
    finding = models.CharField("结果", max_length=20, choices=[(one.value, one.value) for one in Finding], blank=True)
    visit = models.ForeignKey(GridVisit, on_delete=models.PROTECT, related_name="entries", null=True)
    open = models.BooleanField("未完成", default=True)

    class Meta:
        verbose_name = "任务明细"
        verbose_name_plural = "任务明细"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["task", "grid_id", "household"], name="task_entry_once", nulls_distinct=False
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["grid_id"], condition=Q(open=True), name="task_entry_open"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.household_id or self.grid_id}"
