"""Who may do what to a call or a task, and what becomes of it; who may be called. Facts in, a state or a refusal out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from city1361.centres.command.terms import CallState, CallStep, Permission, TaskState, TaskStep

C, T = CallState, TaskState
Word = CallState | TaskState
Verb = CallStep | TaskStep


class Side(StrEnum):
    """How somebody stands to a call or a task."""

    CALLED = "called"
    CALLER = "caller"
    DISPATCHER = "dispatcher"
    GIVER = "giver"
    DOER = "doer"
    SYSTEM = "system"


# Every step that exists: (from, step) → to. Anything else is refused, with the steps that are possible.
TRANSITIONS: dict[tuple[Word, Verb], Word] = {
    (C.DELIVERED, CallStep.LOOK): C.READ,
    (C.DELIVERED, CallStep.ACCEPT): C.ACCEPTED,
    (C.DELIVERED, CallStep.DECLINE): C.DECLINED,
    (C.DELIVERED, CallStep.CALL_OFF): C.CALLED_OFF,
    (C.DELIVERED, CallStep.LAPSE): C.AWAITING_DISPATCH,
    (C.READ, CallStep.ACCEPT): C.ACCEPTED,
    (C.READ, CallStep.DECLINE): C.DECLINED,
    (C.READ, CallStep.CALL_OFF): C.CALLED_OFF,
    (C.READ, CallStep.LAPSE): C.AWAITING_DISPATCH,
    (C.DECLINED, CallStep.ASK_DISPATCH): C.AWAITING_DISPATCH,
    (C.DECLINED, CallStep.CALL_OFF): C.CALLED_OFF,
    (C.AWAITING_DISPATCH, CallStep.ACCEPT): C.ACCEPTED,
    (C.AWAITING_DISPATCH, CallStep.ORDER): C.ORDERED,
    (C.AWAITING_DISPATCH, CallStep.STAND_DOWN): C.CALLED_OFF,
    (C.AWAITING_DISPATCH, CallStep.CALL_OFF): C.CALLED_OFF,
    (C.ORDERED, CallStep.ACCEPT): C.ACCEPTED,
    (C.ORDERED, CallStep.ARRIVE): C.ARRIVED,
    (C.ACCEPTED, CallStep.ARRIVE): C.ARRIVED,
    (C.ACCEPTED, CallStep.HELP): C.HELPED,
    (C.ACCEPTED, CallStep.CALL_OFF): C.CALLED_OFF,
    (C.ARRIVED, CallStep.HELP): C.HELPED,
    (C.HELPED, CallStep.RATE_HELP): C.HELPED,
    (C.HELPED, CallStep.RATE_WHISTLE): C.HELPED,
    (T.GIVEN, TaskStep.ACKNOWLEDGE): T.TAKEN_UP,
    (T.GIVEN, TaskStep.TURN_DOWN): T.TURNED_DOWN,
    (T.GIVEN, TaskStep.TRANSFER): T.HANDED_ON,
    (T.GIVEN, TaskStep.DELEGATE): T.GIVEN,
    (T.GIVEN, TaskStep.CC): T.GIVEN,
    (T.GIVEN, TaskStep.TAKE_BACK): T.REVOKED,
    (T.TAKEN_UP, TaskStep.REPORT_BACK): T.TAKEN_UP,
    (T.TAKEN_UP, TaskStep.COMPLETE): T.COMPLETED,
    (T.TAKEN_UP, TaskStep.TRANSFER): T.HANDED_ON,
    (T.TAKEN_UP, TaskStep.DELEGATE): T.TAKEN_UP,
    (T.TAKEN_UP, TaskStep.CC): T.TAKEN_UP,
    (T.TAKEN_UP, TaskStep.TAKE_BACK): T.REVOKED,
    (T.COMPLETED, TaskStep.REWORK): T.TAKEN_UP,
}
# Whose step it is, and what it asks for.
SIDE_OF: dict[Verb, Side] = {
    CallStep.LOOK: Side.CALLED,
    CallStep.ACCEPT: Side.CALLED,
    CallStep.DECLINE: Side.CALLED,
    CallStep.ARRIVE: Side.CALLED,
    CallStep.HELP: Side.CALLED,
    CallStep.RATE_WHISTLE: Side.CALLED,
    CallStep.RATE_HELP: Side.CALLER,
    CallStep.ASK_DISPATCH: Side.CALLER,
    CallStep.CALL_OFF: Side.CALLER,
    CallStep.LAPSE: Side.SYSTEM,
    CallStep.ORDER: Side.DISPATCHER,
    CallStep.STAND_DOWN: Side.DISPATCHER,
    TaskStep.ACKNOWLEDGE: Side.DOER,
    TaskStep.REPORT_BACK: Side.DOER,
    TaskStep.COMPLETE: Side.DOER,
    TaskStep.TURN_DOWN: Side.DOER,
    TaskStep.TRANSFER: Side.DOER,
    TaskStep.DELEGATE: Side.DOER,
    TaskStep.CC: Side.GIVER,
    TaskStep.REWORK: Side.GIVER,
    TaskStep.TAKE_BACK: Side.GIVER,
}
PERMISSION_OF_SIDE = {
    Side.CALLED: Permission.ANSWER_CALL,
    Side.CALLER: Permission.BLOW_WHISTLE,
    Side.DISPATCHER: Permission.DISPATCH_CALL,
    Side.GIVER: Permission.GIVE_TASK,
    Side.DOER: Permission.DO_TASK,
    Side.SYSTEM: Permission.LAPSE_LIMIT,
}
NOT_THAT_SIDE = {
    Side.CALLED: ("not_called", "这一步由被吹哨的单位办理"),
    Side.CALLER: ("not_the_caller", "这一步由吹哨的单位办理"),
    Side.DISPATCHER: ("not_the_dispatcher", "这一步由负责调度的上级治理中心办理"),
    Side.GIVER: ("not_the_giver", "这一步由交办任务的单位办理"),
    Side.DOER: ("not_the_doer", "这一步由承担任务的单位办理"),
    Side.SYSTEM: ("by_limit_only", "这一步由时限触发，不能人工办理"),
}
# What each step must be told, and what it may be told.
NEEDS: dict[Verb, tuple[tuple[str, ...], tuple[str, ...]]] = {
    CallStep.ACCEPT: (("responder", "arrive_by"), ("text",)),
    CallStep.DECLINE: (("text", "clause"), ()),
    CallStep.ARRIVE: ((), ("text",)),
    CallStep.HELP: (("text",), ()),
    CallStep.RATE_WHISTLE: (("grade",), ("text",)),
    CallStep.RATE_HELP: (("grade",), ("text",)),
    CallStep.ASK_DISPATCH: (("text",), ()),
    CallStep.CALL_OFF: (("text",), ()),
    CallStep.ORDER: (("arrive_by", "text"), ()),
    CallStep.STAND_DOWN: (("text",), ()),
    TaskStep.ACKNOWLEDGE: ((), ("text",)),
    TaskStep.REPORT_BACK: (("text",), ()),
    TaskStep.COMPLETE: (("text",), ()),
    TaskStep.TURN_DOWN: (("text", "clause"), ()),
    TaskStep.TRANSFER: (("organisation", "text"), ()),
    TaskStep.DELEGATE: (("post",), ("text",)),
    TaskStep.CC: (("organisation",), ("text",)),
    TaskStep.REWORK: (("text",), ()),
    TaskStep.TAKE_BACK: (("text",), ()),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. of_state: the step does not fit where the thing stands, otherwise it does not fit who acts or whom it is
    for. message has the places state, step, allowed and organisation."""

    code: str
    message: str
    remedy: str = ""
    of_state: bool = False
    allowed: tuple[Verb, ...] = ()
    organisation: UUID | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when a step is decided. rated: the sides that have rated already."""

    state: Word
    sides: frozenset[Side]
    rated: frozenset[Side] = frozenset()


def decide(facts: Facts, step: Verb) -> Word | Refusal:
    """What becomes of it by `step`."""
    after = TRANSITIONS.get((facts.state, step))
    if after is None:
        allowed = tuple(other for other in steps_from(facts.state) if SIDE_OF[other] is not Side.SYSTEM)
        remedy = "现在可以办理的步骤：{allowed}" if allowed else "已经结束，不能再办理"
        return Refusal("wrong_step", "现在是“{state}”，不能办理“{step}”", remedy, of_state=True, allowed=allowed)
    side = SIDE_OF[step]
    if side not in facts.sides:
        return Refusal(*NOT_THAT_SIDE[side])
    if step in (CallStep.RATE_HELP, CallStep.RATE_WHISTLE) and side in facts.rated:
        return Refusal("rated_already", "已经评价过，评价不能更改", of_state=True)
    return after


def steps_from(state: Word) -> tuple[Verb, ...]:
    """The steps that exist from `state`, whoever acts."""
    return tuple(step for before, step in TRANSITIONS if before is state)


def possible(facts: Facts, permissions: Collection[str]) -> tuple[Verb, ...]:
    """The steps that are offered now; looking happens by itself and the limit acts alone."""
    return tuple(
        step
        for step in steps_from(facts.state)
        if step in NEEDS
        and PERMISSION_OF_SIDE[SIDE_OF[step]] in permissions
        and not isinstance(decide(facts, step), Refusal)
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Who takes part in a matter already, and how: lead, centre, or with an open call or task. called_by: which
    organisation called or tasked which one for this matter."""

    lead: UUID | None = None
    taking_part: frozenset[UUID] = frozenset()
    called_by: Mapping[UUID, UUID] | None = None


