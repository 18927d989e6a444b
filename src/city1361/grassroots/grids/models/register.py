"""People, houses and places of a grid. What identifies somebody is sealed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from city1361.base.database.api import BlindIndexField, PersonalField
from city1361.base.kernel.ids import new_id
from city1361.grassroots.grids.models.declared import MicroGrid
from city1361.grassroots.grids.models.placed import PLACED, Placed
from city1361.grassroots.grids.terms import PlaceKind


class Household(Placed):
    """A household. `number` is its place in the grid's register and tells nothing."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "number": "internal",
        "micro_grid": "internal",
        "address": "restricted personal",
        "address_index": "restricted personal",
        "contact": "sensitive personal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField("户号")
    micro_grid = models.ForeignKey(MicroGrid, on_delete=models.PROTECT, related_name="households", null=True)
    address = PersonalField("住址", purpose="grids.household_address")
    address_index = BlindIndexField("住址索引", of="address")
    contact = PersonalField("联系电话", purpose="grids.household_contact", null=True)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "户"
        verbose_name_plural = "户"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["grid_id", "number"], name="household_number")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["town_id"], name="household_town")]

    def __str__(self) -> str:
        return str(self.number)


class Person(Placed):
    """A resident. Opening a household shows its people and leaves evidence."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "household": "restricted personal",
        "name": "sensitive personal",
        "name_index": "sensitive personal",
        "phone": "sensitive personal",
        "phone_index": "sensitive personal",
        "tags": "sensitive personal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="people")
    name = PersonalField("姓名", purpose="grids.person_name")
    name_index = BlindIndexField("姓名索引", of="name")
    phone = PersonalField("电话", purpose="grids.person_phone", null=True)
    phone_index = BlindIndexField("电话索引", of="phone")
    tags = ArrayField(models.CharField(max_length=32), verbose_name="人员标签", default=list)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = "人员"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["grid_id"], name="person_grid")]

    def __str__(self) -> str:
        return str(self.id)


class KeyPlace(Placed):
    """A place or a facility that a grid looks after."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "kind": "internal",
        "name": "internal",
        "address": "internal",
        "contact": "sensitive personal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("类别", max_length=20, choices=[(one.value, one.value) for one in PlaceKind])
    name = models.CharField("名称", max_length=80)
    address = models.CharField("地址", max_length=120, blank=True)
    contact = PersonalField("联系电话", purpose="grids.place_contact", null=True)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "重点场所和设施"
        verbose_name_plural = "重点场所和设施"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["grid_id"], name="key_place_grid")]

    def __str__(self) -> str:
        return self.name
