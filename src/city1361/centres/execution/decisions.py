"""What may be done to a matter, by whom, and what becomes of it. Facts in, a plan or a refusal out."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from city1361.centres.execution.terms import (
    PERMISSION_OF,
    CloseResult,
    MatterState,
    Step,
)

S = MatterState

# Every step that exists: (from, step) → to. Anything else is refused, with the steps that are possible.
TRANSITIONS: dict[tuple[MatterState, Step], MatterState] = {
    (S.REPORTED, Step.ADMIT): S.ADMITTED,
    (S.REPORTED, Step.REFUSE): S.REFUSED,
    (S.ADMITTED, Step.ACKNOWLEDGE): S.HANDLING,
    (S.HANDLING, Step.REPORT_PROGRESS): S.HANDLING,
    (S.HANDLING, Step.REQUEST_CLOSE): S.CLOSE_REQUESTED,
    (S.CLOSE_REQUESTED, Step.CHECK_PASS): S.CHECKED,
    (S.CLOSE_REQUESTED, Step.CHECK_FAIL): S.HANDLING,
    (S.CHECKED, Step.CLOSE): S.CLOSED,
    (S.CHECKED, Step.AGREE): S.CLOSED,
    (S.CLOSED, Step.AGREE): S.CLOSED,
    (S.CLOSED, Step.REOPEN): S.HANDLING,
}
HANDLER_STEPS = frozenset({Step.ACKNOWLEDGE, Step.REPORT_PROGRESS, Step.REQUEST_CLOSE})
INDEPENDENT_STEPS = frozenset({Step.CHECK_PASS, Step.CHECK_FAIL, Step.CLOSE})
CENTRE_STEPS = frozenset({Step.ADMIT, Step.REFUSE, Step.CLOSE})
REPORTER_STEPS = frozenset({Step.AGREE, Step.REOPEN})
# What each step must be told, and what it may be told.
NEEDS: dict[Step, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Step.ADMIT: (("handler_post",), ("matter_type", "level", "text")),
    Step.REFUSE: (("text",), ()),
    Step.ACKNOWLEDGE: ((), ("text",)),
    Step.REPORT_PROGRESS: (("text",), ("photos",)),
    Step.REQUEST_CLOSE: (("result", "text"), ("photos",)),
    Step.CHECK_PASS: ((), ("text", "photos")),
    Step.CHECK_FAIL: (("text",), ("photos",)),
    Step.CLOSE: (("result",), ("text",)),
    Step.AGREE: ((), ("satisfaction", "text")),
    Step.REOPEN: (("text",), ("photos",)),
    Step.SEND_VERIFY: ((), ("text",)),
    Step.VERIFY_PASS: ((), ("text", "photos")),
    Step.VERIFY_FAIL: (("text",), ("photos",)),
    Step.ROUTE: (("handler_post",), ("text",)),
    Step.ASSIGN: (("centre",), ("lead_post", "text")),
    Step.SEND_UP: (("text",), ()),
    Step.SEND_BACK: (("text",), ()),
    Step.TAKE_BACK: (("text",), ()),
    Step.REQUEST_RULING: (("text",), ("source_area",)),
    Step.DESIGNATE: (("party", "text"), ("clause",)),
    Step.TRANSFER: (("own_post",), ("text",)),
    Step.CC: (("organisation",), ("text",)),
    Step.DELEGATE: (("own_post",), ("text",)),
    Step.REQUEST_PAUSE: (("text",), ()),
    Step.REQUEST_SHELVE: (("text", "owner", "review_on"), ()),
    Step.REQUEST_EXTEND: (("text", "amount", "unit"), ()),
    Step.REQUEST_VOID: (("text",), ()),
    Step.PAUSE: ((), ("text",)),
    Step.SHELVE_MATTER: ((), ("text",)),
    Step.EXTEND: ((), ("text",)),
    Step.VOID: ((), ("text",)),
    Step.REJECT_REQUEST: (("text",), ()),
    Step.RESUME: ((), ("text",)),
    Step.REVIEW_SHELVED: (("text", "review_on"), ()),
    Step.UNSHELVE: (("text",), ()),
}
PRIMARY = frozenset({Step.ADMIT, Step.ACKNOWLEDGE, Step.REPORT_PROGRESS, Step.CHECK_PASS, Step.CLOSE, Step.AGREE})
EARTH_RADIUS = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: account, and organisation and post code of the active appointment."""

    account: UUID | None
    organisation: UUID | None = None
    post: str = ""
    system: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a matter when a step is decided. handlers: accounts that took a handler's step."""

    state: MatterState
    centre: UUID
    reporter: UUID | None
    lead: UUID | None = None
    lead_post: str = ""
    handlers: frozenset[UUID] = frozenset()
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a step does. presumed: nobody acknowledged in time, so the limit did."""

    step: Step
    before: MatterState
    after: MatterState
    presumed: bool = False

    @property
    def rework(self) -> bool:
        """返工: the work goes back to the one who handled it."""
        return self.step in (Step.CHECK_FAIL, Step.REOPEN)

    @property
    def changes_stage(self) -> bool:
        return self.before is not self.after


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not. of_state: the step does not fit where the matter stands; otherwise it does not fit who acts.

    message and remedy have the places state, step and allowed.
    """

    code: str
    message: str
    remedy: str = ""
    of_state: bool = False
    allowed: tuple[Step, ...] = ()


