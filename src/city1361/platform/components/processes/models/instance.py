"""Instances and what belongs to them: timers, awaited messages, service calls, history. Written by sql/apply.sql."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from city1361.platform.components.processes.models.definition import ProcessVersion
from city1361.platform.components.processes.terms import PassageKind, ProcessStatus

RUNNING = Q(status=ProcessStatus.RUNNING.value)


class ProcessInstance(models.Model):
    """A process under way for one subject. Area columns, organisations and reporter are for row security."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "process_version": "internal",
        "subject_kind": "internal",
        "subject_id": "internal",
        "state": "restricted",
        "version": "internal",
        "status": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "village_id": "internal",
        "grid_id": "internal",
        "organisations": "internal",
        "reporter_account": "restricted personal",
        "started_at": "internal",
        "ended_at": "internal",
    }

    id = models.UUIDField(primary_key=True)
    process_version = models.ForeignKey(ProcessVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    subject_kind = models.CharField("对象类别", max_length=60)
    subject_id = models.UUIDField("对象标识")
    state = models.JSONField("流程状态")
    version = models.PositiveIntegerField("版本")
    status = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in ProcessStatus])
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县", null=True)
    town_id = models.UUIDField("镇街", null=True)
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格", null=True)
    organisations = ArrayField(models.UUIDField(), verbose_name="参与机构")
    reporter_account = models.UUIDField("上报账号", null=True)
    started_at = models.DateTimeField("开始时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = "流程实例"
        verbose_name_plural = "流程实例"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject_id"], name="process_instance_subject"),
            models.Index(fields=["process_version"], condition=RUNNING, name="process_instance_running"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ProcessTimer(models.Model):
    """A timer that runs. It goes when it fires or is withdrawn; what happened stands in the history.

    try_at is due_at, or later where firing failed.
    """

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "instance_id": "internal",
        "token": "internal",
        "element": "internal",
        "due_at": "internal",
        "try_at": "internal",
        "attempts": "internal",
        "problem": "internal",
    }

    pk = models.CompositePrimaryKey("instance_id", "token")
    instance_id = models.UUIDField("流程实例")
    token = models.CharField("令牌", max_length=24)
    element = models.CharField("环节", max_length=200)
    due_at = models.DateTimeField("到期时间")
    try_at = models.DateTimeField("下次时间")
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    problem = models.CharField("未成原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "流程定时器"
        verbose_name_plural = "流程定时器"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["due_at"], name="process_timer_due")]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.token}"


class ProcessMessage(models.Model):
    """A message that an instance waits for."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "instance_id": "internal",
        "token": "internal",
        "name": "internal",
        "correlation": "restricted",
    }

    pk = models.CompositePrimaryKey("instance_id", "token")
    instance_id = models.UUIDField("流程实例")
    token = models.CharField("令牌", max_length=24)
    name = models.CharField("消息", max_length=200)
    correlation = models.CharField("关联值", max_length=300, blank=True)

    class Meta:
        verbose_name = "等待的消息"
        verbose_name_plural = "等待的消息"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["name", "correlation"], name="process_message_awaited")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.correlation}"


class ServiceRequest(models.Model):
    """A service task that waits for its answer. dead: tried too often, a person must look."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "instance_id": "internal",
        "token": "internal",
        "name": "internal",
        "arguments": "restricted",
        "asked_at": "internal",
        "try_at": "internal",
        "attempts": "internal",
        "dead": "internal",
        "problem": "internal",
    }

    pk = models.CompositePrimaryKey("instance_id", "token")
    instance_id = models.UUIDField("流程实例")
    token = models.CharField("令牌", max_length=24)
    name = models.CharField("服务", max_length=200)
    arguments = models.JSONField("参数")
    asked_at = models.DateTimeField("调用时间")
    try_at = models.DateTimeField("下次时间")
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    dead = models.BooleanField("已放弃", default=False)
    problem = models.CharField("未成原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "服务调用"
        verbose_name_plural = "服务调用"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["try_at"], condition=Q(dead=False), name="service_request_due")
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.token} {self.name}"


class ProcessPassage(models.Model):
    """A line of the history: which element was entered or left, when, by which flow. Partitioned by month of `id`."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "instance_id": "internal",
        "element": "internal",
        "what": "internal",
        "at": "internal",
        "token": "internal",
        "flow": "internal",
        "process": "internal",
    }

    id = models.UUIDField(primary_key=True)
    instance_id = models.UUIDField("流程实例")
    element = models.CharField("环节", max_length=200)
    what = models.CharField("经过", max_length=12, choices=[(one.value, one.value) for one in PassageKind])
    at = models.DateTimeField("时间")
    token = models.CharField("令牌", max_length=24, blank=True)
    flow = models.CharField("连线", max_length=200, blank=True)
    process = models.CharField("被调用流程", max_length=150, blank=True)

    class Meta:
        verbose_name = "流程经过"
        verbose_name_plural = "流程经过"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance_id", "id"], name="process_passage_path")
        ]

    def __str__(self) -> str:
        return f"{self.instance_id} {self.element} {self.what}"
