"""Tables of whistles, calls and assisting tasks. Row security: area in scope or my organisation takes part."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.ids import new_id
from city1361.centres.command.terms import OPEN_CALLS, OPEN_TASKS, CallState, CallStep, Grade, TaskState, TaskStep

PLACED = {
    "city_id": "internal",
    "district_id": "internal",
    "town_id": "internal",
    "village_id": "internal",
    "grid_id": "internal",
    "organisations": "internal",
}


class Placed(models.Model):
    """What row security asks of a row: its areas from the city down, and the organisations that take part."""

    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县", null=True)
    town_id = models.UUIDField("镇街", null=True)
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格", null=True)
    organisations = ArrayField(models.UUIDField(), verbose_name="参与机构")

    class Meta:
        abstract = True


class CommandSerial(models.Model):
    """The last number an organisation gave out on a day."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "organisation": "internal",
        "day": "internal",
        "last": "internal",
    }

    pk = models.CompositePrimaryKey("organisation", "day")
    organisation = models.UUIDField("机构")
    day = models.DateField("日期")
    last = models.PositiveIntegerField("序号")

    class Meta:
        verbose_name = "指挥序号"
        verbose_name_plural = "指挥序号"

    def __str__(self) -> str:
        return f"{self.organisation} {self.day} {self.last}"


