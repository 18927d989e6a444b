"""Synthetic matters in bulk: stories told in rows, set by set, each set once, with its digest in evidence."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import yaml
from django.conf import settings
from django.db import connection, models

from city1361 import configuration
from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.scope import Scope
from city1361.base.search import api as search
from city1361.centres.execution import queries
from city1361.centres.execution.decisions import matter_number
from city1361.centres.execution.demonstration import telling
from city1361.centres.execution.demonstration.synthesis import Vocabulary, story, vocabulary_from
from city1361.centres.execution.demonstration.telling import Told, Town
from city1361.centres.execution.listings.lists import SEARCH_KIND
from city1361.centres.execution.models import (
    ExternalNumber,
    Matter,
    MatterNumber,
    MatterParticipant,
    MatterReporter,
    MatterStep,
    ReportKey,
)
from city1361.centres.execution.reading import Read
from city1361.centres.execution.reporting import NOBODY
from city1361.centres.execution.steps import offering
from city1361.centres.execution.steps.walking import Walk
from city1361.centres.execution.terms import MatterState, Permission
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

COUNTS = {"town": 2_000, "district": 5_000, "city": 50_000}
SEED = 1361
BATCH = 100  # divides every count, so that a larger scale goes on behind a smaller one
GRIDS = 4_000
# Of the synthetic matters, how many lie in the town of the cast, and in its district beside it; the rest in the city.
SHARES = {"town": (0.6, 0.25), "district": (0.12, 0.88), "city": (0.02, 0.1)}

Report = Callable[[int, int], None]


def generate(scale: str, report: Report) -> None:
    """Bring the installation to the number of synthetic matters of `scale`. Goes on where it stopped."""
    demo_matters(COUNTS[scale], SEED, report, SHARES[scale])


def demo_matters(count: int, seed: int, progress: Report, shares: tuple[float, float] = SHARES["town"]) -> None:
    """Make synthetic matters until there are `count`, in sets of 100.

    The same seed makes the same stories for the same day. A set is one transaction with one entry of evidence that
    holds its digest; a set that is there already is left as it is. progress(done, total) is called after each.
    """
    content = yaml.load((configuration.shipped("demo") / "matters.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    words, by = vocabulary_from(content), By.system("演示", channel="command")
    days = _days(content["days"])
    places = _places(content["focus"].get(settings.INSTANCE["code"], ""), seed, shares)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        matters_synthesise(by=by, words=words, days=days, places=places, name=f"demo:{seed}:{start}", size=size)
        progress(start + size, count)


@action(Permission.LOAD_DEMONSTRATION)
def matters_synthesise(
    *, by: By, words: Vocabulary, days: Sequence[date], places: _Places, name: str, size: int
) -> Outcome[int]:
    """One set of synthetic matters; 0 when it is there already. By the system only: it writes past every scope."""
    subject = Subject("demonstration", name)
    if ReportKey.objects.filter(account=NOBODY, client_key=name).exists():
        return Outcome(0, subject=subject, unchanged=True)
    told = _tell(words, days, places, Random(name), size)  # noqa: S311 - chance for stories, not for secrets
    digest = _digest(told)
    ReportKey.objects.create(account=NOBODY, client_key=name, body_hash=digest, matter_id=told[0].matter.id)
    walks = _standing([one.matter for one in told], by)
    _write(told)
    for walk in walks:
        walk.write()
    steps = sum(len(one.steps) for one in told)
    return Outcome(size, subject=subject, facts={"matters": size, "steps": steps, "sha256": digest, "synthetic": True})


class _Places:
    """Where synthetic matters happen: grids of three circles around the cast, each with its share."""

    def __init__(self, circles: Sequence[list[areas.GridPoint]], weights: Sequence[float]) -> None:
        held = [(circle, weight) for circle, weight in zip(circles, weights, strict=True) if circle]
        self.circles, self.weights = [circle for circle, _ in held], [weight for _, weight in held]
        self.towns = _towns({point.town for circle in self.circles for point in circle})

    def draw(self, random: Random) -> tuple[areas.GridPoint, Town]:
        while True:
            point = random.choice(random.choices(self.circles, self.weights)[0])
            if point.town in self.towns:
                return point, self.towns[point.town]


def _places(focus: str, seed: int, shares: tuple[float, float]) -> _Places:
    """The town of the cast, its district, the city. Without a town of the cast the whole city."""
    with database.scoped(Scope.everything()):
        salt, town = str(seed), areas.by_code(focus) if focus else None
        city = areas.sample_grids(areas.city().id, GRIDS, salt)
        if town is None:
            return _Places([city], [1.0])
        district = areas.lineage(town.id).district
        near = areas.sample_grids(district.id, GRIDS, salt) if district else []
        rest = max(0.0, 1 - sum(shares))
        return _Places([areas.sample_grids(town.id, GRIDS, salt), near, city], [*shares, rest])


def _towns(ids: Iterable[UUID]) -> dict[UUID, Town]:
    """The centre and the handling posts of each town, in two queries."""
    wanted = set(ids)
    centres = {
        row.area_id: row
        for row in organisations.Organisation.objects.filter(area__in=wanted, kind=organisations.COMMAND_CENTRE)
    }
    posts: dict[UUID, list[Any]] = {area: [] for area in wanted}
    for post in organisations.Post.objects.filter(organisation__area__in=wanted).select_related("organisation"):
        posts[post.organisation.area_id].append(post)
    return {area: town for area in sorted(centres) if (town := telling.town_of(centres[area], posts[area])) is not None}


def _days(count: int) -> list[date]:
    today = areas.today()
    return [today - timedelta(days=ago) for ago in range(count)]


def _tell(words: Vocabulary, days: Sequence[date], places: _Places, random: Random, size: int) -> list[Told]:
    teller = telling.teller(clock.now(), random)
    zone = ZoneInfo(settings.TIME_ZONE)
    told = []
    for _ in range(size):
        point, town = places.draw(random)
        told.append(teller.tell(story(random, words, days, teller.now, zone), point, town))
    _number(told, zone)
    return told


def _number(told: Sequence[Told], zone: ZoneInfo) -> None:
    """Numbers behind those given out already, in the order of the reports."""

    def place(one: Told) -> tuple[UUID, date]:
        return one.matter.town_id, one.matter.reported_at.astimezone(zone).date()

    needed = Counter(place(one) for one in told)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO centres_execution_matterserial AS serial (town_id, day, last)"
            " SELECT * FROM unnest(%s::uuid[], %s::date[], %s::int[])"
            " ON CONFLICT (town_id, day) DO UPDATE SET last = serial.last + excluded.last RETURNING town_id, day, last",
            [[town for town, _ in needed], [day for _, day in needed], list(needed.values())],
        )
        serials = {(town, day): last - needed[town, day] for town, day, last in cursor.fetchall()}
    prefix = queries.rules().number_prefix
    for one in sorted(told, key=lambda one: one.matter.reported_at):
        serials[place(one)] += 1
        one.matter.number = matter_number(prefix, one.town_code, place(one)[1], serials[place(one)])


def _digest(told: Sequence[Told]) -> str:
    """SHA-256 over every column of every row of the set, in order."""
    digest = hashlib.sha256()
    for one in told:
        for row in (one.matter, *one.steps):
            digest.update(repr(_values(row)).encode())
    return digest.hexdigest()


def _standing(rows: Sequence[Matter], by: By) -> list[Walk]:
    """The processes of what is still open, each begun where its matter stands, so that it is somebody's work."""
    everything, now = Scope.everything(), clock.now()
    walks = []
    for row in rows:
        state = MatterState(row.state)
        if state.is_open:
            walk = Walk(row, by, everything, now)
            walk.place(offering.facts(Read.alone(row)), state)
            walks.append(walk)
    return walks


