"""Who uploaded what, what it belongs to, and under which address its bytes lie."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from city1361.base.kernel.ids import new_id


class StoredFile(models.Model):
    """One upload. Its bytes may be shared with other uploads of the same content.

    account: who uploaded it; a value, since accounts belong to a higher floor. received_hash: SHA-256 of what was
    received, content and thumb: addresses in the store of what is served. owner_kind and owner_id say what it
    belongs to; empty until somebody links it. fingerprint: see decisions.fingerprint, as a signed number.
    """

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "account": "internal personal",
        "uploaded_at": "internal",
        "received_hash": "internal",
        "received_bytes": "internal",
        "content": "internal",
        "thumb": "internal",
        "media_type": "internal",
        "bytes": "internal",
        "width": "internal",
        "height": "internal",
        "fingerprint": "internal",
        "name": "sensitive personal",
        "purpose": "internal",
        "data_class": "internal",
        "owner_kind": "internal",
        "owner_id": "internal",
        "linked_at": "internal",
    }

    id = models.UUIDField("标识", primary_key=True, default=new_id)
    account = models.UUIDField("上传账号", null=True)
    uploaded_at = models.DateTimeField("上传时间")
    received_hash = models.CharField("收到内容的校验值", max_length=64)
    received_bytes = models.IntegerField("收到字节数")
    content = models.CharField("内容地址", max_length=64)
    thumb = models.CharField("缩略图地址", max_length=64, blank=True)
    media_type = models.CharField("文件类型", max_length=32)
    bytes = models.IntegerField("字节数")
    width = models.IntegerField("宽", null=True)
    height = models.IntegerField("高", null=True)
    fingerprint = models.BigIntegerField("图像指纹", null=True)
    name = models.CharField("文件名", max_length=120, blank=True)
    purpose = models.CharField("用途", max_length=40)
    data_class = models.CharField("数据分级", max_length=16)
    owner_kind = models.CharField("所属类别", max_length=40, blank=True)
    owner_id = models.CharField("所属对象", max_length=64, blank=True)
    linked_at = models.DateTimeField("关联时间", null=True)

    class Meta:
        verbose_name = "附件"
        verbose_name_plural = "附件"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_kind", "owner_id"], name="base_files_owner"),
            models.Index(fields=["account", "uploaded_at"], name="base_files_account_day"),
            models.Index(fields=["content"], name="base_files_content"),
            models.Index(fields=["thumb"], name="base_files_thumb"),
            models.Index(fields=["uploaded_at"], name="base_files_unlinked", condition=Q(owner_kind="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "account",
                "received_hash",
                "purpose",
                condition=Q(owner_kind=""),
                nulls_distinct=False,
                name="base_files_one_unlinked",
            ),
            models.CheckConstraint(
                condition=Q(owner_kind="", owner_id="", linked_at=None)
                | (~Q(owner_kind="") & ~Q(owner_id="") & Q(linked_at__isnull=False)),
                name="base_files_linked_or_not",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
