"""Counts by area, type and day; what has not been added to them yet; periods that are over; checks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from city1361.base.kernel.ids import new_id

COUNTS = (
    "reported", "filed", "refused", "merged", "voided", "due", "voided_of_due", "shelved_of_due", "closed_of_due",
    "on_time", "on_time_by_extension", "reworked", "extended", "in_hand", "in_verifying", "in_reported",
    "in_dispatching", "in_admitted", "in_designating", "in_handling", "in_close_requested", "in_checked", "closed",
    "solved", "explained", "long_term", "closed_as_shelved", "not_ours", "self_closed", "visited", "contacted",
    "reasonable", "solved_said", "satisfied_said", "unreasonable", "unreasonable_solved", "unreasonable_satisfied",
)  # fmt: skip


REVIEW_STATES = ("review_waiting", "review_writing", "review_ready", "review_failed", "review_expired")


class Counter(models.Model):
    """How many matters of an area (at its level), of a type ("": all together; visits stand there alone) and of a day.

    Which day a count belongs to: see execution's counting_terms; visits belong to the day the matter was closed.
    """

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "area_id": "internal",
        "district_id": "internal",
        "city_id": "internal",
        "type": "internal",
        "day": "internal",
        **dict.fromkeys(COUNTS, "internal"),
    }

    pk = models.CompositePrimaryKey("area_id", "type", "day")
    area_id = models.UUIDField("区域")
    district_id = models.UUIDField("区县", null=True)
    city_id = models.UUIDField("城市")
    type = models.CharField("类型", max_length=32, blank=True)
    day = models.DateField("日期")

    reported = models.IntegerField("上报", null=True)
    filed = models.IntegerField("立案", null=True)
    refused = models.IntegerField("不予受理", null=True)
    merged = models.IntegerField("并案", null=True)
    voided = models.IntegerField("作废", null=True)
    due = models.IntegerField("应结案", null=True)
    voided_of_due = models.IntegerField("应结案中作废", null=True)
    shelved_of_due = models.IntegerField("应结案中挂账", null=True)
    closed_of_due = models.IntegerField("应结案中已办结", null=True)
    on_time = models.IntegerField("应结案中按期办结", null=True)
    on_time_by_extension = models.IntegerField("因延期而按期办结", null=True)
    reworked = models.IntegerField("应结案中返工", null=True)
    extended = models.IntegerField("应结案中延期", null=True)
    in_hand = models.IntegerField("在办", null=True)
    in_verifying = models.IntegerField("待核实", null=True)
    in_reported = models.IntegerField("待受理", null=True)
    in_dispatching = models.IntegerField("待派遣", null=True)
    in_admitted = models.IntegerField("待签收", null=True)
    in_designating = models.IntegerField("待指定管辖", null=True)
    in_handling = models.IntegerField("处置中", null=True)
    in_close_requested = models.IntegerField("待核查", null=True)
    in_checked = models.IntegerField("待办结", null=True)
    closed = models.IntegerField("办结", null=True)
    solved = models.IntegerField("已解决", null=True)
    explained = models.IntegerField("已解释", null=True)
    long_term = models.IntegerField("转长期", null=True)
    closed_as_shelved = models.IntegerField("办结挂账", null=True)
    not_ours = models.IntegerField("非职责", null=True)
    self_closed = models.IntegerField("自报自结", null=True)
    visited = models.IntegerField("回访到", null=True)
    contacted = models.IntegerField("联系过", null=True)
    reasonable = models.IntegerField("合理诉求", null=True)
    solved_said = models.IntegerField("认为已解决", null=True)
    satisfied_said = models.IntegerField("满意", null=True)
    unreasonable = models.IntegerField("不合理诉求", null=True)
    unreasonable_solved = models.IntegerField("不合理诉求中已解决", null=True)
    unreasonable_satisfied = models.IntegerField("不合理诉求中满意", null=True)

    class Meta:
        verbose_name = "计数"
        verbose_name_plural = "计数"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area_id", "type", "day"], condition=Q(in_hand__isnull=False), name="counter_in_hand")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.type} {self.day}"


class MatterDelta(models.Model):
    """What a matter was (sign -1) or became (1): written with it by a trigger, added to the counts soon."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "at": "internal",
        "sign": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "type_id": "internal",
        "state": "internal",
        "result": "internal",
        "reported_at": "internal",
        "total_due_at": "internal",
        "due_before_extension": "internal",
        "closed_at": "internal",
        "shelved": "internal",
        "reworked": "internal",
        "self_closed": "internal",
    }

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间", db_default=Now())
    sign = models.SmallIntegerField("正负")
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    type_id = models.CharField("类型", max_length=32)
    state = models.CharField("状态", max_length=20)
    result = models.CharField("办结结果", max_length=12)
    reported_at = models.DateTimeField("上报时间")
    total_due_at = models.DateTimeField("总时限")
    due_before_extension = models.DateTimeField("延期前总时限", null=True)
    closed_at = models.DateTimeField("办结时间", null=True)
    shelved = models.BooleanField("在库挂账")
    reworked = models.BooleanField("返工")
    self_closed = models.BooleanField("自报自结")

    class Meta:
        verbose_name = "事件计数增量"
        verbose_name_plural = "事件计数增量"

    def __str__(self) -> str:
        return f"{self.sign:+d} {self.state}"


