"""The index. Its table belongs to the owner alone: the application comes in through three functions."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class SearchDocument(models.Model):
    """The text of one row of some module, as pieces. `keys` narrow a search to areas, organisations, accounts.

    `content` is folded text of the row and as sensitive as the row itself: nobody but the functions reads it.
    """

    DATA: ClassVar[dict[str, str]] = {
        "kind": "internal",
        "subject_id": "internal",
        "keys": "internal",
        "content": "sensitive personal",
        "document": "sensitive personal",
    }

    pk = models.CompositePrimaryKey("kind", "subject_id")
    kind = models.CharField("类别", max_length=40)
    subject_id = models.UUIDField("对象")
    keys = ArrayField(models.UUIDField(), verbose_name="范围")
    content = models.TextField("内容")
    document = SearchVectorField("索引")

    class Meta:
        verbose_name = "检索文档"
        verbose_name_plural = "检索文档"

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
