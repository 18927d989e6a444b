"""What stands beside a matter: numbers, keys, who reported, who takes part, what other systems call it."""

from typing import ClassVar

from django.db import models

from city1361.base.database.api import PersonalField
from city1361.base.kernel.ids import new_id
from city1361.centres.execution.models.matter import Matter
from city1361.centres.execution.terms import Participation


class MatterNumber(models.Model):
    """Readable numbers, unique over all months."""

    DATA: ClassVar[dict[str, str]] = {"number": "internal", "matter_id": "internal"}

    number = models.CharField("编号", max_length=40, primary_key=True)
    matter_id = models.UUIDField("事件")

    class Meta:
        verbose_name = "事件编号"
        verbose_name_plural = "事件编号"

    def __str__(self) -> str:
        return self.number


class MatterSerial(models.Model):
    """The last serial given out in a town on a day."""

    DATA: ClassVar[dict[str, str]] = {"pk": "internal", "town_id": "internal", "day": "internal", "last": "internal"}

    pk = models.CompositePrimaryKey("town_id", "day")
    town_id = models.UUIDField("镇街")
    day = models.DateField("日期")
    last = models.PositiveIntegerField("序号")

    class Meta:
        verbose_name = "事件序号"
        verbose_name_plural = "事件序号"

    def __str__(self) -> str:
        return f"{self.town_id} {self.day} {self.last}"


class ReportKey(models.Model):
    """A report that was taken in: the same key of the same account gets the same answer, never a second matter."""

    DATA: ClassVar[dict[str, str]] = {
        "pk": "internal",
        "account": "restricted personal",
        "client_key": "internal",
        "body_hash": "internal",
        "matter_id": "internal",
    }

    pk = models.CompositePrimaryKey("account", "client_key")
    account = models.UUIDField("账号")
    client_key = models.CharField("客户端键", max_length=64)
    body_hash = models.CharField("内容摘要", max_length=64)
    matter_id = models.UUIDField("事件")

    class Meta:
        verbose_name = "上报键"
        verbose_name_plural = "上报键"

    def __str__(self) -> str:
        return self.client_key


class MatterReporter(models.Model):
    """Who reported, kept apart from the matter: erasable, and closed to those who handle it (举报保护)."""

    DATA: ClassVar[dict[str, str]] = {
        "matter": "internal",
        "account": "restricted personal",
        "centre": "internal",
        "label": "internal",
        "name": "sensitive personal",
        "phone": "sensitive personal",
    }

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, primary_key=True, related_name="reporter")
    account = models.UUIDField("账号", null=True)
    centre = models.UUIDField("首接中心")
    label = models.CharField("称谓", max_length=80)
    name = PersonalField("姓名", purpose="execution.reporter_name", null=True)
    phone = PersonalField("联系电话", purpose="execution.reporter_phone", null=True)

    class Meta:
        verbose_name = "上报人"
        verbose_name_plural = "上报人"

    def __str__(self) -> str:
        return self.label


class MatterParticipant(models.Model):
    """An organisation that takes part: 主办, 协办, 知会."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "organisation": "internal",
        "post": "internal",
        "role": "internal",
        "since": "internal",
        "until": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="participants")
    organisation = models.ForeignKey(
        "platform_organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    post = models.ForeignKey(
        "platform_organisations.Post", on_delete=models.PROTECT, related_name="+", db_index=False, null=True
    )
    role = models.CharField("参与方式", max_length=12, choices=[(role.value, role.value) for role in Participation])
    since = models.DateTimeField("起始时间")
    until = models.DateTimeField("终止时间", null=True)

    class Meta:
        verbose_name = "参与机构"
        verbose_name_plural = "参与机构"

    def __str__(self) -> str:
        return f"{self.matter_id} {self.organisation_id} {self.role}"


class ExternalNumber(models.Model):
    """The number a matter has in another system, and what that system last said of it."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "internal",
        "matter": "internal",
        "system": "internal",
        "number": "internal",
        "status": "internal",
        "updated_at": "internal",
        "said_at": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="external_numbers")
    system = models.CharField("外部系统", max_length=32)
    number = models.CharField("外部编号", max_length=64)
    status = models.CharField("外部状态", max_length=40, blank=True)
    updated_at = models.DateTimeField("更新时间")
    said_at = models.DateTimeField("外部状态时间", null=True)

    class Meta:
        verbose_name = "外部编号"
        verbose_name_plural = "外部编号"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["system", "number"], name="external_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.number}"
