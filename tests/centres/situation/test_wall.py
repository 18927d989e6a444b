"""The wall of the city, a district and a town: the numbers of the boards, one's own area alone, nothing of persons."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import shapely

from city1361 import configuration
from city1361.base.kernel import clock
from city1361.base.outbox.ticket import verify
from city1361.centres.execution import api as execution
from city1361.centres.situation import api, layout
from tests import cast
from tests.centres.execution import matters

pytestmark = pytest.mark.django_db

WORDS = "井盖破损，车轮会陷进去。已摆警示牌"
PLACE = "中山路12号门前"


def page(address: str, who: str = cast.TOWN_DUTY_OFFICER) -> Any:
    return cast.client(who).get(address)


def told(address: str, who: str = cast.TOWN_DUTY_OFFICER) -> str:
    answer = page(address, who)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def number(text: str, label: str) -> str:
    """The number that stands beside a label in the strip of numbers."""
    strip = text[text.index('id="wall-kpis"') : text.index('id="wall-map"')]
    found = re.search(rf"<span>{label}</span><b class=\"number\">([^<]+)</b>", strip)
    assert found, label
    return found[1]


def test_each_level_shows_the_numbers_of_the_boards_and_every_number_opens_its_rows() -> None:
    matters.closed()
    matters.handling()
    matters.reported()
    api.fold()
    for who, address in (
        (cast.TOWN_DUTY_OFFICER, "/wall/"),
        (cast.CITY_DUTY_OFFICER, "/wall/"),
        (cast.CITY_DUTY_OFFICER, "/wall/119901/"),
    ):
        text = told(address, who)
        figures = page("/api/v1/figures/?codes=in_hand&codes=overdue", who).json()["figures"]
        values = {one["code"]: one["value"] for one in figures}
        assert int(number(text, "在办数")) == values["in_hand"] == 2
        assert int(number(text, "超时未结数")) == values["overdue"] == 0
        assert (number(text, "上报数"), number(text, "办结数")) == ("3", "1")
        for code in ("reported_count", "in_hand", "overdue", "closing", "solution", "in_handling", "closed_count"):
            assert f"/situation/figures/{code}/?area=" in text, code
    city = told("/wall/", cast.CITY_DUTY_OFFICER)
    assert 'href="/wall/119901/' in city
    assert "<path" in city
    assert "中心城区" in city
    assert "尚无声明的数据" in city
    assert "示例" in city
    district = told("/wall/119901/?map=in_hand", cast.CITY_DUTY_OFFICER)
    assert re.search(r'href="/wall/119901001/\?map=in_hand"', district)


def test_a_wall_shows_its_own_area_alone() -> None:
    matters.reported()
    api.fold()
    assert WORDS[:4] in told("/wall/")
    sibling = told("/wall/", cast.SIBLING_DUTY_OFFICER)
    assert number(sibling, "上报数") == "0"
    assert WORDS[:4] not in sibling
    assert page("/wall/119901001/", cast.SIBLING_DUTY_OFFICER).status_code == 404
    assert page("/wall/119901/").status_code == 404
    assert page("/wall/119900/").status_code == 404
    assert page("/wall/000000/").status_code == 404
    assert page("/wall/", cast.RESIDENT).status_code == 404


def test_a_ticket_hears_of_the_area_of_the_wall_only() -> None:
    from django.conf import settings

    key = bytes.fromhex(settings.LIVE_KEY)
    heard = {}
    for who in (cast.TOWN_DUTY_OFFICER, cast.CITY_DUTY_OFFICER):
        ticket = re.search(r'data-ticket="([^"]+)"', told("/wall/", who))
        assert ticket
        topics = verify(key, ticket[1]).topics
        heard[who] = {topic for topic in topics if not topic.startswith("ended:")}
        assert topics - heard[who] == {f"ended:{cast.by(who).account}"}
    matter = matters.reported()
    event = execution.MatterChanged(
        matter.id, matter.number, 1, execution.Step.REPORT, matter.state, matter.place.district.id, matter.place.town.id
    )
    assert heard[cast.TOWN_DUTY_OFFICER] == {f"area:{matter.place.town.id}"} <= set(event.topics())
    assert heard[cast.CITY_DUTY_OFFICER] == {execution.WHOLE_CITY} <= set(event.topics())


def test_visitors_see_no_words_places_units_or_rows() -> None:
    matter = matters.handling()
    api.fold()
    usual, visited = told("/wall/"), told("/wall/?visitors=1")
    assert str(matter.id) in usual
    for hidden in (str(matter.id), WORDS[:4], PLACE, "/desk/", "/situation/figures/"):
        assert hidden not in visited, hidden
    assert matter.type.name in visited
    assert number(visited, "在办数") == number(usual, "在办数")
    assert re.search(r'href="/wall/119901001/\?map=in_hand&amp;visitors=1"', visited)


def test_what_is_late_stands_first_and_old_numbers_say_so() -> None:
    matters.handling()
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        text = told("/wall/")
        assert "数据未更新，截至" in text
        assert number(text, "在办数") == "0"
    api.fold()
    fresh = told("/wall/")
    assert "数据未更新" not in fresh
    assert "没有超时未结的事件" in fresh


def test_the_address_holds_what_is_shown() -> None:
    text = told("/wall/?map=overdue&period=2026-W10")
    assert re.search(r'href="[^"]*map=overdue[^"]*" aria-current="true"', text)
    assert "period=2026-W10" in text
    assert page("/wall/?map=nonsense&period=2026-99").status_code == 200


def test_a_layout_with_a_board_twice_is_refused(tmp_path: Any) -> None:
    assert layout.check_wall(tmp_path) == []
    (tmp_path / "wall.yaml").write_text("boards:\n  - {code: a, name: 甲板块}\n  - {code: a, name: 乙板块}\n", "utf-8")
    assert [one.code for one in layout.check_wall(tmp_path)] == ["repeated_board"]


def test_visitors_are_not_told_of_a_sensitive_matter_whoever_shows_the_wall() -> None:
    matter = matters.reported()
    execution.matter_admit(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=matter.version,
        handler_post=matters.handler_post(), sensitive=["未成年人"],
    )  # fmt: skip
    for who in (cast.TOWN_DUTY_OFFICER, cast.DISTRICT_DUTY_OFFICER, cast.CITY_DUTY_OFFICER, cast.TOWN_HANDLER):
        answer = page("/wall/?visitors=1", who)
        assert answer.status_code in (200, 404), who
        assert matter.type.name not in answer.content.decode().split('id="wall-latest"')[-1].split("</section>")[0]


class TestRivers:
    """A river declared by the instance is sketched on the city's wall, and where it comes from is said."""

    RIVERS = "rivers:\n  - {name: 长江, file: boundaries/rivers.geojson, source: Natural Earth}\n"

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "boundaries").mkdir()
        (tmp_path / "wall.yaml").write_text(self.RIVERS, "utf-8")
        return tmp_path

    def river(self, folder: Path, geometry: object, name: str = "长江") -> None:
        content = {"features": [{"properties": {"name": name}, "geometry": geometry}]}
        (folder / "boundaries" / "rivers.geojson").write_text(json.dumps(content), "utf-8")

    @pytest.mark.parametrize(
        "geometry",
        [None, {"type": "Point", "coordinates": [106, 29]}, {"type": "LineString", "coordinates": "x"}, 7],
    )
    def test_a_file_without_its_line_is_refused(self, folder: Path, geometry: object) -> None:
        assert [one.code for one in layout.check_wall(folder)] == ["river_missing"]
        self.river(folder, geometry)
        assert [one.code for one in layout.check_wall(folder)] == ["river_missing"]

    def test_it_is_drawn_within_the_city_alone_and_on_no_other_wall(self, folder: Path) -> None:
        self.river(folder, {"type": "LineString", "coordinates": [[106.4, 29.4], [106.5, 29.5], [106.6, 29.5]]})
        layout.load_wall(folder)
        city = told("/wall/", cast.CITY_DUTY_OFFICER)
        drawn = re.search(r'<g class="map-rivers"[^>]*clip-path="url\(#map-inside\)"><path d="(M[^"]+)"', city)
        assert drawn
        assert "Natural Earth" in city
        assert "map-rivers" not in told("/wall/", cast.DISTRICT_DUTY_OFFICER)

    def test_the_yangtze_of_chongqing_runs_where_its_towns_lie(self) -> None:
        declared = layout.read_wall(Path(configuration.shipped("instances")) / "chongqing").rivers
        line = shapely.LineString(declared[0].points)
        for lon, lat in [(106.591, 29.562), (107.394, 29.707), (108.413, 30.807), (109.884, 31.067)]:  # GCJ-02
            assert line.distance(shapely.Point(lon, lat)) * 111 < 8
