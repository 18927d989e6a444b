"""What a city and a town declare: the item list, kinds of grids, teams, micro-grids."""

from typing import ClassVar

from django.db import models

from city1361.base.kernel.ids import new_id
from city1361.grassroots.grids.models.placed import PLACED, Placed
from city1361.grassroots.grids.terms import GridKind, TeamRole


class GridRules(models.Model):
    """The grid item list of this city and the tags its people may carry: one row."""

    DATA: ClassVar[dict[str, str]] = {"id": "public", "edition": "public", "content": "public"}

    id = models.SmallIntegerField(primary_key=True, default=1)
    edition = models.UUIDField("版次")
    content = models.JSONField("内容")

    class Meta:
        verbose_name = "网格事项清单"
        verbose_name_plural = "网格事项清单"

    def __str__(self) -> str:
        return str(self.edition)


class GridProfile(Placed):
    """What is known of a grid beside its area."""

    DATA: ClassVar[dict[str, str]] = {**PLACED, "kind": "public", "purpose": "public", "synthetic": "internal"}

    grid_id = models.UUIDField("网格", primary_key=True)
    kind = models.CharField("网格类型", max_length=20, choices=[(one.value, one.value) for one in GridKind])
    purpose = models.CharField("说明", max_length=100, blank=True)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "网格档案"
        verbose_name_plural = "网格档案"

    def __str__(self) -> str:
        return str(self.grid_id)


class MicroGrid(Placed):
    """A part of a grid, such as a block of flats or a hamlet."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "name": "public",
        "place": "public",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("名称", max_length=60)
    place = models.PositiveSmallIntegerField("次序")
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "微网格"
        verbose_name_plural = "微网格"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["grid_id", "place"], name="micro_grid_place")
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(Placed):
    """Somebody of a grid's team who has no appointment in this system: a title, never a name."""

    DATA: ClassVar[dict[str, str]] = {
        **PLACED,
        "id": "internal",
        "role": "internal",
        "title": "internal",
        "micro_grid": "internal",
        "synthetic": "internal",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    role = models.CharField("队伍角色", max_length=20, choices=[(one.value, one.value) for one in TeamRole])
    title = models.CharField("称谓", max_length=60)
    micro_grid = models.ForeignKey(MicroGrid, on_delete=models.PROTECT, related_name="team", null=True)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "网格力量"
        verbose_name_plural = "网格力量"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["grid_id"], name="team_member_grid")]

    def __str__(self) -> str:
        return self.title
