"""Tables of the log. The application inserts entries and personal parts; the rest it may only read (sql/)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EvidenceEntry(models.Model):
    """One entry: what was done, by whom, about what. Partitioned by month of `id`; never changed, never deleted."""

    DATA: ClassVar = {
        "id": "internal",
        "at": "internal",
        "action": "internal",
        "subject_kind": "internal",
        "subject_id": "internal",
        "canon": "restricted",
        "leaf": "public",
    }

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField("时间")
    action = models.CharField("操作", max_length=100)
    subject_kind = models.CharField("对象类别", max_length=60)
    subject_id = models.CharField("对象标识", max_length=100)
    canon = models.BinaryField("规范内容")
    leaf = models.BinaryField("叶哈希")

    class Meta:
        db_table = "base_evidence_entry"
        verbose_name = "存证条目"


class EvidencePersonal(models.Model):
    """The personal part of an entry, sealed, with the salt of its commitment. Erasing it leaves the tree valid."""

    DATA: ClassVar = {"entry_id": "internal", "salt": "restricted", "sealed": "sensitive personal"}

    entry_id = models.UUIDField(primary_key=True)
    salt = models.BinaryField("盐")
    sealed = models.BinaryField("密文")

    class Meta:
        db_table = "base_evidence_personal"
        verbose_name = "存证个人信息"


class PendingEvidence(models.Model):
    """A committed entry that has no place in the tree yet."""

    DATA: ClassVar = {"entry_id": "internal"}

    entry_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "base_evidence_pending"
        verbose_name = "待排序存证"


class EvidenceSequence(models.Model):
    """The place of an entry in the tree, from 0 on, without gaps."""

    DATA: ClassVar = {"seq": "public", "entry_id": "internal"}

    seq = models.BigIntegerField("序号", primary_key=True)
    entry_id = models.UUIDField("条目", unique=True)

    class Meta:
        db_table = "base_evidence_sequence"
        verbose_name = "存证序号"


class EvidenceTile(models.Model):
    """Up to 256 neighbouring hashes of one level of the tree."""

    DATA: ClassVar = {"level": "public", "position": "public", "sha256": "public", "sm3": "public"}

    pk = models.CompositePrimaryKey("level", "position")
    level = models.SmallIntegerField("层")
    position = models.BigIntegerField("位置")
    sha256 = models.BinaryField("SHA-256哈希")
    sm3 = models.BinaryField("SM3哈希")

    class Meta:
        db_table = "base_evidence_tile"
        verbose_name = "存证哈希块"


class EvidenceHead(models.Model):
    """A signed statement: at this size and time the tree had these roots, and it follows from that head."""

    DATA: ClassVar = {
        "size": "public",
        "at": "public",
        "root_sha256": "public",
        "root_sm3": "public",
        "previous": "public",
        "key": "public",
        "signature": "public",
    }

    size = models.BigIntegerField("条目数", primary_key=True)
    at = models.DateTimeField("时间")
    root_sha256 = models.BinaryField("SHA-256树根")
    root_sm3 = models.BinaryField("SM3树根")
    previous = models.BinaryField("上一树头哈希")
    key = models.BinaryField("公钥")
    signature = models.BinaryField("签名")

    class Meta:
        db_table = "base_evidence_head"
        verbose_name = "存证树头"
