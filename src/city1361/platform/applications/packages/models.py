"""Which packages are installed, and every version each has had. They tell nothing of a matter or a person."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from city1361.base.kernel.ids import new_id
from city1361.platform.applications.packages.terms import System


class ApplicationPackage(models.Model):
    """A declared application. `current` is the number of the version in force; a withdrawn one keeps its history."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "title_zh": "public",
        "title_en": "public",
        "system": "public",
        "owner": "public",
        "place": "public",
        "current": "public",
        "withdrawn_at": "public",
    }

    id = models.CharField("编号", max_length=80, primary_key=True)
    title_zh = models.CharField("名称", max_length=120)
    title_en = models.CharField("英文名称", max_length=200)
    system = models.CharField("系统", max_length=12, choices=[(one.value, one.value) for one in System])
    owner = models.CharField("牵头单位", max_length=60)
    place = models.PositiveIntegerField("次序")
    current = models.PositiveIntegerField("现行版次")
    withdrawn_at = models.DateTimeField("下线时间", null=True)

    class Meta:
        verbose_name = "应用包"
        verbose_name_plural = "应用包"
        ordering: ClassVar[list[str]] = ["place", "id"]

    def __str__(self) -> str:
        return self.id


class PackageVersion(models.Model):
    """One version as it was installed, told apart by the digest of its files. `content` holds its pages, texts,
    checklist, demonstration rows and scenarios; what its other parts became stands with the modules that own them."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "package": "public",
        "number": "public",
        "digest": "public",
        "manifest": "public",
        "content": "internal",
        "files": "internal",
        "summaries": "internal",
        "accepted": "internal",
        "installed_at": "internal",
        "installed_by": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    package = models.ForeignKey(
        ApplicationPackage, on_delete=models.PROTECT, related_name="versions", verbose_name="应用包"
    )
    number = models.PositiveIntegerField("版次")
    digest = models.CharField("摘要值", max_length=64)
    manifest = models.JSONField("清单")
    content = models.JSONField("内容")
    files = models.JSONField("文件摘要值")
    summaries = models.JSONField("安装结果")
    accepted = ArrayField(models.CharField(max_length=80), verbose_name="已同意的权限")
    installed_at = models.DateTimeField("安装时间")
    installed_by = models.CharField("安装人", max_length=120)

    class Meta:
        verbose_name = "应用包版次"
        verbose_name_plural = "应用包版次"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["package", "number"], name="package_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.package_id} {self.number}"
