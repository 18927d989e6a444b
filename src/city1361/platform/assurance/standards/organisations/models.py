"""Tables of organisations and posts. A post belongs here; who holds it (an appointment) belongs to security."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.organisations.terms import Category, PostFunction


class Organisation(models.Model):
    """A unit of the city: its line (条) and its area (块). It ends by date, it is never deleted."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "code": "public",
        "kind": "public",
        "level": "public",
        "area": "public",
        "name": "public",
        "short_name": "public",
        "line": "public",
        "line_name": "public",
        "category": "public",
        "uscc": "public",
        "valid_from": "public",
        "valid_to": "public",
        "synthetic": "public",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    code = models.CharField("编号", max_length=80, unique=True)
    kind = models.CharField("类型", max_length=40)
    level = models.CharField("层级", max_length=16, choices=[(level.value, level.value) for level in Level])
    area = models.ForeignKey("platform_areas.Area", on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField("名称", max_length=150)
    short_name = models.CharField("简称", max_length=80)
    line = models.CharField("条线", max_length=40)
    line_name = models.CharField("条线名称", max_length=40)
    category = models.CharField("机构类别", max_length=20, choices=[(kind.value, kind.value) for kind in Category])
    uscc = models.CharField("统一社会信用代码", max_length=18, unique=True)
    valid_from = models.DateField("设立日期")
    valid_to = models.DateField("撤销日期", null=True)
    synthetic = models.BooleanField("合成代码", default=False)

    class Meta:
        verbose_name = "机构"
        verbose_name_plural = "机构"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="organisation_period"
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "kind"], name="organisation_area_kind"),
            models.Index(fields=["line", "level"], name="organisation_line_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A post of an organisation. `shift`: held in turns, so that duty is a roster and not one person."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "organisation": "public",
        "code": "public",
        "name": "public",
        "function": "public",
        "shift": "public",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField("编号", max_length=120, unique=True)
    name = models.CharField("名称", max_length=60)
    function = models.CharField("职能", max_length=16, choices=[(kind.value, kind.value) for kind in PostFunction])
    shift = models.BooleanField("轮班", default=False)

    class Meta:
        verbose_name = "岗位"
        verbose_name_plural = "岗位"

    def __str__(self) -> str:
        return self.name
