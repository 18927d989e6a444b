"""Where the day happens: the town of the cast, and some towns of each district, with a few grids of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from city1361.centres.demonstration.planning import Town
from city1361.centres.demonstration.terms import DayWords, Who
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

GRIDS = 12
DEPARTMENT = "city_management"  # the department of a district that the town hands over to
HANDLE, CHECK = organisations.PostFunction.HANDLE, organisations.PostFunction.CHECK


@dataclass(frozen=True, slots=True)
class Place:
    """A town with what a day needs of it: its grids, and the codes of the posts by who acts."""

    town: Town
    district: str
    grids: tuple[areas.GridPoint, ...]
    posts: dict[Who, str]


def places(words: DayWords, focus: str, seed: int) -> list[Place]:
    """The towns of the day, the same for the same seed. focus: the code of the town of the cast, or ''."""
    chosen = list(_chosen(words, focus, Random(seed)))  # noqa: S311 - chance for stories, not for secrets
    home = next((district for town, district in chosen if town.code == focus), None)
    share = words.shares if home else {"town": 0.0, "district": 0.0}
    near = [town for town, district in chosen if district == home and town.code != focus]
    far = len(chosen) - len(near) - bool(home)
    made = []
    for town, district in chosen:
        if town.code == focus:
            weight = share["town"] if far + len(near) else 1.0
        elif town in near:
            weight = share["district"] / len(near)
        else:
            weight = (1 - share["town"] - share["district"]) / far
        made.append(_place(town, district, weight, str(seed)))
    return [place for place in made if place is not None]


def _chosen(words: DayWords, focus: str, random: Random) -> Iterator[tuple[areas.AreaBrief, areas.AreaBrief]]:
    """(town, its district): the town of the cast first in its district, then towns drawn by chance."""
    for district in areas.children(areas.city().id):
        towns = areas.children(district.id)
        own = [town for town in towns if town.code == focus]
        others = [town for town in towns if town.code != focus]
        for town in own + random.sample(others, min(words.towns_a_district, len(others))):
            yield town, district


def _place(town: areas.AreaBrief, district: areas.AreaBrief, weight: float, salt: str) -> Place | None:
    """None where somebody who is needed has no post, or no grid has a point."""
    grids = tuple(areas.sample_grids(town.id, GRIDS, salt))
    handlers = [post.code for post in organisations.posts_in(town.id, HANDLE)]
    if not grids or len(handlers) < 2:
        return None
    handlers.sort(key=lambda code: "law_enforcement" not in code)
    codes = {
        Who.TOWN_DUTY: f"{town.code}/command_centre/duty",
        Who.TOWN_CHECK: f"{town.code}/command_centre/check",
        Who.GRID_WORKER: f"{town.code}/command_centre/grid_worker",
        Who.HANDLER: handlers[0],
        Who.OTHER_HANDLER: handlers[1],
        Who.DISTRICT_DUTY: f"{district.code}/command_centre/duty",
        Who.DISTRICT_CHECK: f"{district.code}/command_centre/check",
        Who.DISTRICT_HANDLER: f"{district.code}/{DEPARTMENT}/handle",
        Who.CITY_CHECK: f"{areas.city().code}/command_centre/check",
    }
    return Place(Town(town.code, weight, len(grids)), district.code, grids, codes)
