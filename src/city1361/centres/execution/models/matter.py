"""The matter and its history, both partitioned by month of their id."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from city1361.base.kernel.ids import new_id
from city1361.centres.execution.models.declared import MatterType
from city1361.centres.execution.terms import (
    OPEN_STATES,
    Channel,
    CloseResult,
    Counting,
    MatterState,
    Satisfaction,
    Step,
    Urgency,
)

OPEN = Q(state__in=[state.value for state in OPEN_STATES])


class Matter(models.Model):
    """Something the city must deal with. `district_id` … `grid_id` are its areas of today; `area_at_report` stays.

    `centre` received it first (首接负责); `current_centre` deals with it now; `lead` and `lead_post` handle it, or are the
    centre it was handed to. `handed_by` is where it goes back to. `organisations` repeats who takes part, for row
    security. `reporter_account` is for row security too; who that is stands in MatterReporter.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "number": "internal",
        "version": "internal",
        "state": "internal",
        "type": "internal",
        "national_code": "internal",
        "title": "restricted",
        "description": "restricted",
        "urgency": "internal",
        "channel": "internal",
        "level": "internal",
        "sensitive": "sensitive",
        "city_id": "internal",
        "district_id": "internal",
        "town_id": "internal",
        "village_id": "internal",
        "grid_id": "internal",
        "area_at_report": "internal",
        "address": "restricted",
        "lon": "restricted",
        "lat": "restricted",
        "centre": "internal",
        "lead": "internal",
        "lead_post": "internal",
        "lead_post_code": "internal",
        "current_centre": "internal",
        "current_level": "internal",
        "handed_by": "internal",
        "ruling_centre": "internal",
        "delegate_post": "internal",
        "delegate_post_code": "internal",
        "verified": "internal",
        "designated": "internal",
        "disputed_since": "internal",
        "source_area": "internal",
        "organisations": "internal",
        "reporter_account": "restricted personal",
        "occurred_at": "internal",
        "reported_at": "internal",
        "handled_first_at": "internal",
        "filed_after_the_fact": "internal",
        "closed_at": "internal",
        "total_due_at": "internal",
        "total_limit_minutes": "internal",
        "total_counting": "internal",
        "total_amount": "internal",
        "total_unit": "internal",
        "due_before_extension": "internal",
        "stage_started_at": "internal",
        "stage_due_at": "internal",
        "stage_limit_minutes": "internal",
        "stage_counting": "internal",
        "stage_amount": "internal",
        "stage_unit": "internal",
        "handling_limit_minutes": "internal",
        "handling_spent_minutes": "internal",
        "handling_counting": "internal",
        "due_fallback": "internal",
        "limits_example": "internal",
        "paused_minutes": "internal",
        "paused_at": "internal",
        "shelved_owner": "internal",
        "shelved_review_on": "internal",
        "requested_result": "internal",
        "result": "internal",
        "refused_reason": "restricted",
        "agreed_at": "internal",
        "satisfaction": "internal",
        "reopened_count": "internal",
        "rework_count": "internal",
        "returned_count": "internal",
        "self_report_self_close": "internal",
        "recurrence_of": "internal",
        "parent": "internal",
        "merged_into": "internal",
        "rules_edition": "internal",
        "form_key": "internal",
        "form_answers": "restricted",
        "process_instance": "internal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField("编号", max_length=40)
    version = models.PositiveIntegerField("版本", default=1)
    state = models.CharField("状态", max_length=20, choices=[(state.value, state.value) for state in MatterState])
    type = models.ForeignKey(MatterType, on_delete=models.PROTECT, related_name="+", db_index=False)
    national_code = models.CharField("国家标准代码", max_length=90, blank=True)
    title = models.CharField("标题", max_length=60)
    description = models.TextField("情况说明", max_length=2000)
    urgency = models.CharField("紧急程度", max_length=12, choices=[(one.value, one.value) for one in Urgency])
    channel = models.CharField("来源", max_length=12, choices=[(one.value, one.value) for one in Channel])
    level = models.PositiveSmallIntegerField("事件等级", null=True)
    sensitive = ArrayField(models.CharField(max_length=20), verbose_name="敏感标识", default=list)

    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格", null=True)
    area_at_report = models.UUIDField("上报时区域")
    address = models.CharField("事发位置", max_length=256, blank=True)
    lon = models.FloatField("经度", null=True)
    lat = models.FloatField("纬度", null=True)

    centre = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    lead = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    lead_post = models.ForeignKey(
        "platform_organisations.Post", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    lead_post_code = models.CharField("主办岗位代码", max_length=64, blank=True)
    current_centre = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    current_level = models.CharField("当前层级", max_length=16, default="town")
    handed_by = models.UUIDField("交出单位", null=True)
    ruling_centre = models.UUIDField("裁定中心", null=True)
    delegate_post = models.UUIDField("代办岗位", null=True)
    delegate_post_code = models.CharField("代办岗位代码", max_length=64, blank=True)
    verified = models.BooleanField("核实属实", null=True)
    designated = models.BooleanField("已指定管辖", default=False)
    disputed_since = models.DateTimeField("争议开始时间", null=True)
    source_area = models.UUIDField("来源地", null=True)
    organisations = ArrayField(models.UUIDField(), verbose_name="参与机构")
    reporter_account = models.UUIDField("上报账号", null=True)

    occurred_at = models.DateTimeField("发生时间")
    reported_at = models.DateTimeField("上报时间")
    handled_first_at = models.DateTimeField("先行处置时间", null=True)
    filed_after_the_fact = models.BooleanField("补录", default=False)
    closed_at = models.DateTimeField("办结时间", null=True)
    total_due_at = models.DateTimeField("总时限")
    total_limit_minutes = models.IntegerField("总时限分钟")
    total_counting = models.CharField("总时限计时", max_length=8, choices=[(c.value, c.value) for c in Counting])
    total_amount = models.PositiveIntegerField("总时限数量", null=True)
    total_unit = models.CharField("总时限单位", max_length=16, blank=True)
    due_before_extension = models.DateTimeField("延期前总时限", null=True)
    stage_started_at = models.DateTimeField("环节开始时间", null=True)
    stage_due_at = models.DateTimeField("环节时限", null=True)
    stage_limit_minutes = models.IntegerField("环节时限分钟", null=True)
    stage_counting = models.CharField("环节计时", max_length=8, choices=[(c.value, c.value) for c in Counting])
    stage_amount = models.PositiveIntegerField("环节时限数量", null=True)
    stage_unit = models.CharField("环节时限单位", max_length=16, blank=True)
    handling_limit_minutes = models.IntegerField("处置时限分钟", null=True)
    handling_spent_minutes = models.IntegerField("处置已用分钟", default=0)
    handling_counting = models.CharField(
        "处置计时", max_length=8, choices=[(c.value, c.value) for c in Counting], blank=True
    )
    due_fallback = models.BooleanField("时限超出已公布节假日", default=False)
    limits_example = models.BooleanField("时限为示例", default=True)
    paused_minutes = models.IntegerField("暂停分钟", default=0)
    paused_at = models.DateTimeField("暂停时间", null=True)
    shelved_owner = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    shelved_review_on = models.DateField("挂账复核日期", null=True)

    requested_result = models.CharField(
        "申请办结结果", max_length=12, choices=[(one.value, one.value) for one in CloseResult], blank=True
    )
    result = models.CharField(
        "办结结果", max_length=12, choices=[(one.value, one.value) for one in CloseResult], blank=True
    )
    refused_reason = models.CharField("不予受理理由", max_length=500, blank=True)
    agreed_at = models.DateTimeField("群众认可时间", null=True)
    satisfaction = models.CharField(
        "满意度", max_length=12, choices=[(one.value, one.value) for one in Satisfaction], blank=True
    )
    reopened_count = models.PositiveSmallIntegerField("重开次数", default=0)
    rework_count = models.PositiveSmallIntegerField("返工次数", default=0)
    returned_count = models.PositiveSmallIntegerField("退回次数", default=0)
    self_report_self_close = models.BooleanField("自报自结", default=False)
    recurrence_of = models.UUIDField("反复自", null=True)
    parent = models.UUIDField("上级事件", null=True)
    merged_into = models.UUIDField("并入事件", null=True)
    rules_edition = models.UUIDField("规则版次", null=True)
    form_key = models.CharField("表单", max_length=64, blank=True)
    form_answers = models.JSONField("表单内容", default=dict)
    process_instance = models.UUIDField("流程实例", null=True)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "事件"
        verbose_name_plural = "事件"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["district_id", "-id"], name="matter_district"),
            models.Index(fields=["town_id", "-id"], name="matter_town"),
            models.Index(fields=["village_id", "-id"], name="matter_village"),
            models.Index(fields=["grid_id", "-id"], name="matter_grid"),
            models.Index(fields=["-id"], condition=OPEN, name="matter_open"),
            models.Index(fields=["total_due_at"], condition=OPEN, name="matter_open_due"),
            models.Index(fields=["district_id", "-id"], condition=OPEN, name="matter_open_district"),
            models.Index(fields=["town_id", "state", "-id"], condition=OPEN, name="matter_open_town"),
            models.Index(fields=["lead", "state", "-id"], condition=OPEN, name="matter_open_lead"),
            models.Index(fields=["lead", "-id"], name="matter_lead"),
            models.Index(fields=["current_centre", "state", "-id"], condition=OPEN, name="matter_open_centre"),
            models.Index(
                fields=["shelved_review_on"], condition=Q(shelved_review_on__isnull=False), name="matter_shelved"
            ),
            models.Index(fields=["reporter_account", "-id"], name="matter_reporter"),
            models.Index(
                fields=["stage_due_at"], condition=Q(state=MatterState.ADMITTED.value), name="matter_unsigned"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class MatterStep(models.Model):
    """One step that was taken: the matter's history. `version` is what the matter became by it."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "version": "internal",
        "step": "internal",
        "before": "internal",
        "after": "internal",
        "at": "internal",
        "account": "restricted personal",
        "organisation": "internal",
        "organisation_name": "internal",
        "post": "internal",
        "who": "internal",
        "on_behalf_of": "internal",
        "by_reporter": "internal",
        "text": "restricted",
        "photos": "restricted",
        "result": "internal",
        "presumed": "internal",
        "client_key": "internal",
        "body_hash": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps", db_index=False)
    version = models.PositiveIntegerField("版本")
    step = models.CharField("步骤", max_length=32, choices=[(step.value, step.value) for step in Step])
    before = models.CharField("之前状态", max_length=20, blank=True)
    after = models.CharField("之后状态", max_length=20)
    at = models.DateTimeField("时间")
    account = models.UUIDField("账号", null=True)
    organisation = models.UUIDField("机构", null=True)
    organisation_name = models.CharField("机构名称", max_length=120, blank=True)
    post = models.CharField("岗位代码", max_length=64, blank=True)
    who = models.CharField("办理人", max_length=80)
    on_behalf_of = models.CharField("代办", max_length=80, blank=True)
    by_reporter = models.BooleanField("上报人所为", default=False)
    text = models.TextField("说明", max_length=2000, blank=True)
    photos = ArrayField(models.UUIDField(), verbose_name="照片", default=list)
    result = models.CharField("结果", max_length=12, blank=True)
    presumed = models.BooleanField("到期视同", default=False)
    client_key = models.CharField("客户端键", max_length=64, blank=True)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = "事件步骤"
        verbose_name_plural = "事件步骤"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["matter", "version"], name="matter_step_version")]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.version} {self.step}"
