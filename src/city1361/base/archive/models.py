"""What was archived, and where it stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from city1361.base.kernel.ids import new_id


class ArchivedMonth(models.Model):
    """A part of a month. Rows that could not go with one part go with the next, when their time has come.

    cleared_at: since when its rows are not in the data base; empty again once they are restored.
    """

    DATA: ClassVar = {
        "id": "internal",
        "month": "internal",
        "part": "internal",
        "before": "internal",
        "rows": "internal",
        "bytes": "internal",
        "manifest": "internal",
        "written_at": "internal",
        "cleared_at": "internal",
        "restored_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id)
    month = models.CharField("月份", max_length=7)
    part = models.PositiveSmallIntegerField("分次")
    before = models.DateTimeField("静止起点")
    rows = models.BigIntegerField("行数")
    bytes = models.BigIntegerField("字节数")
    manifest = models.CharField("清单摘要", max_length=64)
    written_at = models.DateTimeField("写出时间")
    cleared_at = models.DateTimeField("清出时间", null=True)
    restored_at = models.DateTimeField("恢复时间", null=True)

    class Meta:
        verbose_name = "归档月份"
        constraints: ClassVar = [UniqueConstraint(fields=["month", "part"], name="archived_month_part")]
