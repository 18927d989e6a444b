"""回访: asking the reporter of a closed matter, by somebody outside the handling unit; what he says reopens or counts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from city1361.base.action.api import Outcome, Submission, action, earlier, submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.outbox.api import Event
from city1361.centres.execution import api as execution
from city1361.centres.supervision import decisions, phrases, recording, shaping
from city1361.centres.supervision.answers import VisitView
from city1361.centres.supervision.events import Visited
from city1361.centres.supervision.models import ReturnVisit
from city1361.centres.supervision.terms import SATISFIED_LABELS, Permission, Satisfied

HANDLING = (execution.Participation.LEAD, execution.Participation.ASSIST)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the visit brought. Not reached: nothing else is told. contacted: whether the handling unit had been in touch."""

    reached: bool
    contacted: bool | None = None
    solved: bool | None = None
    satisfied: str = ""
    words: str = ""


@action(Permission.MAKE_VISIT)
def visit_make(*, by: By, client_key: str, matter_id: UUID, heard: Heard) -> Outcome[VisitView]:
    """Record a visit. 没解决 reopens the matter on its original clock. Raises Invalid, Missing, Refused (the handling
    unit itself), Conflict (not closed, visited already)."""
    sent, scope = submission(client_key, {"matter": matter_id, **asdict(heard)}), registry.scope_of(by)
    known = earlier(ReturnVisit.objects.all(), by, sent)
    if known is not None:
        return Outcome(shaping.visit(known, by, scope), subject=_subject(known), unchanged=True)
    matter = execution.matter(scope=scope, by=by, matter_id=matter_id)
    _check(by, matter)
    told = _told(heard)
    row = _write(by, sent, matter, told)
    events = _remember(by, row, matter, told)
    facts = {"reached": told.reached, "solved": told.solved, "satisfied": told.satisfied, "reopened": row.reopened}
    return Outcome(
        shaping.visit(row, by, scope), subject=_subject(row), facts=facts,
        personal={"words": told.words} if told.words else None, events=events,
    )  # fmt: skip


def handling_units(matter: execution.MatterView) -> set[UUID]:
    """The organisations that handled a matter."""
    return {one.organisation.id for one in matter.participants if one.role in HANDLING}


def _check(by: By, matter: execution.MatterView) -> None:
    refused = decisions.refuse_insider(by.organisation, handling_units(matter)) or decisions.refuse_handler(
        by.account, execution.handlers(matter.id)
    )
    if refused:
        raise recording.problem(refused)
    if matter.state is not execution.MatterState.CLOSED or matter.closed_at is None:
        raise Conflict("not_closed", "事件没有办结，不能回访", where="matter_id", remedy="办结后再回访")
    if ReturnVisit.objects.filter(matter=matter.id, closed_at=matter.closed_at or clock.now(), reached=True).exists():
        raise Conflict("visited_already", "此事件已经回访", where="matter_id", remedy="再次办结后才需要再次回访")


def _told(heard: Heard) -> Heard:
    """Checked: whoever was reached has said something, whoever was not has said nothing."""
    words = recording.text(heard.words, where="words", longest=recording.LONGEST_REASON)
    if not heard.reached:
        return Heard(reached=False, words=words)
    if heard.contacted is None or heard.solved is None or heard.satisfied not in set(Satisfied):
        raise Invalid(
            "answers_needed", "已联系上时，须记录是否联系过、是否解决和满意度", where="satisfied", remedy="请补全三项"
        )
    if not heard.solved and not words:
        raise Invalid("words_needed", "没解决时，请写明群众的说法", where="words", remedy="主办单位会看到这段话")
    return Heard(True, heard.contacted, heard.solved, heard.satisfied, words)


def _write(by: By, sent: Submission, matter: execution.MatterView, told: Heard) -> ReturnVisit:
    own = recording.organisation(by)
    lead = matter.lead.organisation if matter.lead else None
    return ReturnVisit.objects.create(
        matter_id=matter.id, matter_number=matter.number, title=matter.title, closed_at=matter.closed_at or clock.now(),
        handler=lead.id if lead else None, handler_name=lead.name if lead else "",
        self_closed=matter.self_report_self_close, visitor=own, visitor_name=recording.name_of(own),
        account=by.account, who=by.label, at=clock.now(), reached=told.reached, contacted=told.contacted,
        solved=told.solved, satisfied=told.satisfied, words=told.words, reopened=told.solved is False,
        client_key=sent.key, body_hash=sent.body_hash, organisations=[own, *([lead.id] if lead else [])], **recording.matter_columns(matter),
    )  # fmt: skip


def _remember(by: By, row: ReturnVisit, matter: execution.MatterView, told: Heard) -> tuple[Event, ...]:
    """The line of the visit, and the reopening when it is not solved."""
    if not told.reached:
        said = phrases.NOT_REACHED.format(words=told.words)
    else:
        solved = "已解决" if told.solved else "没解决"
        grade = SATISFIED_LABELS[Satisfied(told.satisfied)]
        said = f"{solved}，{grade}。{told.words}"
    noted = execution.note_on_matter(by=by, matter_id=matter.id, step=execution.Step.RETURN_VISIT, text=said)
    if row.reopened:
        execution.matter_reopen_after_visit(
            by=by, matter_id=matter.id, expected_version=noted.version, reason=told.words
        )
    event = Visited(
        visit=row.id, matter=matter.id, reached=told.reached, solved=told.solved, areas=recording.areas_of(row)
    )
    return (event, noted.event)


@action(Permission.JUDGE_CLAIM)
def claim_judge(*, by: By, visit_id: UUID, reason: str) -> Outcome[VisitView]:
    """不合理诉求认定, with a reason, by somebody outside the handling unit and not the visitor himself.

    It leaves the answer out of 解决率 and 满意率, and stands in the list of what was left out. Raises Missing, Invalid,
    Refused, Conflict.
    """
    scope = registry.scope_of(by)
    row = ReturnVisit.objects.select_for_update().filter(pk=visit_id).first()
    if row is None:
        raise Missing()
    matter = execution.matter(scope=scope, by=by, matter_id=row.matter_id)
    units = handling_units(matter) | ({row.handler} if row.handler else set())
    refused = decisions.refuse_insider(by.organisation, units) or decisions.refuse_handler(
        by.account, execution.handlers(matter.id)
    )
    if refused:
        raise recording.problem(refused)
    if by.account == row.account:
        raise recording.problem(decisions.Refusal("visitor_himself", "回访人不能自行认定不合理诉求", "请由另一人认定"))
    if not row.reached or row.unreasonable:
        raise Conflict(
            "nothing_to_judge", "没有可以认定的诉求", where="visit_id", remedy="未联系上或已认定的，不再认定"
        )
    words = recording.text(reason, where="reason", needed=True, longest=recording.LONGEST_REASON)
    row.unreasonable, row.unreasonable_reason = True, words
    row.judged_by, row.judged_organisation, row.judged_who, row.judged_at = by.account, by.organisation, by.label, clock.now()  # fmt: skip
    row.save()
    noted = recording.note(by, row.matter_id, execution.Step.RETURN_VISIT, phrases.UNREASONABLE.format(words=words))
    return Outcome(
        shaping.visit(row, by, scope), subject=_subject(row), facts={"unreasonable": True}, personal={"reason": words},
        events=noted,
    )  # fmt: skip


def _subject(row: ReturnVisit) -> Subject:
    return Subject("return_visit", row.id, row.matter_number)
