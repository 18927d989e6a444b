"""Steps that scenarios of application packages may take, and what is told of a matter after them.

Each is the step an official takes, through the same action. People are named by their user name in the demonstration's
cast: `handler_post: town_handler` is the post of that person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate, localtime

from city1361.base.database import api as database
from city1361.base.kernel import registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import reporting
from city1361.centres.execution.answers import AvailableStep
from city1361.centres.execution.decisions import NEEDS
from city1361.centres.execution.models import Matter, MatterStep
from city1361.centres.execution.packages import form_answers
from city1361.centres.execution.road import presuming
from city1361.centres.execution.steps import step_taking
from city1361.centres.execution.terms import Step
from city1361.platform.applications.packages import api as packages
from city1361.platform.assurance.standards.organisations import api as organisations

POSTS = ("handler_post", "lead_post", "own_post")
OFFICES = ("lower_centre", "party", "owner", "organisation")
REPORTED = frozenset({"type", "text", "urgency", "where", "answers"})


def register() -> None:
    """Called once, when all applications stand."""
    steps = [
        packages.ScenarioStep(step.value, frozenset((*needs, *may)) - {"photos"}, partial(_take, step))
        for step, (needs, may) in NEEDS.items()
    ]
    packages.register_scenario_steps(
        told,
        packages.ScenarioStep(Step.REPORT.value, REPORTED, _report),
        packages.ScenarioStep(Step.ANSWER_FORM.value, frozenset({"answers"}), _answer),
        packages.ScenarioStep("time_passes", frozenset(), _time_passes),
        *steps,
    )


def told(course: packages.Course) -> Mapping[str, Any]:
    """What is so after a step. Limits are of the running clocks; `due` is the total one."""
    with database.scoped(Scope.everything()):
        row = Matter.objects.select_related("type", "lead").get(pk=_matter(course).pk)
        steps = list(MatterStep.objects.filter(matter=row.id).order_by("version").values_list("step", flat=True))
    return {
        "state": row.state,
        "type": row.type_id,
        "package": row.type.package,
        "lead": row.lead.code.rpartition("/")[2] if row.lead else "",
        "result": row.result or row.requested_result,
        "steps": steps,
        "total_minutes": row.total_limit_minutes,
        "total_counting": row.total_counting,
        "stage_minutes": row.stage_limit_minutes,
        "due_moved": row.total_due_at != course.held["due"],
        "due": _due(course, row.total_due_at),
        "returned": row.returned_count,
        "reopened": row.reopened_count,
        "rework": row.rework_count,
        "form": row.form_key.rpartition(":")[2],
    }


def _due(course: packages.Course, due: datetime) -> str:
    """`day 0 15:00` is on the day the scenario began."""
    days = (localdate(due) - localdate(course.begun)).days
    return f"day {days} {localtime(due):%H:%M}"


def _report(course: packages.Course, by: By, given: Mapping[str, Any]) -> None:
    """where: the person of the cast in whose area it is; without one it is the reporter's own."""
    there = packages.acting(given["where"]) if "where" in given else by
    areas = sorted(registry.scope_of(there).areas)
    made = reporting.matter_report(
        by=by,
        client_key=str(new_id()),
        matter_type=str(given.get("type", "")),
        description=str(given.get("text", "")),
        urgency=str(given.get("urgency", "normal")),
        area_id=areas[0].id if areas else None,
        answers=given.get("answers"),
    )
    course.held |= {"matter": made.id, "due": made.total.due_at}


def _answer(course: packages.Course, by: By, given: Mapping[str, Any]) -> None:
    row = _matter(course)
    form_answers.matter_answer_form(
        by=by, matter_id=row.id, expected_version=row.version, answers=given.get("answers", {})
    )


def _time_passes(course: packages.Course, by: By, given: Mapping[str, Any]) -> None:
    """What the clock brings by itself: receipts that are presumed."""
    presuming.presume_acknowledgements()


def _take(step: Step, course: packages.Course, by: By, given: Mapping[str, Any]) -> None:
    """What the form of the step would send."""
    row = _matter(course)
    needs, may = NEEDS[step]
    answers = dict.fromkeys((*needs, *may), "") | {name: _value(name, value) for name, value in given.items()}
    answers |= {name: None for name in ("level", "satisfaction") if answers.get(name) == ""}
    described = AvailableStep(step, "", False, needs, tuple(name for name in may if name != "photos"))
    step_taking.take(by, row.id, described, step_taking.Told(row.version, str(new_id()), answers))


def _value(name: str, value: Any) -> Any:
    if name in POSTS:
        return str(organisations.post_by_code(packages.acting(str(value)).post).id)
    if name in OFFICES:
        return str(packages.acting(str(value)).organisation)
    return date.fromisoformat(str(value)) if name == "review_on" else value


def _matter(course: packages.Course) -> Matter:
    held: UUID | None = course.held.get("matter")
    if held is None:
        raise Invalid("nothing_reported", "情景还没有上报事件", where="when", remedy="先写report一步")
    with database.scoped(Scope.everything()):
        row = Matter.objects.filter(pk=held).first()
    if row is None:
        raise Missing()
    return row
