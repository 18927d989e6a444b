"""Tables of areas. An area keeps its id whatever happens to its code, its name or its place.

Periods are half open: [valid_from, valid_to). Areas are public facts; no row security stands on them. `declared` rows
come from the instance folder, which replaces them when it is loaded again; the others were made by actions.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q

from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.fields import PolygonField
from city1361.platform.assurance.standards.areas.terms import AreaKind, ChangeKind, Tree

LEVELS = [(level.value, level.value) for level in Level]


class Area(models.Model):
    """A city, district, town, village or grid. The id derives from the instance's namespace and the first code."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "level": "public",
        "kind": "public",
        "name": "public",
        "short_name": "public",
        "synthetic": "public",
    }

    id = models.UUIDField(primary_key=True, editable=False)
    level = models.CharField("层级", max_length=16, choices=LEVELS)
    kind = models.CharField("类别", max_length=32, choices=[(kind.value, kind.value) for kind in AreaKind])
    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=50)
    synthetic = models.BooleanField("合成数据", default=False)

    class Meta:
        verbose_name = "区域"
        verbose_name_plural = "区域"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["level", "name"], name="area_level_name")]

    def __str__(self) -> str:
        return self.name


class AreaCode(models.Model):
    """A code an area bore for a time. `approximate`: the source leaves open whether it still holds."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "area": "public",
        "system": "public",
        "code": "public",
        "valid_from": "public",
        "valid_to": "public",
        "source": "public",
        "approximate": "public",
        "declared": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="codes")
    system = models.CharField("编码体系", max_length=40)
    code = models.CharField("代码", max_length=32)
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True)
    source = models.CharField("来源", max_length=300)
    approximate = models.BooleanField("近似", default=False)
    declared = models.BooleanField("来自实例目录", default=False)

    class Meta:
        verbose_name = "区域代码"
        verbose_name_plural = "区域代码"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="area_code_begins_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="area_code_open_once"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_code_period"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class AreaPlacement(models.Model):
    """The place of an area in one of the two trees for a time."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "area": "public",
        "parent": "public",
        "tree": "public",
        "valid_from": "public",
        "valid_to": "public",
        "source": "public",
        "approximate": "public",
        "declared": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="placements", db_index=False)
    parent = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="placed")
    tree = models.CharField("体系", max_length=16, choices=[(tree.value, tree.value) for tree in Tree])
    valid_from = models.DateField("启用日期")
    valid_to = models.DateField("停用日期", null=True)
    source = models.CharField("来源", max_length=300)
    approximate = models.BooleanField("近似", default=False)
    declared = models.BooleanField("来自实例目录", default=False)

    class Meta:
        verbose_name = "区域隶属"
        verbose_name_plural = "区域隶属"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "tree", "valid_from"], name="area_placement_begins_once"),
            models.UniqueConstraint(
                fields=["area", "tree"], condition=Q(valid_to=None), name="area_placement_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="area_placement_period"
            ),
            models.CheckConstraint(condition=~Q(area=F("parent")), name="area_placement_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.tree} {self.valid_from}"


class AreaChange(models.Model):
    """What happened to an area on a day: the edge from what was to what came after."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "area": "public",
        "kind": "public",
        "origin": "public",
        "destination": "public",
        "on": "public",
        "source": "public",
        "approximate": "public",
        "declared": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="changes", db_index=False)
    kind = models.CharField("变更", max_length=16, choices=[(kind.value, kind.value) for kind in ChangeKind])
    origin = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True)
    destination = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", null=True)
    on = models.DateField("生效日期")
    source = models.CharField("来源", max_length=300)
    approximate = models.BooleanField("近似", default=False)
    declared = models.BooleanField("来自实例目录", default=False)

    class Meta:
        verbose_name = "区划变更"
        verbose_name_plural = "区划变更"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "kind", "on"], name="area_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.kind} {self.on}"


class AreaShape(models.Model):
    """A ring of an area's outline; an area of several parts has several rows. `place` numbers them from 0."""

    DATA: ClassVar[dict[str, str]] = {
        "id": "public",
        "area": "public",
        "place": "public",
        "level": "public",
        "ring": "public",
        "crs": "public",
        "synthetic": "public",
        "approximate": "public",
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="shapes", db_index=False)
    place = models.SmallIntegerField("序号")
    level = models.CharField("层级", max_length=16, choices=LEVELS)
    ring = PolygonField("边界")
    crs = models.CharField("坐标系", max_length=16)
    synthetic = models.BooleanField("合成数据", default=False)
    approximate = models.BooleanField("近似", default=False)

    class Meta:
        verbose_name = "区域边界"
        verbose_name_plural = "区域边界"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["area", "place"], name="area_shape_place_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            GistIndex(fields=["ring"], opclasses=["poly_ops"], condition=Q(level="grid"), name="area_shape_grid_ring")
        ]

    def __str__(self) -> str:
        return f"{self.area_id}/{self.place}"


class AreaLineage(models.Model):
    """Everything above an area in the governing tree of today, flat. Rebuilt as a whole; read by everybody."""

    DATA: ClassVar[dict[str, str]] = {
        "area": "public",
        "level": "public",
        "city_id": "public",
        "district_id": "public",
        "town_id": "public",
        "village_id": "public",
        "grid_id": "public",
        "code": "public",
        "path_names": "public",
    }

    area = models.OneToOneField(Area, on_delete=models.PROTECT, primary_key=True, related_name="lineage")
    level = models.CharField("层级", max_length=16, choices=LEVELS)
    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县", null=True)
    town_id = models.UUIDField("镇街", null=True)
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格", null=True)
    code = models.CharField("代码", max_length=32)
    path_names = models.CharField("名称路径", max_length=300)

    class Meta:
        verbose_name = "区域谱系"
        verbose_name_plural = "区域谱系"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["level", "district_id"], name="area_lineage_district"),
            models.Index(fields=["level", "town_id"], name="area_lineage_town"),
            models.Index(fields=["level", "village_id"], name="area_lineage_village"),
            models.Index(fields=["code"], name="area_lineage_code"),
        ]

    def __str__(self) -> str:
        return self.path_names
