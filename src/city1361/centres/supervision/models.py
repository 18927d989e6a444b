"""Tables of supervision. Row security: area in scope or my organisation takes part. Targets are organisations."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.ids import new_id
from city1361.centres.supervision.terms import Card, Ladder, NoticeState, Satisfied, SheetState, Sign

PLACED = {
    "city_id": "internal",
    "district_id": "internal",
    "town_id": "internal",
    "village_id": "internal",
    "grid_id": "internal",
    "organisations": "internal",
}
STANDING = [NoticeState.IN_FORCE.value, NoticeState.ANSWERED.value]


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


class SupervisionSerial(models.Model):
    """The last number of a kind an organisation gave out in a year."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "prefix": "internal",
        "organisation": "internal",
        "year": "internal",
        "last": "internal",
    }

    pk = models.CompositePrimaryKey("prefix", "organisation", "year")
    prefix = models.CharField("种类", max_length=4)
    organisation = models.UUIDField("机构")
    year = models.PositiveIntegerField("年份")
    last = models.PositiveIntegerField("序号")

    class Meta:
        verbose_name = "督查序号"
        verbose_name_plural = "督查序号"

    def __str__(self) -> str:
        return f"{self.prefix} {self.organisation} {self.year} {self.last}"


class Notice(Placed):
    """A reminder, an urge or a card to an organisation about a matter. `follows`: the one it grew out of."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "number": "internal",
        "matter": "internal",
        "matter_number": "internal",
        "title": "restricted",
        "rung": "internal",
        "card": "internal",
        "state": "internal",
        "target": "internal",
        "target_name": "internal",
        "issuer": "internal",
        "issuer_name": "internal",
        "issuer_rank": "internal",
        "account": "restricted personal",
        "who": "internal",
        "at": "internal",
        "reason": "restricted",
        "follows": "internal",
        "limit_amount": "internal",
        "limit_unit": "internal",
        "limit_example": "internal",
        "due_at": "internal",
        "amber_at": "internal",
        "fallback": "internal",
        "answer": "restricted",
        "answered_by": "restricted personal",
        "answered_who": "internal",
        "answered_at": "internal",
        "ended_words": "restricted",
        "ended_who": "internal",
        "ended_at": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("编号", max_length=60, unique=True)
    matter = models.ForeignKey("centres_execution.Matter", on_delete=models.PROTECT, related_name="+", db_index=False)
    matter_number = models.CharField("事件编号", max_length=40)
    title = models.CharField("标题", max_length=60)
    rung = models.CharField("方式", max_length=24, choices=[(one.value, one.value) for one in Ladder])
    card = models.CharField("牌", max_length=12, choices=[(one.value, one.value) for one in Card], blank=True)
    state = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in NoticeState])
    target = models.UUIDField("对象单位")
    target_name = models.CharField("对象单位名称", max_length=150)
    issuer = models.UUIDField("发出单位")
    issuer_name = models.CharField("发出单位名称", max_length=150)
    issuer_rank = models.PositiveSmallIntegerField("发出层级")
    account = models.UUIDField("账号", null=True)
    who = models.CharField("发出人", max_length=80)
    at = models.DateTimeField("发出时间")
    reason = models.CharField("事由", max_length=500)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    limit_amount = models.PositiveIntegerField("时限数量")
    limit_unit = models.CharField("时限单位", max_length=16)
    limit_example = models.BooleanField("时限为示例")
    due_at = models.DateTimeField("答复时限")
    amber_at = models.DateTimeField("临期时间")
    fallback = models.BooleanField("时限超出已公布节假日", default=False)
    answer = models.CharField("答复", max_length=2000, blank=True)
    answered_by = models.UUIDField("答复账号", null=True)
    answered_who = models.CharField("答复人", max_length=80, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    ended_words = models.CharField("解除说明", max_length=500, blank=True)
    ended_who = models.CharField("解除人", max_length=80, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "督查通知"
        verbose_name_plural = "督查通知"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="notice_once_per_key"),
            models.UniqueConstraint(
                fields=["matter", "target"], condition=Q(state__in=STANDING) & ~Q(card=""), name="one_card_in_force"
            ),
            models.CheckConstraint(condition=~Q(target=F("issuer")), name="notice_to_another_unit"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "id"], name="notice_matter"),
            models.Index(fields=["target", "-id"], condition=Q(state__in=STANDING), name="notice_target_standing"),
            models.Index(fields=["issuer", "-id"], condition=Q(state__in=STANDING), name="notice_issuer_standing"),
        ]

    def __str__(self) -> str:
        return self.number


class Instruction(Placed):
    """批示: what a leader has decided, about a matter or about work in general."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "number": "internal",
        "matter": "internal",
        "title": "restricted",
        "text": "restricted",
        "issuer": "internal",
        "issuer_name": "internal",
        "account": "restricted personal",
        "who": "internal",
        "post": "internal",
        "at": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("编号", max_length=60, unique=True)
    matter = models.ForeignKey(
        "centres_execution.Matter", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    title = models.CharField("标题", max_length=60)
    text = models.CharField("批示内容", max_length=2000)
    issuer = models.UUIDField("批示单位")
    issuer_name = models.CharField("批示单位名称", max_length=150)
    account = models.UUIDField("账号", null=True)
    who = models.CharField("批示人", max_length=80)
    post = models.CharField("批示岗位", max_length=64, blank=True)
    at = models.DateTimeField("批示时间")
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "批示"
        verbose_name_plural = "批示"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="instruction_once_per_key")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["matter", "id"], name="instruction_matter")]

    def __str__(self) -> str:
        return self.number


