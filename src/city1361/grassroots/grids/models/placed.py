"""The columns that row security asks of a row."""

from django.db import models

PLACED = {
    "city_id": "internal",
    "district_id": "internal",
    "town_id": "internal",
    "village_id": "internal",
    "grid_id": "internal",
}


class Placed(models.Model):
    """Where something stands in the governing tree, from the city down to its grid."""

    city_id = models.UUIDField("城市")
    district_id = models.UUIDField("区县")
    town_id = models.UUIDField("镇街")
    village_id = models.UUIDField("村社区", null=True)
    grid_id = models.UUIDField("网格")

    class Meta:
        abstract = True