def refuse_targets(
    actor: UUID, targets: Collection[UUID], standing: Standing, reach: Collection[UUID]
) -> Refusal | None:
    """Why these organisations cannot be called or tasked; None when all can. `reach`: those the actor may call."""
    for target in targets:
        refused = _refuse_target(actor, target, standing, reach)
        if refused:
            return refused
    return None


def _refuse_target(actor: UUID, target: UUID, standing: Standing, reach: Collection[UUID]) -> Refusal | None:
    if target == actor:
        return Refusal(
            "own_organisation", "不能呼叫本单位", "请选择其他单位；本单位的工作请直接办理", organisation=target
        )
    if target in chain(actor, standing.called_by or {}):
        return circular(target)
    if target == standing.lead:
        return Refusal("target_leads", "“{organisation}”是此事的主办单位", "主办单位不能同时协办", organisation=target)
    if target in standing.taking_part:
        return Refusal(
            "taking_part_already", "“{organisation}”已经参与此事", "请在已有的呼叫或任务上联系", organisation=target
        )
    if target not in reach:
        return Refusal(
            "out_of_reach", "“{organisation}”不在可呼叫的范围", "可选本级和上一级的单位；跨区县由上级调度",
            organisation=target,
        )  # fmt: skip
    return None


def circular(target: UUID) -> Refusal:
    """The refusal of an assist that would come back to whoever asked for it."""
    return Refusal(
        "circular_assist",
        "“{organisation}”正是为此事找到贵单位的单位，不能再反过来请其协办",
        "请直接反馈，或退回并说明理由",
        organisation=target,
    )


def chain(actor: UUID, called_by: Mapping[UUID, UUID]) -> list[UUID]:
    """Who called the actor, who called that one, and so on; each once."""
    found: list[UUID] = []
    while (caller := called_by.get(actor)) and caller not in found:
        found.append(caller)
        actor = caller
    return found


STRIP = (C.DELIVERED, C.READ, C.ACCEPTED, C.ARRIVED)


def strip(state: CallState, *, read: bool, answered: bool, arrived: bool) -> tuple[bool, ...]:
    """Which of the four stations 已送达, 已读, 已报到, 已到场 are reached."""
    accepted = arrived or state in (C.ACCEPTED, C.ARRIVED) or (state is C.HELPED and answered)
    return True, read or answered or arrived, accepted, arrived
