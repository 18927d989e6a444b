"""Tables of the outbox. Rows are written and taken by the SQL of `publication` and `drainer`."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class OutboxEvent(models.Model):
    """Something that happened, kept as it was told. Partitioned by month of `id`; never changed."""

    DATA: ClassVar = {
        "id": "internal",
        "name": "internal",
        "payload": "internal",
        "topics": "internal",
        "acted_by": "internal",
        "occurred_at": "internal",
    }

    id = models.UUIDField(primary_key=True)
    name = models.CharField("名称", max_length=80)
    payload = models.JSONField("内容")
    topics = ArrayField(models.CharField(max_length=110), verbose_name="主题")
    acted_by = models.JSONField("操作者")
    occurred_at = models.DateTimeField("发生时间")

    class Meta:
        db_table = "base_outbox_event"
        verbose_name = "已发生事件"


class PendingEvent(models.Model):
    """An event nobody has taken up yet. The row goes when its deliveries are written, in the same transaction."""

    DATA: ClassVar = {"event_id": "internal"}

    event_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "base_outbox_pending"
        verbose_name = "待分发事件"


class Delivery(models.Model):
    """One event handed to one reaction. Partitioned by month of `event_id`; done ones stay, so none is done twice."""

    DATA: ClassVar = {
        "event_id": "internal",
        "reaction": "internal",
        "state": "internal",
        "attempts": "internal",
        "due_at": "internal",
        "last_error": "restricted",
    }

    pk = models.CompositePrimaryKey("event_id", "reaction")
    event_id = models.UUIDField()
    reaction = models.CharField("响应", max_length=120)
    state = models.CharField("状态", max_length=8)
    attempts = models.SmallIntegerField("已试次数")
    due_at = models.DateTimeField("下次时间")
    last_error = models.TextField("最近错误")

    class Meta:
        db_table = "base_outbox_delivery"
        verbose_name = "事件投递"
