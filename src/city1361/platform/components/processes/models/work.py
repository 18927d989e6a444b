"""Work items: what waits for whom. Partitioned by month; the keys of other applications stand in a table of their own."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from city1361.platform.components.processes.work_terms import WorkItemState

OPEN = Q(state=WorkItemState.OPEN.value)
UNDER_WAY = Q(state__in=[WorkItemState.OPEN.value, WorkItemState.CLAIMED.value])


class WorkItemKind(models.Model):
    """A kind of work item that another application may push, and where its addresses begin."""

    DATA: ClassVar[dict[str, str]] = {
        "code": "public",
        "source": "internal",
        "label": "public",
        "prefix": "internal",
        "withdrawn_at": "internal",
    }

    code = models.CharField("代码", max_length=60, primary_key=True)
    source = models.CharField("应用", max_length=40)
    label = models.CharField("名称", max_length=60)
    prefix = models.CharField("地址前缀", max_length=200)
    withdrawn_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "外部待办种类"
        verbose_name_plural = "外部待办种类"

    def __str__(self) -> str:
        return self.code


class WorkItem(models.Model):
    """Something somebody must do. It belongs to a token of a process, to a module, or to another application."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "instance_id": "internal",
        "token": "internal",
        "kind": "internal",
        "title": "restricted",
        "subject_kind": "internal",
        "subject_id": "internal",
        "address": "internal",
        "organisation": "internal",
        "post": "internal",
        "account": "restricted personal",
        "holder_area": "internal",
        "shift": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "village_id": "internal",
        "grid_id": "internal",
        "opened_at": "internal",
        "due_at": "internal",
        "amber_at": "internal",
        "sort_at": "internal",
        "state": "internal",
        "claimed_by": "restricted personal",
        "claimed_who": "internal",
        "claimed_at": "internal",
        "done_by": "restricted personal",
        "done_who": "internal",
        "done_at": "internal",
        "watchers": "restricted personal",
        "source": "internal",
        "source_key": "internal",
        "version": "internal",
    }

    id = models.UUIDField(primary_key=True)
    instance_id = models.UUIDField("流程实例", null=True)
    token = models.CharField("令牌", max_length=24, blank=True)
    kind = models.CharField("种类", max_length=60)
    title = models.CharField("标题", max_length=200)
    subject_kind = models.CharField("对象类别", max_length=60, blank=True)
    subject_id = models.UUIDField("对象标识", null=True)
    address = models.CharField("页面地址", max_length=500, blank=True)
    organisation = models.UUIDField("机构")
    post = models.CharField("岗位", max_length=64, blank=True)
    account = models.UUIDField("账号", null=True)
    holder_area = models.UUIDField("责任区域", null=True)
    shift = models.CharField("班次", max_length=40, blank=True)
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县", null=True)
    town_id = models.UUIDField("镇街", null=True)
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格", null=True)
    opened_at = models.DateTimeField("产生时间")
    due_at = models.DateTimeField("到期时间", null=True)
    amber_at = models.DateTimeField("临期时间", null=True)
    sort_at = models.DateTimeField("排序时间")
    state = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in WorkItemState])
    claimed_by = models.UUIDField("领取账号", null=True)
    claimed_who = models.CharField("领取人", max_length=80, blank=True)
    claimed_at = models.DateTimeField("领取时间", null=True)
    done_by = models.UUIDField("完成账号", null=True)
    done_who = models.CharField("完成人", max_length=80, blank=True)
    done_at = models.DateTimeField("完成时间", null=True)
    watchers = ArrayField(models.UUIDField(), verbose_name="关注账号", default=list)
    source = models.CharField("来源应用", max_length=40, blank=True)
    source_key = models.CharField("来源编号", max_length=120, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "待办"
        verbose_name_plural = "待办"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["instance_id", "token"], condition=UNDER_WAY, name="work_item_token"),
            models.Index(fields=["subject_id"], name="work_item_subject"),
            models.Index(fields=["organisation", "sort_at", "id"], condition=OPEN, name="work_item_organisation"),
            models.Index(
                fields=["account", "sort_at", "id"], condition=OPEN & Q(account__isnull=False), name="work_item_account"
            ),
            models.Index(fields=["district_id", "sort_at", "id"], condition=UNDER_WAY, name="work_item_district"),
            models.Index(fields=["town_id", "sort_at", "id"], condition=UNDER_WAY, name="work_item_town"),
            models.Index(
                fields=["grid_id", "sort_at", "id"],
                condition=UNDER_WAY & Q(grid_id__isnull=False),
                name="work_item_grid",
            ),
            models.Index(
                fields=["claimed_by", "sort_at", "id"], condition=Q(state="claimed"), name="work_item_claimed"
            ),
            models.Index(fields=["done_by", "-id"], condition=Q(done_by__isnull=False), name="work_item_done"),
            GinIndex(fields=["watchers"], condition=~Q(watchers=[]), name="work_item_watched"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.title}"


class WorkItemKey(models.Model):
    """What another application calls a work item: pushed again under the same key, it is the same one."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "source": "internal",
        "key": "internal",
        "work_item_id": "internal",
        "digest": "internal",
    }

    pk = models.CompositePrimaryKey("source", "key")
    source = models.CharField("应用", max_length=40)
    key = models.CharField("编号", max_length=120)
    work_item_id = models.UUIDField("待办")
    digest = models.CharField("内容摘要", max_length=64)

    class Meta:
        verbose_name = "外部待办编号"
        verbose_name_plural = "外部待办编号"

    def __str__(self) -> str:
        return f"{self.source} {self.key}"