def _write(told: Sequence[Told]) -> None:
    _copy(Matter, [one.matter for one in told])
    _copy(MatterStep, [step for one in told for step in one.steps])
    _copy(MatterNumber, [MatterNumber(number=one.matter.number, matter_id=one.matter.id) for one in told])
    _copy(MatterReporter, [one.reporter for one in told])
    _copy(MatterParticipant, [one.participant for one in told if one.participant])
    _copy(ExternalNumber, [one.external for one in told if one.external])
    search.index_many(
        SEARCH_KIND,
        [(one.matter.id, telling.words_of(one.matter, one.type_name), telling.keys_of(one.matter)) for one in told],
    )


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """COPY into a table of this transaction, then one INSERT: PostgreSQL refuses COPY into a table with row security."""
    fields = [str(field.column) for field in model._meta.concrete_fields]
    table, columns = model._meta.db_table, ", ".join(fields)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE staged ON COMMIT DROP AS SELECT {columns} FROM {table} WITH NO DATA")  # noqa: S608
        with cursor.copy(f"COPY staged ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(_values(row))
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM staged")  # noqa: S608
        cursor.execute("DROP TABLE staged")


def _values(row: models.Model) -> list[Any]:
    values = ((field, getattr(row, field.attname)) for field in row._meta.concrete_fields)
    return [json.dumps(value) if isinstance(field, models.JSONField) else value for field, value in values]
