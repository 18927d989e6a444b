"""Definitions of processes and their versions, which are never changed."""

from typing import ClassVar

from django.db import models

from city1361.base.kernel.ids import new_id


class ProcessDefinition(models.Model):
    """A process by its key. `current` is the number of the version in which it starts now."""

    DATA: ClassVar[dict[str, str]] = {
        "key": "public",
        "title": "public",
        "package": "public",
        "current": "public",
        "withdrawn_at": "public",
    }

    key = models.CharField("编号", max_length=120, primary_key=True)
    title = models.CharField("名称", max_length=150)
    package = models.CharField("应用包", max_length=80, blank=True)
    current = models.PositiveIntegerField("现行版次")
    withdrawn_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "流程定义"
        verbose_name_plural = "流程定义"

    def __str__(self) -> str:
        return self.key


class ProcessVersion(models.Model):
    """One version: the diagram as it was drawn, and what it was compiled to. Instances finish on theirs."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "definition": "public",
        "number": "public",
        "digest": "public",
        "xml": "public",
        "compiled": "public",
        "published_at": "public",
        "published_by": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    definition = models.ForeignKey(ProcessDefinition, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版次")
    digest = models.CharField("内容摘要", max_length=64)
    xml = models.TextField("流程图")
    compiled = models.JSONField("编译结果")
    published_at = models.DateTimeField("发布时间")
    published_by = models.CharField("发布人", max_length=80)

    class Meta:
        verbose_name = "流程版次"
        verbose_name_plural = "流程版次"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["definition", "number"], name="process_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.number}"
