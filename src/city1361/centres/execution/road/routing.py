"""Hand-over between levels and departments: 分拨, 交办, 上送, 退回, 撤回, 指定管辖."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.calendar import api as calendar
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.centres.execution import clocks, decisions, inputs, laid_down
from city1361.centres.execution.answers import MatterView
from city1361.centres.execution.models import HandOver, Matter, MatterParticipant, MatterStep
from city1361.centres.execution.road import duties, exclusions, handing, receivers
from city1361.centres.execution.road.receivers import Receiver
from city1361.centres.execution.road.rulings import keep_ruling
from city1361.centres.execution.steps.recording import Said
from city1361.centres.execution.steps.taking import take
from city1361.centres.execution.terms import (
    ExclusionKind,
    HandOverKind,
    MatterState,
    Participation,
    Permission,
    Step,
)
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api as processes


@action(Permission.ROUTE_MATTER)
def matter_route(
    *, by: By, matter_id: UUID, expected_version: int, handler_post: UUID, text: str = "", client_key: str = ""
) -> Outcome[MatterView]:
    """横向分拨: to a handling post of an organisation of the same level. Raises Invalid, Conflict, Refused, Stale."""
    said = Said(inputs.text(text), client_key=client_key, facts={"handler_post": str(handler_post)})

    def change(row: Matter, now: datetime) -> None:
        to = receivers.handler(row.current_centre_id, handler_post)
        handing.give(row, HandOverKind.ROUTED, to, by, now, reason=said.text)

    return take(by, matter_id, expected_version, Step.ROUTE, said=said, change=change, after=handing.receipt)


@action(Permission.ASSIGN_MATTER)
def matter_assign(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    lower_centre: UUID,
    lead_post: UUID | None = None,
    text: str = "",
    client_key: str = "",
) -> Outcome[MatterView]:
    """纵向交办: to the centre below. Refused, with the clause, for what the duty list took back from the towns; for what
    a town only assists with, a department of this level leads (`lead_post`) and the town's centre assists."""
    facts = {"lower_centre": str(lower_centre), **({"lead_post": str(lead_post)} if lead_post else {})}
    said = Said(inputs.text(text), client_key=client_key, facts=facts)

    def change(row: Matter, now: datetime) -> None:
        centre = receivers.lower_centre(row, lower_centre)
        assists = duties.check_assignment(row, centre, lead_given=lead_post is not None)
        if not assists:
            _not_round(row, centre.id)
            handing.give(row, HandOverKind.ASSIGNED, Receiver(centre), by, now, reason=said.text)
            return
        if lead_post is None:
            raise TypeError("`check_assignment` asks for the department that leads")
        department = receivers.handler(row.current_centre_id, lead_post)
        handing.give(row, HandOverKind.ASSIGNED, department, by, now, reason=said.text)
        _assist(row, centre.id, now)

    return take(by, matter_id, expected_version, Step.ASSIGN, said=said, change=change, after=handing.receipt)


def _not_round(row: Matter, centre: UUID) -> None:
    """What a centre sent up does not come back by assigning it: that is a return, and is counted as one."""
    last = HandOver.objects.filter(matter=row.id, kind=HandOverKind.SENT_UP.value).order_by("-id").first()
    if last is not None and last.given_by == centre and not row.designated:
        raise Conflict(
            "assigned_in_a_circle",
            "此事件由该中心上送，不能再交办给它",
            where="lower_centre",
            remedy="如认为应由该中心办理，请“退回”并说明理由，或提请指定管辖",
        )


def _assist(row: Matter, organisation: UUID, now: datetime) -> None:
    """协办: takes part and sees the matter."""
    MatterParticipant.objects.create(
        matter=row, organisation_id=organisation, role=Participation.ASSIST.value, since=now
    )
    row.organisations = list(dict.fromkeys([*row.organisations, organisation]))


