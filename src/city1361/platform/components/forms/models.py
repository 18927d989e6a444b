"""Forms and their versions: answers stay with the version they were given to."""

from typing import ClassVar

from django.db import models

from city1361.base.kernel.ids import new_id


class Form(models.Model):
    """A form by its key, `<package>:<name>`. `current` is the number of its version in force."""

    DATA: ClassVar[dict[str, str]] = {
        "key": "public",
        "package": "public",
        "current": "public",
        "withdrawn_at": "public",
    }

    key = models.CharField("编号", max_length=120, primary_key=True)
    package = models.CharField("应用包", max_length=80)
    current = models.PositiveIntegerField("现行版次")
    withdrawn_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "表单"
        verbose_name_plural = "表单"

    def __str__(self) -> str:
        return self.key


class FormVersion(models.Model):
    """One version of a form; it is never changed."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "form": "public",
        "number": "public",
        "content": "public",
        "made_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions", verbose_name="表单")
    number = models.PositiveIntegerField("版次")
    content = models.JSONField("内容")
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "表单版次"
        verbose_name_plural = "表单版次"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["form", "number"], name="form_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"