class Whistle(Placed):
    """A town calls one or several organisations to a matter, or without one to an area. Names are those of the day."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "number": "internal",
        "matter": "internal",
        "title": "restricted",
        "demand": "restricted",
        "urgency": "internal",
        "caller": "internal",
        "caller_name": "internal",
        "centre": "internal",
        "centre_name": "internal",
        "account": "restricted personal",
        "who": "internal",
        "at": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("编号", max_length=60, unique=True)
    matter = models.ForeignKey(
        "centres_execution.Matter", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    title = models.CharField("事由", max_length=60)
    demand = models.CharField("需求", max_length=2000)
    urgency = models.CharField("紧急程度", max_length=12)
    caller = models.UUIDField("吹哨单位")
    caller_name = models.CharField("吹哨单位名称", max_length=150)
    centre = models.UUIDField("调度中心", null=True)
    centre_name = models.CharField("调度中心名称", max_length=150, blank=True)
    account = models.UUIDField("账号", null=True)
    who = models.CharField("吹哨人", max_length=80)
    at = models.DateTimeField("吹哨时间")
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "吹哨"
        verbose_name_plural = "吹哨"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="whistle_once_per_key")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "-id"], name="whistle_matter"),
            models.Index(fields=["caller", "-id"], name="whistle_caller"),
        ]

    def __str__(self) -> str:
        return self.number


class WhistleCall(models.Model):
    """The call to one organisation within a whistle: its answer, arrival, result, and what each side says of the other."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "whistle": "internal",
        "organisation": "internal",
        "organisation_name": "internal",
        "state": "internal",
        "limit_amount": "internal",
        "limit_unit": "internal",
        "limit_example": "internal",
        "due_at": "internal",
        "amber_at": "internal",
        "fallback": "internal",
        "read_at": "internal",
        "answered_at": "internal",
        "responder": "restricted",
        "arrive_by": "internal",
        "reason": "restricted",
        "clause": "internal",
        "lapsed_at": "internal",
        "ordered_at": "internal",
        "arrived_at": "internal",
        "result": "restricted",
        "ended_at": "internal",
        "help_grade": "internal",
        "help_words": "restricted",
        "whistle_grade": "internal",
        "whistle_words": "restricted",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    whistle = models.ForeignKey(Whistle, on_delete=models.PROTECT, related_name="calls")
    organisation = models.UUIDField("被吹哨单位")
    organisation_name = models.CharField("被吹哨单位名称", max_length=150)
    state = models.CharField("状态", max_length=20, choices=[(state.value, state.value) for state in CallState])
    limit_amount = models.PositiveIntegerField("时限数量")
    limit_unit = models.CharField("时限单位", max_length=16)
    limit_example = models.BooleanField("时限为示例")
    due_at = models.DateTimeField("报到时限")
    amber_at = models.DateTimeField("临期时间")
    fallback = models.BooleanField("时限超出已公布节假日", default=False)
    read_at = models.DateTimeField("已读时间", null=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    responder = models.CharField("到场人员", max_length=80, blank=True)
    arrive_by = models.DateTimeField("预计到场时间", null=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    clause = models.CharField("依据", max_length=200, blank=True)
    lapsed_at = models.DateTimeField("转调度时间", null=True)
    ordered_at = models.DateTimeField("调度时间", null=True)
    arrived_at = models.DateTimeField("到场时间", null=True)
    result = models.CharField("支援结果", max_length=2000, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    help_grade = models.CharField(
        "对支援的评价", max_length=12, choices=[(g.value, g.value) for g in Grade], blank=True
    )
    help_words = models.CharField("对支援的评语", max_length=500, blank=True)
    whistle_grade = models.CharField(
        "对吹哨的评价", max_length=12, choices=[(g.value, g.value) for g in Grade], blank=True
    )
    whistle_words = models.CharField("对吹哨的评语", max_length=500, blank=True)

    class Meta:
        verbose_name = "吹哨呼叫"
        verbose_name_plural = "吹哨呼叫"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["whistle", "organisation"], name="called_once_by_a_whistle")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["organisation", "-id"], name="call_organisation"),
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=[CallState.DELIVERED.value, CallState.READ.value]),
                name="call_unanswered",
            ),
            models.Index(
                fields=["organisation", "due_at"],
                condition=Q(state__in=[state.value for state in OPEN_CALLS]),
                name="call_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.organisation_name}"


class Task(Placed):
    """What the leading unit has another one do for a matter, with clocks of its own. `origin`: it was handed on."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "number": "internal",
        "matter": "internal",
        "matter_number": "internal",
        "title": "restricted",
        "demand": "restricted",
        "giver": "internal",
        "giver_name": "internal",
        "account": "restricted personal",
        "who": "internal",
        "at": "internal",
        "organisation": "internal",
        "organisation_name": "internal",
        "post": "internal",
        "post_name": "internal",
        "state": "internal",
        "origin": "internal",
        "acknowledge_due_at": "internal",
        "acknowledged_at": "internal",
        "presumed": "internal",
        "limit_amount": "internal",
        "limit_unit": "internal",
        "limit_example": "internal",
        "due_at": "internal",
        "amber_at": "internal",
        "fallback": "internal",
        "result": "restricted",
        "ended_at": "internal",
        "rework_count": "internal",
        "informed": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("编号", max_length=60, unique=True)
    matter = models.ForeignKey("centres_execution.Matter", on_delete=models.PROTECT, related_name="+", db_index=False)
    matter_number = models.CharField("事件编号", max_length=40)
    title = models.CharField("任务", max_length=60)
    demand = models.CharField("要求", max_length=2000)
    giver = models.UUIDField("交办单位")
    giver_name = models.CharField("交办单位名称", max_length=150)
    account = models.UUIDField("账号", null=True)
    who = models.CharField("交办人", max_length=80)
    at = models.DateTimeField("交办时间")
    organisation = models.UUIDField("协办单位")
    organisation_name = models.CharField("协办单位名称", max_length=150)
    post = models.CharField("协办岗位", max_length=64, blank=True)
    post_name = models.CharField("协办岗位名称", max_length=80, blank=True)
    state = models.CharField("状态", max_length=20, choices=[(state.value, state.value) for state in TaskState])
    origin = models.ForeignKey("self", on_delete=models.PROTECT, related_name="handed_on", db_index=False, null=True)
    acknowledge_due_at = models.DateTimeField("签收时限")
    acknowledged_at = models.DateTimeField("签收时间", null=True)
    presumed = models.BooleanField("到期视同签收", default=False)
    limit_amount = models.PositiveIntegerField("时限数量")
    limit_unit = models.CharField("时限单位", max_length=16)
    limit_example = models.BooleanField("时限为示例")
    due_at = models.DateTimeField("办理时限")
    amber_at = models.DateTimeField("临期时间")
    fallback = models.BooleanField("时限超出已公布节假日", default=False)
    result = models.CharField("完成情况", max_length=2000, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    rework_count = models.PositiveSmallIntegerField("返工次数", default=0)
    informed = ArrayField(models.UUIDField(), verbose_name="知会单位", default=list)
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="task_once_per_key"),
            models.UniqueConstraint(
                fields=["matter", "organisation"],
                condition=Q(state__in=[state.value for state in OPEN_TASKS]),
                name="one_open_task_of_a_unit",
            ),
            models.CheckConstraint(condition=~Q(organisation=F("giver")), name="task_for_another_unit"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "id"], name="task_matter"),
            models.Index(fields=["organisation", "-id"], name="task_organisation"),
            models.Index(fields=["giver", "-id"], name="task_giver"),
            models.Index(
                fields=["acknowledge_due_at"], condition=Q(state=TaskState.GIVEN.value), name="task_unacknowledged"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CommandEntry(models.Model):
    """A line of what was done to a call or a task."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "call": "internal",
        "task": "internal",
        "step": "internal",
        "at": "internal",
        "organisation_name": "internal",
        "who": "internal",
        "on_behalf_of": "internal",
        "text": "restricted",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(WhistleCall, on_delete=models.PROTECT, related_name="entries", null=True)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="entries", null=True)
    step = models.CharField("步骤", max_length=20, choices=[(s.value, s.value) for s in (*CallStep, *TaskStep)])
    at = models.DateTimeField("时间")
    organisation_name = models.CharField("机构名称", max_length=150, blank=True)
    who = models.CharField("办理人", max_length=80)
    on_behalf_of = models.CharField("代办", max_length=80, blank=True)
    text = models.CharField("说明", max_length=2000, blank=True)

    class Meta:
        verbose_name = "指挥记录"
        verbose_name_plural = "指挥记录"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(call=None) ^ Q(task=None), name="entry_of_a_call_or_a_task")
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.at:%Y-%m-%d %H:%M}"