@action(Permission.SEND_UP_MATTER)
def matter_send_up(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """上送: to the centre above, with a reason."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        upper = receivers.upper_centre(row.current_centre_id)
        if upper is None:
            raise Conflict("no_upper_centre", "没有上一级治理中心", where="step", remedy="请在本级分拨或交办")
        if row.handed_by == upper.id:
            raise Conflict(
                "sent_up_in_a_circle",
                "此事件由上一级中心交办，不能再上送给它",
                where="step",
                remedy="如不应由本级办理，请“退回”并说明理由",
            )
        handing.give(row, HandOverKind.SENT_UP, Receiver(upper), by, now, reason=said.text)

    return take(by, matter_id, expected_version, Step.SEND_UP, said=said, change=change, after=handing.receipt)


@action(Permission.SEND_BACK_MATTER)
def matter_send_back(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """退回, with a reason, to who gave it. The second return brings the ruling of the centre above the first receiver."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        row.returned_count += 1
        row.disputed_since = row.disputed_since or now
        row.ruling_centre = _ruling_centre(row)
        exclusions.keep(row, ExclusionKind.RETURNED, now, by=by, reason=said.text, until=now)
        handing.come_back(row, HandOverKind.SENT_BACK.value, now)

    return take(by, matter_id, expected_version, Step.SEND_BACK, said=said, change=change)


def _ruling_centre(row: Matter) -> UUID:
    """The centre above the one that received it first; the city's rules on its own."""
    upper = receivers.upper_centre(row.centre_id)
    return upper.id if upper else row.centre_id


@action(Permission.TAKE_BACK_MATTER)
def matter_take_back(
    *, by: By, matter_id: UUID, expected_version: int, reason: str, client_key: str = ""
) -> Outcome[MatterView]:
    """撤回: who gave it takes it back before it is acknowledged; the leading post takes back what it had another do."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key)

    def change(row: Matter, now: datetime) -> None:
        if row.delegate_post_code:
            row.delegate_post, row.delegate_post_code = None, ""
        else:
            row.designated = row.designated and not _was_the_ruling(row)
            handing.come_back(row, Step.TAKE_BACK.value, now)

    return take(by, matter_id, expected_version, Step.TAKE_BACK, said=said, change=change, after=_go_on_dispatching)


def _was_the_ruling(row: Matter) -> bool:
    """Whether what is taken back is what was ruled: whoever gets it next may return it again."""
    open_one = HandOver.objects.filter(matter=row.id, ended_at=None).order_by("-id").first()
    return open_one is not None and open_one.kind == HandOverKind.DESIGNATED.value


def _go_on_dispatching(row: Matter, now: datetime) -> None:
    """Who gave it and takes it back has won no time by that: his clock goes on from where it began."""
    if row.state != MatterState.DISPATCHING or row.disputed_since is not None:
        return
    steps = MatterStep.objects.filter(matter=row.id).order_by("version")
    began = decisions.dispatching_since(list(steps.values_list("step", "before", "after", "at")), now)
    clocks.enter_stage(calendar.current(), laid_down.of_matter(row), row, MatterState.DISPATCHING, began)


@action(Permission.REQUEST_RULING)
def matter_request_ruling(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    reason: str,
    source_area: UUID | None = None,
    client_key: str = "",
    event: processes.Event | None = None,
) -> Outcome[MatterView]:
    """提请指定管辖: the centre above says who is responsible. source_area: where it comes from (来源地), when that is
    not where it happened (发生地); then the centre above both rules. By the system when a dispute lasts too long."""
    facts = {"source_area": str(source_area)} if source_area else {}
    said = Said(inputs.text(reason, needed=True), client_key=client_key, facts=facts)

    def change(row: Matter, now: datetime) -> None:
        row.disputed_since = row.disputed_since or now
        row.ruling_centre = _ruling_centre(row)
        if source_area is not None:
            row.source_area, row.ruling_centre = source_area, _above_both(row, source_area)

    return take(by, matter_id, expected_version, Step.REQUEST_RULING, said=said, change=change, event=event)


def _above_both(row: Matter, source: UUID) -> UUID:
    try:
        if areas.lineage(source).town is None or source == row.town_id:
            raise Missing()
        above = receivers.common_centre(row.town_id, source)
    except Missing as error:
        raise Invalid(
            "unknown_source_area", "来源地须是发生地以外的镇街", where="source_area", remedy="请选择来源地所在的镇街"
        ) from error
    return above.id if above else _ruling_centre(row)


@action(Permission.DESIGNATE_MATTER)
def matter_designate(
    *,
    by: By,
    matter_id: UUID,
    expected_version: int,
    party: str,
    reason: str,
    clause: str = "",
    client_key: str = "",
) -> Outcome[MatterView]:
    """指定管辖: the ruling names who deals with it, with a reason. It is kept and offered the next time; what was ruled
    is not returned again. party: `centre:<id>` or `post:<id>` of `receivers.parties`."""
    said = Said(inputs.text(reason, needed=True), client_key=client_key, facts={"party": party, "clause": clause})
    basis = inputs.text(clause, where="clause", longest=500)

    def change(row: Matter, now: datetime) -> None:
        to = receivers.party(row, party)
        if to.post is None:  # a ruling does not push down either what the duty list took back
            duties.check_assignment(row, to.organisation, lead_given=False, where="party")
        centre = organisations.organisation(row.ruling_centre or row.centre_id)
        keep_ruling(row, to, centre, clause=basis, reason=said.text, now=now)
        row.designated = True
        row.current_centre_id, row.current_level = centre.id, centre.level.value
        handing.give(row, HandOverKind.DESIGNATED, to, by, now, reason=said.text)

    return take(by, matter_id, expected_version, Step.DESIGNATE, said=said, change=change, after=handing.receipt)
