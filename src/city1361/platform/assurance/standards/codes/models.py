"""Tables of code lists. The same code may stand in two kinds: (standard, kind, code) is what is unique."""

from typing import ClassVar

from django.db import models

from city1361.base.kernel.ids import new_id


class CodeList(models.Model):
    """One kind of codes of one standard."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "standard": "public",
        "kind": "public",
        "kind_name": "public",
        "title": "public",
        "valid_from": "public",
        "source": "public",
        "verified": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    standard = models.CharField("标准号", max_length=40)
    kind = models.CharField("类别", max_length=40)
    kind_name = models.CharField("类别名称", max_length=40)
    title = models.CharField("标准名称", max_length=120)
    valid_from = models.DateField("实施日期")
    source = models.CharField("来源", max_length=300)
    verified = models.BooleanField("已核对", default=False)

    class Meta:
        verbose_name = "代码表"
        verbose_name_plural = "代码表"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["standard", "kind"], name="code_list_once")
        ]

    def __str__(self) -> str:
        return f"{self.standard} {self.kind}"


class Code(models.Model):
    """A code of a list. `listed` is False once the list no longer carries it: old records still name it."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "list": "public",
        "standard": "public",
        "kind": "public",
        "code": "public",
        "name": "public",
        "class_name": "public",
        "verified": "public",
        "listed": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="codes")
    standard = models.CharField("标准号", max_length=40)
    kind = models.CharField("类别", max_length=40)
    code = models.CharField("代码", max_length=20)
    name = models.CharField("名称", max_length=120)
    class_name = models.CharField("大类名称", max_length=60)
    verified = models.BooleanField("已核对", default=False)
    listed = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = "代码"
        verbose_name_plural = "代码"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["standard", "kind", "code"], name="code_once")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["kind", "code"], name="code_kind_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
