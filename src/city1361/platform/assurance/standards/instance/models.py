"""Which version of each part of the instance folder is loaded."""

from typing import ClassVar

from django.db import models


class LoadedSection(models.Model):
    """One section of the instance folder as it was last loaded: a digest that has not changed needs no second load."""

    DATA: ClassVar[dict[str, str]] = {
        "name": "public",
        "digest": "internal",
        "summary": "internal",
        "loaded_at": "internal",
    }

    name = models.CharField("分区", max_length=64, primary_key=True)
    digest = models.CharField("摘要值", max_length=64)
    summary = models.TextField("载入结果")
    loaded_at = models.DateTimeField("载入时间")

    class Meta:
        verbose_name = "实例分区"
        verbose_name_plural = "实例分区"

    def __str__(self) -> str:
        return self.name
