"""Reminders, urges and cards: issued by the centre of the level or above, answered by their target, cards lifted."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, Submission, action, earlier, submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.outbox.api import Event
from city1361.centres.command import api as command
from city1361.centres.execution import api as execution
from city1361.centres.supervision import decisions, phrases, recording, shaping, work_items
from city1361.centres.supervision.answers import NoticeView
from city1361.centres.supervision.events import Supervised
from city1361.centres.supervision.models import STANDING, Notice
from city1361.centres.supervision.terms import (
    CARD_LABELS,
    LADDER_LABELS,
    NOTICE_LABELS,
    NOTICE_STEP_LABELS,
    Card,
    Ladder,
    NoticeState,
    NoticeStep,
    Permission,
)
from city1361.platform.assurance.standards.organisations import api as organisations

MATTER_STEP = {
    Ladder.REMIND: execution.Step.REMIND,
    Ladder.URGE: execution.Step.URGE,
    Ladder.SUPERVISE: execution.Step.SUPERVISE,
    Ladder.ESCALATE_SUPERVISION: execution.Step.ESCALATE_SUPERVISION,
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be issued, to whom."""

    client_key: str
    matter_id: UUID
    target: UUID
    rung: Ladder
    reason: str
    card: Card | None = None

    def submission(self) -> Submission:
        told = asdict(self)
        return submission(told.pop("client_key"), told)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What was found to be allowed: about which matter, by whom, growing out of what."""

    matter: execution.MatterView
    issuer: decisions.Issuer
    before: Notice | None
    card: str


@action(Permission.SEND_NOTICE)
def notice_send(
    *, by: By, client_key: str, matter_id: UUID, target: UUID, rung: Ladder, reason: str
) -> Outcome[NoticeView]:
    """提醒, 催办. Raises Invalid, Missing, Refused (no centre above), Conflict (does not take part, has ended)."""
    if rung in decisions.CARDS:
        raise Invalid("not_a_reminder", "督办须出牌", where="rung", remedy="请用督办")
    return _issue(by, _Wanted(client_key, matter_id, target, rung, reason))


@action(Permission.ISSUE_CARD)
def card_issue(
    *, by: By, client_key: str, matter_id: UUID, target: UUID, card: Card, reason: str
) -> Outcome[NoticeView]:
    """督办 with a card; red follows yellow. Raises what notice_send raises."""
    return _issue(by, _Wanted(client_key, matter_id, target, Ladder.SUPERVISE, reason, card))


@action(Permission.ISSUE_CARD)
def supervision_escalate(*, by: By, client_key: str, matter_id: UUID, target: UUID, reason: str) -> Outcome[NoticeView]:
    """提级督办: a higher centre takes over what a lower one urged or supervised."""
    return _issue(by, _Wanted(client_key, matter_id, target, Ladder.ESCALATE_SUPERVISION, reason))


def _issue(by: By, wanted: _Wanted) -> Outcome[NoticeView]:
    sent, scope, now = wanted.submission(), registry.scope_of(by), clock.now()
    known = earlier(Notice.objects.all(), by, sent)
    if known is not None:
        return Outcome(shaping.notice(known, by, scope), subject=_subject(known), unchanged=True)
    matter = execution.matter(scope=scope, by=by, matter_id=wanted.matter_id)
    words = recording.text(wanted.reason, where="reason", needed=True, longest=recording.LONGEST_REASON)
    if not matter.state.is_open:
        raise Conflict("matter_ended", "事件已经结束，不再督查", where="matter_id", remedy="如需追查，请发批示")
    checked = _check(by, matter, wanted)
    _supersede(by, checked.before, wanted.rung, now)
    row = _write(by, sent, replace(wanted, reason=words), checked, now)
    work_items.move_notice(by, row)
    shown = row.card and wanted.rung is Ladder.SUPERVISE
    label = CARD_LABELS[Card(row.card)] if shown else LADDER_LABELS[wanted.rung]
    noted = recording.note(by, row.matter_id, MATTER_STEP[wanted.rung], f"{label} {row.target_name}：{words}")
    facts = {"rung": row.rung, "card": row.card, "target": str(row.target), "due_at": row.due_at.isoformat()}
    return Outcome(
        shaping.notice(row, by, scope), subject=_subject(row), facts=facts, personal={"reason": words},
        events=(_supervised(row, row.rung), *noted),
    )  # fmt: skip


def _standing(matter_id: UUID, target: UUID, rung: Ladder) -> Notice | None:
    """What the new one would grow out of: a card that stands, or for an escalation also an urge."""
    found = Notice.objects.select_for_update().filter(matter=matter_id, target=target, state__in=STANDING)
    cards = found.exclude(card="").order_by("-id").first()
    if cards is not None or rung is not Ladder.ESCALATE_SUPERVISION:
        return cards
    return found.filter(rung=Ladder.URGE.value, state=NoticeState.IN_FORCE.value).order_by("-id").first()


def _check(by: By, matter: execution.MatterView, wanted: _Wanted) -> _Checked:
    """Raises Refused or Conflict when this rung or card cannot be used."""
    own, target = recording.organisation(by), wanted.target
    centre = organisations.organisation(own).kind == organisations.COMMAND_CENTRE
    issuer = decisions.Issuer(own, centre, recording.above(own))
    taking_part = {one.organisation.id for one in matter.participants} | {matter.first_receiver.id}
    aimed = decisions.Target(target, recording.above(target) if target in taking_part else (), target in taking_part)
    before = _standing(matter.id, target, wanted.rung)
    standing = None
    if before is not None:
        shown = Card(before.card) if before.card else None
        standing = decisions.Standing(Ladder(before.rung), shown, before.issuer_rank)
    refused = decisions.refuse_notice(issuer, aimed, wanted.rung, wanted.card, standing)
    if refused:
        raise recording.problem(refused)
    escalated = wanted.rung is Ladder.ESCALATE_SUPERVISION and before is not None
    card = before.card if escalated and before else wanted.card.value if wanted.card else ""
    return _Checked(matter, issuer, before, card)


def _supersede(by: By, before: Notice | None, rung: Ladder, now: datetime) -> None:
    """A red card and an escalation take the place of what they follow."""
    if before is None or rung not in decisions.CARDS:
        return
    before.state, before.ended_at = NoticeState.SUPERSEDED.value, now
    before.save(update_fields=["state", "ended_at"])
    work_items.move_notice(by, before)


def _write(by: By, sent: Submission, wanted: _Wanted, checked: _Checked, now: datetime) -> Notice:
    matter, issuer = checked.matter, checked.issuer
    limit = command.limit_of("notice_answer", matter.urgency.value, issuer.areas[-1])
    set_ = command.span(limit, now)
    return Notice.objects.create(
        number=recording.number_for("DC", issuer.organisation), matter_id=matter.id, matter_number=matter.number,
        title=matter.title, rung=wanted.rung.value, card=checked.card, state=NoticeState.IN_FORCE.value,
        target=wanted.target, target_name=recording.name_of(wanted.target), issuer=issuer.organisation,
        issuer_name=recording.name_of(issuer.organisation), issuer_rank=issuer.rank, account=by.account, who=by.label,
        at=now, reason=wanted.reason, follows=checked.before if wanted.rung in decisions.CARDS else None,
        limit_amount=limit.amount, limit_unit=limit.unit, limit_example=limit.example, due_at=set_.due_at,
        amber_at=set_.amber_at, fallback=set_.fallback, client_key=sent.key,
        body_hash=sent.body_hash,
        organisations=[issuer.organisation, wanted.target], **recording.matter_columns(matter),
    )  # fmt: skip


def _supervised(row: Notice, step: str) -> Supervised:
    return Supervised(
        what="notice", number=row.number, step=step, issuer=row.issuer, target=row.target, matter=row.matter_id,
        areas=recording.areas_of(row),
    )  # fmt: skip


@action(Permission.ANSWER_NOTICE)
def notice_answer(*, by: By, notice_id: UUID, text: str) -> Outcome[NoticeView]:
    """The target says what it has done. Raises Missing, Invalid, Refused (another unit), Conflict."""
    now, row = clock.now(), _locked(notice_id)
    if by.organisation != row.target:
        raise recording.problem(decisions.Refusal("not_the_target", "由被督查的单位答复", "请联系该单位"))
    _move(row, NoticeStep.ANSWER)
    row.answer, row.answered_by = recording.text(text, needed=True), by.account
    row.answered_who, row.answered_at = by.label, now
    if not row.card:
        row.ended_at = now
    row.save()
    work_items.move_notice(by, row)
    noted = recording.note(by, row.matter_id, execution.Step.REPORT_BACK, f"{row.number} {row.answer}")
    return _outcome(by, row, NoticeStep.ANSWER, row.answer, noted)


@action(Permission.ISSUE_CARD)
def card_lift(*, by: By, notice_id: UUID, text: str) -> Outcome[NoticeView]:
    """解除 a card, by the office that issued it and not by who answered it."""
    now, row = clock.now(), _locked(notice_id)
    refused = decisions.refuse_other_office(by.organisation, row.issuer) or decisions.refuse_same_person(
        by.account, row.answered_by
    )
    if refused:
        raise recording.problem(refused)
    _move(row, NoticeStep.LIFT)
    row.ended_words = recording.text(text, needed=True, longest=recording.LONGEST_REASON)
    row.ended_who, row.ended_at = by.label, now
    row.save()
    work_items.move_notice(by, row)
    label = CARD_LABELS[Card(row.card)]
    words = phrases.LIFTED.format(label=label, words=row.ended_words)
    noted = recording.note(by, row.matter_id, MATTER_STEP[Ladder(row.rung)], words)
    return _outcome(by, row, NoticeStep.LIFT, row.ended_words, noted)


def _outcome(by: By, row: Notice, step: NoticeStep, words: str, noted: tuple[Event, ...]) -> Outcome[NoticeView]:
    return Outcome(
        shaping.notice(row, by, registry.scope_of(by)),
        subject=_subject(row),
        facts={"step": step.value, "state": row.state, "card": row.card},
        personal={"text": words},
        events=(_supervised(row, step.value), *noted),
    )


def _move(row: Notice, step: NoticeStep) -> None:
    after = decisions.notice_after(NoticeState(row.state), step, is_card=bool(row.card))
    if isinstance(after, decisions.Refusal):
        raise recording.problem(after, state=NOTICE_LABELS[NoticeState(row.state)], step=NOTICE_STEP_LABELS[step])
    row.state = after.value


def _locked(notice_id: UUID) -> Notice:
    row = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if row is None:
        raise Missing()
    return row


def _subject(row: Notice) -> Subject:
    return Subject("notice", row.id, row.number)
