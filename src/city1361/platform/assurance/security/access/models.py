"""Other applications that may use the API, and their tokens. No token is kept, only its digest."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Level


class Application(models.Model):
    """Another system that uses the API under its own name: one organisation's, in one area, for some permissions."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "code": "internal",
        "name": "internal",
        "organisation": "internal",
        "level": "internal",
        "area_id": "internal",
        "permissions": "internal",
        "added_at": "internal",
        "ended_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    organisation = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    level = models.CharField("层级", max_length=16, choices=[(level.value, level.value) for level in Level])
    area_id = models.UUIDField("区域")
    permissions = ArrayField(models.CharField(max_length=80), verbose_name="权限")
    added_at = models.DateTimeField("接入时间")
    ended_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "接入应用"
        verbose_name_plural = "接入应用"

    def __str__(self) -> str:
        return self.code


class ApplicationToken(models.Model):
    """A secret by which an application shows who it is, until it expires or is revoked."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "application": "internal",
        "digest": "restricted",
        "made_at": "internal",
        "expires_at": "internal",
        "revoked_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="tokens")
    digest = models.CharField("令牌摘要", max_length=64, unique=True)
    made_at = models.DateTimeField("生成时间")
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("撤销时间", null=True)

    class Meta:
        verbose_name = "应用令牌"
        verbose_name_plural = "应用令牌"

    def __str__(self) -> str:
        return str(self.id)
