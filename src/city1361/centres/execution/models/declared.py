"""What the city has laid down for matters: types and rules."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class MatterType(models.Model):
    """A kind of matter as this city files it. `code` is its own; the national code stands beside it where there is one.

    One that is in use is withdrawn (`active`), never deleted. process_key: the declared process its matters follow.
    """

    DATA: ClassVar[dict[str, str]] = {
        "code": "public",
        "name": "public",
        "class_name": "public",
        "category": "public",
        "national_standard": "public",
        "national_kind": "public",
        "national_code": "public",
        "verified": "public",
        "active": "public",
        "place": "public",
        "package": "public",
        "process_key": "public",
        "form_key": "public",
    }

    code = models.CharField("代码", max_length=32, primary_key=True)
    name = models.CharField("名称", max_length=60)
    class_name = models.CharField("大类", max_length=60)
    category = models.CharField("上报类别", max_length=32)
    national_standard = models.CharField("国家标准", max_length=40, blank=True)
    national_kind = models.CharField("国家标准类别", max_length=20, blank=True)
    national_code = models.CharField("国家标准代码", max_length=20, blank=True)
    verified = models.BooleanField("已核对", default=False)
    active = models.BooleanField("启用", default=True)
    place = models.PositiveIntegerField("次序")
    package = models.CharField("应用包", max_length=80, blank=True)
    process_key = models.CharField("流程", max_length=64, default="matter")
    form_key = models.CharField("表单", max_length=64, blank=True)

    class Meta:
        verbose_name = "事件类型"
        verbose_name_plural = "事件类型"
        ordering: ClassVar[list[str]] = ["place"]

    def __str__(self) -> str:
        return self.name


class MatterRules(models.Model):
    """What the city has laid down for matters, compiled from the instance folder: categories, limits, levels. One row."""

    DATA: ClassVar[dict[str, str]] = {"id": "public", "edition": "public", "content": "public"}

    id = models.SmallIntegerField(primary_key=True, default=1)
    edition = models.UUIDField("版次")
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "事件规则"
        verbose_name_plural = "事件规则"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="matter_rules_one_row")
        ]

    def __str__(self) -> str:
        return str(self.edition)
