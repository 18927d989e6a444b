"""What stands beside matters in the small world: whistles and tasks, notices, instructions, return visits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from city1361.base.kernel import clock
from city1361.base.kernel.ids import new_id
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast

# A right body for what would otherwise be judged before the thing is looked for, by the end of the address.
BODIES: dict[str, dict[str, Any]] = {
    "<uuidstr:matter_id>/followed/reopen": {"text": "又坏了"},
    "calls/<uuidstr:pk>/answer": {"step": "accept"},
    "calls/<uuidstr:pk>/follow": {"step": "call_off"},
    "calls/<uuidstr:pk>/dispatch": {"step": "stand_down"},
    "tasks/<uuidstr:pk>/do": {"step": "acknowledge"},
    "tasks/<uuidstr:pk>/follow": {"step": "take_back"},
}

KINDS = (
    "whistle",
    "call",
    "task",
    "notice",
    "instruction",
    "sheet",
    "return_visit",
    "rule_proposal",
    "rule_decision",
    "own_proposal",
)


def organisation(code: str) -> UUID:
    return organisations.organisation_by_code(code).id


def put(world: Any, matter: Any, place: str, officer: str, thing: Any) -> None:
    """One of each about `matter` of town `place`, made by its duty officer; `thing(id, areas, organisations)`."""
    from city1361.centres.command import api as command
    from city1361.centres.supervision import api as supervision

    by, above = cast.by(officer), areas.lineage(areas.by_code(place).id).ids
    centre, called = organisation(f"{place}/command_centre"), organisation(f"{place}/law_enforcement")
    lead = organisation(f"{place}/community")
    district, city = organisation("119901/command_centre"), organisation("119900/command_centre")
    key = {"by": by, "client_key": str(new_id())}

    def keep(kind: str, id: UUID, within: tuple[UUID, ...], *taking_part: UUID) -> None:
        world.things.setdefault(kind, []).append(thing(id, within, frozenset(taking_part)))

    task = command.task_give(**key, matter_id=matter.id, organisation=called, demand="清理现场")
    keep("task", task.id, above, centre, called)
    notice = supervision.notice_send(
        **key, matter_id=matter.id, target=lead, rung=supervision.Ladder.URGE, reason="请尽快"
    )
    keep("notice", notice.id, above, centre, lead)
    whistle = command.whistle_blow(**key, called=[called], demand="请到场", area_id=above[-1], title="积水")
    keep("whistle", whistle.id, above, centre, called, district)
    keep("call", whistle.calls[0].id, above, centre, called, district)
    leader = cast.by(cast.CITY_DUTY_OFFICER)
    made = supervision.instruction_issue(by=leader, client_key=str(new_id()), targets=[centre], text="请核查")
    keep("instruction", made.id, above[:1], city, centre)
    keep("sheet", made.sheets[0].id, above[:1], city, centre)
    keep("return_visit", _visit(matter, above, centre), above, centre)


def propose(world: Any, thing: Any) -> None:
    """A change of the city's rules: everybody with the permission reads it, the city decides, its proposer withdraws."""
    from city1361.platform.assurance.rules import api as rules

    made = rules.rule_propose(
        by=cast.by(cast.DATA_BUREAU), title="一般时限", reason="试", starts_on=areas.today(),
        changes=[rules.Change("duties", "*/示例清单·上级收回第5项/2020-01-01", None)],
    )  # fmt: skip
    city = (areas.city().id,)
    world.things["rule_proposal"] = [thing(made.id, city)]
    world.things["rule_decision"] = [thing(made.id, city)]
    world.things["own_proposal"] = [thing(made.id, city, reporter=made.proposer)]


def _visit(matter: Any, above: tuple[UUID, ...], visitor: UUID) -> UUID:
    """A visit that reached nobody, as its row."""
    from city1361.centres.supervision.models import ReturnVisit
    from tests.platform.assurance.security.access.world import unbounded

    columns = dict(zip(("city_id", "district_id", "town_id"), above, strict=True))
    row = ReturnVisit(
        matter_id=matter.id, matter_number=matter.number, title=matter.title, closed_at=clock.now(), visitor=visitor,
        visitor_name="中心", who="核查岗", at=clock.now(), reached=False, client_key=str(new_id()),
        organisations=[visitor], **columns,
    )  # fmt: skip
    unbounded(row.save)
    return row.id