class SupervisionSheet(models.Model):
    """督办单: what one organisation has to do about an instruction, until the issuer's office signs it off."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "instruction": "internal",
        "number": "internal",
        "target": "internal",
        "target_name": "internal",
        "state": "internal",
        "limit_amount": "internal",
        "limit_unit": "internal",
        "limit_example": "internal",
        "due_at": "internal",
        "amber_at": "internal",
        "fallback": "internal",
        "feedback": "restricted",
        "feedback_by": "restricted personal",
        "feedback_who": "internal",
        "feedback_at": "internal",
        "returned_count": "internal",
        "returned_words": "restricted",
        "signed_by": "restricted personal",
        "signed_who": "internal",
        "signed_words": "restricted",
        "signed_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="sheets")
    number = models.CharField("编号", max_length=60, unique=True)
    target = models.UUIDField("承办单位")
    target_name = models.CharField("承办单位名称", max_length=150)
    state = models.CharField("状态", max_length=12, choices=[(one.value, one.value) for one in SheetState])
    limit_amount = models.PositiveIntegerField("时限数量")
    limit_unit = models.CharField("时限单位", max_length=16)
    limit_example = models.BooleanField("时限为示例")
    due_at = models.DateTimeField("反馈时限")
    amber_at = models.DateTimeField("临期时间")
    fallback = models.BooleanField("时限超出已公布节假日", default=False)
    feedback = models.CharField("反馈", max_length=2000, blank=True)
    feedback_by = models.UUIDField("反馈账号", null=True)
    feedback_who = models.CharField("反馈人", max_length=80, blank=True)
    feedback_at = models.DateTimeField("反馈时间", null=True)
    returned_count = models.PositiveSmallIntegerField("退回次数", default=0)
    returned_words = models.CharField("退回理由", max_length=500, blank=True)
    signed_by = models.UUIDField("销号账号", null=True)
    signed_who = models.CharField("销号人", max_length=80, blank=True)
    signed_words = models.CharField("销号意见", max_length=500, blank=True)
    signed_at = models.DateTimeField("销号时间", null=True)

    class Meta:
        verbose_name = "督办单"
        verbose_name_plural = "督办单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["instruction", "target"], name="one_sheet_for_a_unit"),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=F("feedback_by")), name="another_person_signs_off"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["target", "-id"], condition=~Q(state=SheetState.SIGNED_OFF.value), name="sheet_target_open"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ReturnVisit(Placed):
    """回访: somebody outside the handling unit asks the reporter of a closed matter."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "matter": "internal",
        "matter_number": "internal",
        "title": "restricted",
        "closed_at": "internal",
        "handler": "internal",
        "handler_name": "internal",
        "self_closed": "internal",
        "visitor": "internal",
        "visitor_name": "internal",
        "account": "restricted personal",
        "who": "internal",
        "at": "internal",
        "reached": "internal",
        "contacted": "internal",
        "solved": "internal",
        "satisfied": "internal",
        "words": "restricted",
        "unreasonable": "internal",
        "unreasonable_reason": "restricted",
        "judged_by": "restricted personal",
        "judged_organisation": "internal",
        "judged_who": "internal",
        "judged_at": "internal",
        "reopened": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey("centres_execution.Matter", on_delete=models.PROTECT, related_name="+", db_index=False)
    matter_number = models.CharField("事件编号", max_length=40)
    title = models.CharField("标题", max_length=60)
    closed_at = models.DateTimeField("办结时间")
    handler = models.UUIDField("主办单位", null=True)
    handler_name = models.CharField("主办单位名称", max_length=150, blank=True)
    self_closed = models.BooleanField("自报自结", default=False)
    visitor = models.UUIDField("回访单位")
    visitor_name = models.CharField("回访单位名称", max_length=150)
    account = models.UUIDField("账号", null=True)
    who = models.CharField("回访人", max_length=80)
    at = models.DateTimeField("回访时间")
    reached = models.BooleanField("已联系上")
    contacted = models.BooleanField("承办单位联系过", null=True)
    solved = models.BooleanField("已解决", null=True)
    satisfied = models.CharField("满意度", max_length=12, choices=[(s.value, s.value) for s in Satisfied], blank=True)
    words = models.CharField("群众意见", max_length=500, blank=True)
    unreasonable = models.BooleanField("不合理诉求", default=False)
    unreasonable_reason = models.CharField("认定理由", max_length=500, blank=True)
    judged_by = models.UUIDField("认定账号", null=True)
    judged_organisation = models.UUIDField("认定单位", null=True)
    judged_who = models.CharField("认定人", max_length=80, blank=True)
    judged_at = models.DateTimeField("认定时间", null=True)
    reopened = models.BooleanField("已重开", default=False)
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "回访"
        verbose_name_plural = "回访"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "client_key"], name="visit_once_per_key"),
            models.UniqueConstraint(
                fields=["matter", "closed_at"], condition=Q(reached=True), name="reached_once_for_a_closing"
            ),
            models.CheckConstraint(
                condition=Q(handler=None) | ~Q(visitor=F("handler")), name="visited_by_another_unit"
            ),
            models.CheckConstraint(
                condition=Q(judged_organisation=None) | Q(handler=None) | ~Q(judged_organisation=F("handler")),
                name="judged_by_another_unit",
            ),
            models.CheckConstraint(
                condition=Q(reached=False, solved=None, satisfied="", contacted=None)
                | (Q(reached=True, solved__isnull=False, contacted__isnull=False) & ~Q(satisfied="")),
                name="whoever_was_reached_said_something",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["matter", "id"], name="visit_matter"),
            models.Index(fields=["district_id", "closed_at"], name="visit_district_closed"),
            models.Index(fields=["town_id", "closed_at"], name="visit_town_closed"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_number} {self.at:%Y-%m-%d}"