class VisitDelta(models.Model):
    """What a return visit that reached somebody was or became."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "at": "internal",
        "sign": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "closed_at": "internal",
        "contacted": "internal",
        "solved": "internal",
        "satisfied": "internal",
        "unreasonable": "internal",
    }

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField("时间", db_default=Now())
    sign = models.SmallIntegerField("正负")
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    closed_at = models.DateTimeField("办结时间")
    contacted = models.BooleanField("联系过")
    solved = models.BooleanField("已解决")
    satisfied = models.BooleanField("满意")
    unreasonable = models.BooleanField("不合理诉求")

    class Meta:
        verbose_name = "回访计数增量"
        verbose_name_plural = "回访计数增量"

    def __str__(self) -> str:
        return f"{self.sign:+d}"


class ClosedPeriod(models.Model):
    """The counts of an area when a period was over, as they were told then. They are never changed: what they have become
    since is shown beside them as a correction (更正). stock: what was open at that moment."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "area_id": "internal",
        "district_id": "internal",
        "city_id": "internal",
        "kind": "internal",
        "first": "internal",
        "counts": "internal",
        "stock": "internal",
        "at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area_id = models.UUIDField("区域")
    district_id = models.UUIDField("区县", null=True)
    city_id = models.UUIDField("城市")
    kind = models.CharField("统计期", max_length=8, choices=[(one, one) for one in ("day", "week", "month")])
    first = models.DateField("首日")
    counts = models.JSONField("计数")
    stock = models.JSONField("存量")
    at = models.DateTimeField("封存时间")

    class Meta:
        verbose_name = "统计期封存"
        verbose_name_plural = "统计期封存"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area_id", "kind", "first"], name="period_closed_once")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.kind} {self.first}"


class CounterCheck(models.Model):
    """计数核对: the counts against a recount of every matter and visit. differences: the first of them, in words."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "at": "internal",
        "compared": "internal",
        "differing": "internal",
        "differences": "internal",
        "seconds": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField("核对时间")
    compared = models.BigIntegerField("核对数")
    differing = models.BigIntegerField("不一致数")
    differences = models.JSONField("不一致项", default=list)
    seconds = models.FloatField("用时")

    class Meta:
        verbose_name = "计数核对"
        verbose_name_plural = "计数核对"

    def __str__(self) -> str:
        return f"{self.at} {self.differing}"


class ReviewDocument(models.Model):
    """复盘文件: a review written to a file: by whom, of what, how far it is. The file itself goes after a week."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "account": "restricted personal",
        "acting": "internal",
        "area_id": "internal",
        "period": "internal",
        "format": "internal",
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
    area_id = models.UUIDField("区域")
    period = models.CharField("统计期", max_length=10)
    format = models.CharField("格式", max_length=4)
    state = models.CharField("状态", max_length=16, choices=[(one, one) for one in REVIEW_STATES])
    done = models.PositiveIntegerField("已完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    problem = models.CharField("未成功原因", max_length=200, blank=True)
    digest = models.CharField("文件摘要", max_length=64, blank=True)
    created_at = models.DateTimeField("时间")
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "复盘文件"
        verbose_name_plural = "复盘文件"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "-id"], name="review_of_account")]

    def __str__(self) -> str:
        return f"{self.period} {self.format} {self.state}"


class ReviewLayout(models.Model):
    """复盘版式: the red heads an instance declares for the documents of its areas. One row."""

    DATA: ClassVar[dict[str, str]] = {"id": "public", "content": "public"}

    id = models.SmallIntegerField(primary_key=True, default=1)
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "复盘版式"
        verbose_name_plural = "复盘版式"

    def __str__(self) -> str:
        return str(self.id)


class WallLayout(models.Model):
    """大屏设置: the boards of the wall, what each counts, and the lens of central districts. One row."""

    DATA: ClassVar[dict[str, str]] = {"id": "public", "content": "public"}

    id = models.SmallIntegerField(primary_key=True, default=1)
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "大屏设置"
        verbose_name_plural = "大屏设置"

    def __str__(self) -> str:
        return str(self.id)
