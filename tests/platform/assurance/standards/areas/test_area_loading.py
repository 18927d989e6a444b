"""Loading areas again, and after the folder changed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from city1361.base.kernel.errors import Missing
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.areas.models import Area, AreaCode, AreaLineage, AreaPlacement, AreaShape

pytestmark = pytest.mark.django_db

TINY = Path(__file__).parents[5] / "instances" / "tiny"
TABLES = (Area, AreaCode, AreaPlacement, AreaShape, AreaLineage)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "tiny"))


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def _content() -> list[list[tuple[object, ...]]]:
    return [sorted(table.objects.values_list(), key=str) for table in TABLES]


def test_a_second_load_changes_nothing() -> None:
    before = _content()
    assert "改动0行" in areas.load_areas(TINY)
    assert _content() == before


def test_a_corrected_name_and_a_new_village_come_in_and_ids_stay(folder: Path) -> None:
    town = areas.by_code("119902100")
    _edit(folder / "areas/divisions.csv", "样板镇", "模范镇")
    with (folder / "areas/divisions.csv").open("a", encoding="utf-8") as file:
        file.write("119902100202,新村村民委员会,village,119902100\n")
    _edit(folder / "areas/areas.yaml", "total: 55", "total: 60")
    areas.load_areas(folder)
    assert areas.by_code("119902100").id == town.id
    assert areas.area(town.id).name == "模范镇"
    assert areas.subtree_counts() == {"district": 3, "town": 5, "village": 11, "grid": 60}


def test_a_corrected_date_of_a_change_replaces_the_old_periods(folder: Path) -> None:
    _edit(folder / "areas/areas.yaml", "effective: 2025-03-01", "effective: 2025-04-01")
    areas.load_areas(folder)
    assert areas.by_code("119903", date(2025, 3, 15)).name == "旧港区"
    periods = AreaPlacement.objects.filter(area__name="港湾街道", tree="governing").order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in periods] == [
        (date(2023, 6, 30), date(2025, 4, 1)),
        (date(2025, 4, 1), None),
    ]


def test_a_move_made_in_service_is_not_undone_by_the_folder(folder: Path) -> None:
    town, zone = areas.by_code("119902100"), areas.by_code("ZONE-HT")
    AreaPlacement.objects.filter(area=town.id, tree="governing").update(valid_to=date(2025, 6, 1))
    AreaPlacement.objects.create(
        area_id=town.id, parent_id=zone.id, tree="governing", valid_from=date(2025, 6, 1), source="市政府决定"
    )
    areas.load_areas(folder)
    assert areas.lineage(town.id).district == zone


def test_an_area_the_folder_no_longer_names_ends_today_and_is_not_deleted(folder: Path) -> None:
    gone = areas.by_code("119902100201")
    grid = areas.children(gone.id)[0]
    _edit(folder / "areas/divisions.csv", "119902100201,平坝村民委员会,village,119902100\n", "")
    areas.load_areas(folder)
    assert areas.area(gone.id).name == "平坝村民委员会"
    assert areas.by_code("119902100201", date(2025, 1, 1)).id == gone.id
    with pytest.raises(Missing):
        areas.by_code("119902100201")
    with pytest.raises(Missing):
        areas.lineage(grid.id)
    assert areas.subtree_counts()["grid"] == 55