class RadarScan(models.Model):
    """检查清单巡检: that a day was looked through, when, and how many signs it gave."""

    DATA: ClassVar[dict[str, str]] = {"day": "internal", "at": "internal", "found": "internal", "seconds": "internal"}

    day = models.DateField("日期", primary_key=True)
    at = models.DateTimeField("巡检时间")
    found = models.PositiveIntegerField("迹象数")
    seconds = models.FloatField("用时")

    class Meta:
        verbose_name = "检查清单巡检"
        verbose_name_plural = "检查清单巡检"

    def __str__(self) -> str:
        return f"{self.day} {self.found}"


class RadarFinding(models.Model):
    """检查清单: a sign at one unit on one day, the matters it opens, and who looked at it. measured of base: 8 of 10
    closed shortly before their limit. district_id, town_id: where all its matters lie in one."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "day": "internal",
        "sign": "internal",
        "key": "internal",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "organisation": "internal",
        "organisation_name": "internal",
        "measured": "internal",
        "base": "internal",
        "thresholds": "internal",
        "matters": "internal",
        "found_at": "internal",
        "looked_at": "internal",
        "looked_by": "restricted personal",
        "looked_who": "internal",
        "note": "restricted",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField("日期")
    sign = models.CharField("迹象", max_length=24, choices=[(one.value, one.value) for one in Sign])
    key = models.CharField("键", max_length=80)
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县", null=True)
    town_id = models.UUIDField("镇街", null=True)
    organisation = models.UUIDField("单位", null=True)
    organisation_name = models.CharField("单位名称", max_length=150, blank=True)
    measured = models.PositiveIntegerField("数量")
    base = models.PositiveIntegerField("基数")
    thresholds = models.JSONField("门槛", default=dict)
    matters = ArrayField(models.UUIDField(), verbose_name="事件")
    found_at = models.DateTimeField("列入时间")
    looked_at = models.DateTimeField("查看时间", null=True)
    looked_by = models.UUIDField("查看账号", null=True)
    looked_who = models.CharField("查看人", max_length=80, blank=True)
    note = models.CharField("查看说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "检查清单"
        verbose_name_plural = "检查清单"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district_id", "-day"], name="radar_district"),
            models.Index(fields=["town_id", "-day"], name="radar_town"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["day", "sign", "key"], name="radar_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.sign} {self.organisation_name}"
