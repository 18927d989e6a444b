"""The calendar's settings, the days that differ from their weekday, and the running total made of both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.ids import new_id


class WorkingCalendar(models.Model):
    """The one calendar of this installation: what the running total was made from.

    `hours` is a list of {since, morning, afternoon, source, example}; minutes after midnight. `edition` is new
    with every rebuilding, so a process knows when its copy is old. `announced_until` is the last day for which the
    city has entered the announced holidays itself, if it has; `covered_until` the last one known from anywhere.
    """

    DATA: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "id",
            "timezone",
            "first",
            "years_ahead",
            "hours",
            "day_rule",
            "announced_until",
            "covered_until",
            "edition",
            "built_at",
        ),
        "public",
    )

    id = models.SmallIntegerField("标识", primary_key=True, default=1)
    timezone = models.CharField("时区", max_length=64)
    first = models.DateField("起始日期")
    years_ahead = models.SmallIntegerField("向后年数")
    hours = models.JSONField("工作时间")
    day_rule = models.CharField("工作日计算方式", max_length=16)
    announced_until = models.DateField("已录入安排截止", null=True)
    covered_until = models.DateField("节假日安排截止")
    edition = models.UUIDField("版次", default=new_id)
    built_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "工作日历"
        verbose_name_plural = "工作日历"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="base_calendar_only_one"),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.covered_until}"


class CalendarDay(models.Model):
    """A day entered by the city: with its instance folder, or later by an official, who comes first."""

    DATA: ClassVar[dict[str, str]] = dict.fromkeys(("id", "date", "origin", "kind", "name", "source"), "public")

    id = models.UUIDField("标识", primary_key=True, default=new_id)
    date = models.DateField("日期")
    origin = models.CharField("来源方式", max_length=16)
    kind = models.CharField("日期类型", max_length=16)
    name = models.CharField("名称", max_length=60)
    source = models.CharField("依据", max_length=200)

    class Meta:
        verbose_name = "特殊日期"
        verbose_name_plural = "特殊日期"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("date", "origin", name="base_calendar_one_per_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"


class WorkingDay(models.Model):
    """One day of the running total, made by machine. Minutes after midnight; `before`: working minutes until it."""

    DATA: ClassVar[dict[str, str]] = dict.fromkeys(
        ("date", "morning_start", "morning_end", "afternoon_start", "afternoon_end", "minutes", "before"), "public"
    )

    date = models.DateField("日期", primary_key=True)
    morning_start = models.SmallIntegerField("上午开始")
    morning_end = models.SmallIntegerField("上午结束")
    afternoon_start = models.SmallIntegerField("下午开始")
    afternoon_end = models.SmallIntegerField("下午结束")
    minutes = models.SmallIntegerField("当日工作分钟数")
    before = models.IntegerField("此前累计工作分钟数")

    class Meta:
        verbose_name = "工作日历表"
        verbose_name_plural = "工作日历表"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["before", "date"], name="base_calendar_before")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(morning_start__gte=0)
                & Q(morning_end__gte=F("morning_start"))
                & Q(afternoon_end__gte=F("afternoon_start"))
                & Q(afternoon_end__lte=1440)
                & Q(
                    minutes=F("morning_end") - F("morning_start") + F("afternoon_end") - F("afternoon_start"),
                ),
                name="base_calendar_day_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date}"