def plan(facts: Facts, step: Step, actor: Actor) -> Plan | Refusal:
    """What `step` by `actor` does to a matter with these facts."""
    after = TRANSITIONS.get((facts.state, step))
    if after is None:
        return _wrong_state(facts.state)
    if actor.system:
        return _by_system(facts, step, after)
    refused = _not_the_one(facts, step, actor) or _same_person(facts, step, actor)
    if refused:
        return refused
    if facts.agreed and step in REPORTER_STEPS:
        return Refusal(
            "matter_agreed",
            "您已经确认解决，此事件不再变更",
            "如果问题再次出现，请重新上报，系统会自动与此事件关联",
        )
    return Plan(step, facts.state, after)


def steps_from(state: MatterState) -> tuple[Step, ...]:
    """The steps that exist from `state`, whoever acts."""
    return tuple(step for before, step in TRANSITIONS if before is state)


def possible_steps(facts: Facts, actor: Actor, permissions: Iterable[str]) -> tuple[Step, ...]:
    """The steps `actor` may take now."""
    held = frozenset(permissions)
    return tuple(
        step
        for step in steps_from(facts.state)
        if PERMISSION_OF[step] in held and isinstance(plan(facts, step, actor), Plan)
    )


def _wrong_state(state: MatterState) -> Refusal:
    allowed = steps_from(state)
    remedy = "现在可以办理的步骤：{allowed}" if allowed else "此事件已经结束，不能再办理"
    message = "事件现在是“{state}”，不能办理“{step}”"
    return Refusal("wrong_step", message, remedy, of_state=True, allowed=allowed)


def _by_system(facts: Facts, step: Step, after: MatterState) -> Plan | Refusal:
    if step is Step.ACKNOWLEDGE:
        return Plan(step, facts.state, after, presumed=True)
    return Refusal("person_needed", "这一步必须由人办理")


def _not_the_one(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step in CENTRE_STEPS and actor.organisation != facts.centre:
        return Refusal("not_the_centre", "这一步由首接负责的治理中心办理", "请联系该中心的值班员")
    if step in HANDLER_STEPS and not _leads(facts, actor):
        return Refusal("not_the_lead", "这一步由主办岗位办理", "请联系主办单位；如主办不当，由治理中心处理")
    if step in REPORTER_STEPS and (actor.account is None or actor.account != facts.reporter):
        return Refusal("not_the_reporter", "只有上报人可以确认是否解决")
    return None


def _leads(facts: Facts, actor: Actor) -> bool:
    """Whether the actor holds the leading post; without a post the whole organisation leads."""
    if actor.organisation is None or actor.organisation != facts.lead:
        return False
    return not facts.lead_post or actor.post == facts.lead_post


def _same_person(facts: Facts, step: Step, actor: Actor) -> Refusal | None:
    if step not in INDEPENDENT_STEPS:
        return None
    if actor.account is None or actor.account in facts.handlers:
        return Refusal("handler_himself", "处置人不能核查或办结自己处置的事件", "请由另一岗位的人员办理")
    if actor.organisation == facts.lead and actor.post == facts.lead_post:
        return Refusal("handling_post", "处置岗位不能核查或办结本岗位处置的事件", "请由另一岗位的人员办理")
    return None


def result_to_close_with(requested: CloseResult | None, chosen: CloseResult | None) -> CloseResult:
    """The closer's word goes before the handler's. A matter nobody gave a result was explained at best."""
    return chosen or requested or CloseResult.EXPLAINED


def closed_by_its_reporter(
    *, reporter: UUID | None, reported_for: UUID | None, handlers: frozenset[UUID], lead: UUID | None
) -> bool:
    """自报自结: the one who reported handled it, or his organisation did. Counted apart and sampled."""
    return (reporter is not None and reporter in handlers) or (reported_for is not None and reported_for == lead)


def matter_number(prefix: str, town_code: str, day: date, serial: int) -> str:
    """`SJ` + nine digits of the town + day + serial of that town and day (four digits, more when they run out)."""
    return f"{prefix}{town_code}{day:%Y%m%d}{serial:04d}"


_CLAUSE = re.compile(r"[。！？；!?;\n]")


def title_of(description: str, type_name: str, limit: int = 20) -> str:
    """A line for lists: the first sentence of what was said, cut at a comma where it is long; else the type."""
    first = _CLAUSE.split(description.strip(), maxsplit=1)[0].strip()
    if not first:
        return type_name
    if len(first) <= limit:
        return first
    head = first[:limit]
    at = max(head.rfind("，"), head.rfind(","))
    return head[:at] if at >= 6 else head[: limit - 1] + "…"


def body_hash(body: Mapping[str, Any]) -> str:
    """A digest of what was reported: the same key with another one is a conflict."""
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def metres_between(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Distance on the sphere, in metres; coordinates in degrees of one reference system."""
    a, b = math.radians(lat_a), math.radians(lat_b)
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(half))
