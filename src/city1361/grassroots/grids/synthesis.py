"""A synthetic register for one town's grids: invented households, people, teams and three tasks, all marked so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

from city1361 import configuration
from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.scope import Level
from city1361.grassroots.grids import asking, queries, work_items
from city1361.grassroots.grids.models import (
    GridProfile,
    GridTask,
    Household,
    KeyPlace,
    MicroGrid,
    Person,
    TeamMember,
)
from city1361.grassroots.grids.terms import GridKind, GridTaskState, Permission
from city1361.platform.assurance.standards.areas import api as areas

GRIDS = {"town": 24, "district": 24, "city": 24}
DAYS = 3

Report = Callable[[int, int], None]


def generate(scale: str, report: Report) -> None:
    """Fill the grids of the town of the cast. Goes on where it stopped: a grid with a profile is done."""
    words = yaml.load((configuration.shipped("demo") / "grids.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    code = words["focus"].get(settings.INSTANCE["code"])
    if code is None:
        return
    town = areas.by_code(code)
    by = By.system("演示", channel="command")
    grids = _grids(town.id)[: GRIDS[scale]]
    for place, grid in enumerate(grids, 1):
        grid_synthesise(by=by, grid_id=grid, words=words)
        report(place, len(grids))
    tasks_synthesise(by=by, town_id=town.id, words=words)


def _grids(town: UUID) -> list[UUID]:
    below = [area for village in areas.children(town) for area in areas.children(village.id)]
    return [area.id for area in sorted(below, key=lambda area: area.code) if area.level is Level.GRID]


@action(Permission.LOAD_DEMONSTRATION)
def grid_synthesise(*, by: By, grid_id: UUID, words: dict[str, Any]) -> Outcome[int]:
    """One grid's synthetic register; 0 when it has one."""
    subject = Subject("demonstration", f"grid:{grid_id}")
    if GridProfile.objects.filter(grid_id=grid_id).exists():
        return Outcome(0, subject=subject, unchanged=True)
    random = Random(str(grid_id))  # noqa: S311 - chance for invented people, not for secrets
    at = asking.columns(areas.lineage(grid_id)) | {"synthetic": True}
    special = random.random() < 0.12
    GridProfile.objects.create(
        **at,
        kind=GridKind.SPECIAL if special else GridKind.ORDINARY,
        purpose=random.choice(words["special"]) if special else "",
    )
    micro = MicroGrid.objects.bulk_create(
        MicroGrid(**at, name=words["block"].format(estate=random.choice(words["estates"]), place=place), place=place)
        for place in range(1, random.randint(3, 5))
    )
    TeamMember.objects.bulk_create(
        TeamMember(**at, role=one["role"], title=one["title"], micro_grid=None) for one in words["team"]
    )
    TeamMember.objects.bulk_create(
        TeamMember(**at, role="other_force", title=words["micro_worker"], micro_grid=one) for one in micro
    )
    KeyPlace.objects.bulk_create(
        KeyPlace(**at, **one) for one in random.sample(words["places"], 3) + random.sample(words["facilities"], 2)
    )
    count = _people(at, micro, random, words)
    return Outcome(count, subject=subject, facts={"households": count, "synthetic": True})


def _people(at: dict[str, Any], micro: list[MicroGrid], random: Random, words: dict[str, Any]) -> int:
    households, people, tags = [], [], list(queries.tags())
    for number in range(1, random.randint(14, 22)):
        block = random.choice(micro)
        stair, floor, flat = random.randint(1, 3), random.randint(1, 11), random.randint(1, 4)
        door = words["door"].format(block=block.name, stair=stair, floor=floor, flat=flat)
        home = Household(**at, number=number, micro_grid=block, address=door, contact=_phone(random))
        households.append(home)
        alone = random.random() < 0.2
        surname = random.choice(words["surnames"])
        for place in range(1 if alone else random.randint(1, 4)):
            family = surname if place != 1 else random.choice(words["surnames"])
            carried = tags[:1] if alone else random.sample(tags, 1) if tags and random.random() < 0.06 else []
            name = family + random.choice(words["placeholders"])
            people.append(Person(**at, household=home, name=name, phone=_phone(random), tags=carried))
    Household.objects.bulk_create(households)
    Person.objects.bulk_create(people)
    return len(households)


def _phone(random: Random) -> str:
    """A number that no network gives out."""
    return f"100{random.randint(0, 99_999_999):08d}"


@action(Permission.LOAD_DEMONSTRATION)
def tasks_synthesise(*, by: By, town_id: UUID, words: dict[str, Any]) -> Outcome[int]:
    """A task of each of the first items of the list, and a temporary one that waits for the commander; once."""
    subject = Subject("demonstration", f"grid tasks:{town_id}")
    if GridTask.objects.filter(town_id=town_id, synthetic=True).exists():
        return Outcome(0, subject=subject, unchanged=True)
    now, town, made = clock.now(), areas.lineage(town_id), 0
    common = {
        **asking.town_columns(town), "asked_who": "演示", "asked_at": now, "synthetic": True,
    }  # fmt: skip
    for place, item in enumerate(queries.items()[:3], 1):
        row = GridTask.objects.create(
            **common, item=item.code, kind=item.kind.value, title=item.name, guidance=item.guidance, tag=item.tag,
            per_household=item.per_household, state=GridTaskState.RUNNING, due_at=now + timedelta(days=DAYS * place),
        )  # fmt: skip
        made += asking.enter(row)
    state, due_at = GridTaskState.REQUESTED, now + timedelta(days=DAYS)
    asked = GridTask.objects.create(**common, **words["temporary"], per_household=False, state=state, due_at=due_at)
    work_items.ask(by, asked)
    return Outcome(made, subject=subject, facts={"entries": made, "synthetic": True})
