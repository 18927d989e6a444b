"""Doing a deed: the action a person would take, by the one who holds the post, with a key so that it is done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.centres.command import api as command
from city1361.centres.demonstration.people import People
from city1361.centres.demonstration.places import Place
from city1361.centres.demonstration.terms import Deed, Thread, Who
from city1361.centres.execution import api as execution
from city1361.centres.supervision import api as supervision
from city1361.platform.assurance.standards.organisations import api as organisations

Step = execution.Step
COMING_IN = timedelta(minutes=25)


@dataclass(frozen=True, slots=True)
class Doing:
    """A deed on its way: by whom, on which matter, under which key."""

    by: By
    matter: execution.MatterView
    key: str
    deed: Deed
    place: Place

    def said(self, name: str = "text") -> str:
        return self.deed.told.get(name, "")

    def post(self, who: Who) -> UUID:
        return organisations.post_by_code(self.place.posts[who]).id


class Company:
    """The people in their places, who do what the plan says."""

    def __init__(self, people: People, places: Mapping[str, Place], system: str) -> None:
        self.people, self.places, self.system = people, places, system

    def report(self, thread: Thread) -> UUID:
        """Report the matter of a thread, once however often it is asked. Raises what the action raises."""
        place = self.places[thread.town]
        point = place.grids[thread.place]
        given: dict[str, Any] = {"area_id": point.grid, "lon": round(point.lon, 6), "lat": round(point.lat, 6)}
        if thread.channel == "hotline" and self.system:
            given["external_numbers"] = {self.system: f"YS{thread.key.removeprefix('day:').replace(':', '-')}"}
        made = execution.matter_report(
            by=self._acting(thread, Who.REPORTER), client_key=thread.key, matter_type=thread.matter_type,
            description=thread.description, urgency=thread.urgency, address=thread.address, **given,
        )  # fmt: skip
        return made.id

    def do(self, thread: Thread, number: int, matter_id: UUID) -> None:
        """The deed of that number. Raises what the action raises."""
        deed, by = thread.deeds[number], self._acting(thread, thread.deeds[number].who)
        scope = registry.scope_of(by)
        with database.scoped(scope):
            matter = execution.matter(scope=scope, by=by, matter_id=matter_id)
        DOING[deed.does](Doing(by, matter, f"{thread.key}:{number}", deed, self.places[thread.town]))

    def _acting(self, thread: Thread, who: Who) -> By:
        place = self.places[thread.town]
        if who is Who.REPORTER:
            if thread.channel == "resident":
                return self.people.resident(place.district)
            who = Who.GRID_WORKER if thread.channel == "grid" else Who.TOWN_DUTY
        area = place.grids[0].grid if who is Who.GRID_WORKER else None
        return self.people.on(place.posts[who], area)


def _step(act: Callable[..., object], *names: str, **fixed: Any) -> Callable[[Doing], None]:
    """An action of execution that is told `names` of what the deed says; `reason` is its text."""

    def do(doing: Doing) -> None:
        told = {name: doing.said("text" if name == "reason" else name) for name in names}
        act(by=doing.by, matter_id=doing.matter.id, expected_version=doing.matter.version, client_key=doing.key, **told, **fixed)  # fmt: skip

    return do


def _verify(doing: Doing) -> None:
    if doing.matter.state is execution.MatterState.VERIFYING:  # the process may have asked for nobody
        _step(execution.matter_verify, "text", passed=True)(doing)


def _to_handler(act: Callable[..., object], fallback: Who) -> Callable[[Doing], None]:
    def do(doing: Doing) -> None:
        to = Who(doing.said("to") or fallback)
        _step(act, "text", handler_post=doing.post(to))(doing)

    return do


def _designate(doing: Doing) -> None:
    party = f"post:{doing.post(Who(doing.said('to')))}"
    _step(execution.matter_designate, "reason", "clause", party=party)(doing)


def _whistle(doing: Doing) -> None:
    department = organisations.post_by_code(doing.place.posts[Who.DISTRICT_HANDLER]).organisation_id
    command.whistle_blow(
        by=doing.by, client_key=doing.key, called=[department], demand=doing.said(), matter_id=doing.matter.id
    )


def _answer(step: command.CallStep) -> Callable[[Doing], None]:
    def do(doing: Doing) -> None:
        scope = registry.scope_of(doing.by)
        with database.scoped(scope):
            box = command.of_matter(by=doing.by, scope=scope, matter_id=doing.matter.id)
            calls = [call for call in box.calls if call.organisation.id == doing.by.organisation]
        given = command.Answer(text=doing.said())
        if step is command.CallStep.ACCEPT:
            given = command.Answer(responder=doing.said(), arrive_by=clock.now() + COMING_IN)
        for call in calls[-1:]:
            command.call_answer(by=doing.by, call_id=call.id, step=step, given=given)

    return do


def _visit(doing: Doing) -> None:
    solved = doing.said("solved") == "True"
    heard = supervision.Heard(
        reached=True, contacted=True, solved=solved, satisfied="satisfied" if solved else "dissatisfied",
        words=doing.said(),
    )  # fmt: skip
    supervision.visit_make(by=doing.by, client_key=doing.key, matter_id=doing.matter.id, heard=heard)


DOING: Mapping[str, Callable[[Doing], None]] = {
    Step.VERIFY_PASS: _verify,
    Step.ADMIT: _to_handler(execution.matter_admit, Who.HANDLER),
    Step.REFUSE: _step(execution.matter_refuse, "reason"),
    Step.SEND_UP: _step(execution.matter_send_up, "reason"),
    Step.SEND_BACK: _step(execution.matter_send_back, "reason"),
    Step.ROUTE: _to_handler(execution.matter_route, Who.OTHER_HANDLER),
    Step.DESIGNATE: _designate,
    Step.ACKNOWLEDGE: _step(execution.matter_acknowledge, "text"),
    Step.REPORT_PROGRESS: _step(execution.matter_report_progress, "text"),
    Step.REQUEST_CLOSE: _step(execution.matter_request_close, "result", "text"),
    Step.CHECK_PASS: _step(execution.matter_check, "text", passed=True),
    Step.CHECK_FAIL: _step(execution.matter_check, "text", passed=False),
    Step.CLOSE: _step(execution.matter_close, "result", "text"),
    Step.AGREE: _step(execution.matter_agree, "satisfaction", "text"),
    Step.REOPEN: _step(execution.matter_reopen, "reason"),
    "whistle": _whistle,
    "look": _answer(command.CallStep.LOOK),
    "accept": _answer(command.CallStep.ACCEPT),
    "arrive": _answer(command.CallStep.ARRIVE),
    "help": _answer(command.CallStep.HELP),
    "visit": _visit,
}
