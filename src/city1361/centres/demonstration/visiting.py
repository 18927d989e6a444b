"""Return visits to the matters of the demonstration that were closed before anybody looked: what citizens say of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

from django.conf import settings

from city1361 import configuration
from city1361.base.database import api as database
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Problem
from city1361.centres.demonstration import reading
from city1361.centres.demonstration.people import People
from city1361.centres.demonstration.terms import DayWords
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api as supervision
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.standards.areas import api as areas

CHECK = "command_centre/check"
MOST = {"town": 150, "district": 600, "city": 1_200}
LEFT_OUT, NOT_REACHED = 0.25, 0.1  # of the sample: still to be visited, and tried in vain


def generate(scale: str, report: Callable[[int, int], None]) -> None:
    """Visit most of the sample of this month and the last, as the city's checking post would. What was visited stays."""
    members = accounts.cast_members(configuration.shipped("demo"), settings.INSTANCE["code"])
    words, by = reading.day_words(), People(members).on(f"{areas.city().code}/{CHECK}")
    scope = registry.scope_of(by)
    this = execution.period_now(execution.PeriodKind.MONTH)
    last = execution.period_of(execution.PeriodKind.MONTH, this.first - timedelta(days=1))
    with database.scoped(scope):
        found = [
            one for period in (this, last)
            for one in supervision.to_visit(scope=scope, by=by, period=period.text, most=MOST[scale])
        ]  # fmt: skip
    for done, one in enumerate(found, 1):
        _visit(by, one, words)
        report(done, len(found))


def is_left_out(matter: UUID) -> bool:
    """Whether nobody visits this matter of the sample yet: always the same answer."""
    return Random(str(matter)).random() < LEFT_OUT  # noqa: S311 - chance for stories, not for secrets


def _visit(by: By, one: supervision.ToVisit, words: DayWords) -> None:
    if is_left_out(one.matter):
        return
    chance = Random(f"visit {one.matter}")  # noqa: S311 - chance for stories, not for secrets
    solved = chance.random() * 100 >= words.unsolved
    heard = supervision.Heard(reached=False)
    if chance.random() >= NOT_REACHED:
        grades = list(supervision.Satisfied)
        grade = chance.choices(grades, [78, 17, 5] if solved else [0, 20, 80])[0]
        said = chance.choice(words.words["solved" if solved else "unsolved"])
        heard = supervision.Heard(reached=True, contacted=True, solved=solved, satisfied=grade.value, words=said)
    try:
        supervision.visit_make(by=by, client_key=f"demonstration:{one.matter}", matter_id=one.matter, heard=heard)
    except Problem:
        return  # reopened or visited by somebody meanwhile
