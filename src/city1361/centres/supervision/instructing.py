"""批示 → 督办单 → 反馈 → 销号. Only the issuer's office signs off, and another person than wrote the feedback."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, action, earlier, submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.centres.command import api as command
from city1361.centres.execution import api as execution
from city1361.centres.supervision import decisions, recording, shaping, work_items
from city1361.centres.supervision.answers import InstructionView, SheetView
from city1361.centres.supervision.events import Supervised
from city1361.centres.supervision.models import Instruction, SupervisionSheet
from city1361.centres.supervision.terms import SHEET_LABELS, SHEET_STEP_LABELS, Permission, SheetState, SheetStep
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

MOST_TARGETS = 12
UNITS = ("minute", "natural_hour", "working_hour", "working_day")


@action(Permission.ISSUE_INSTRUCTION)
def instruction_issue(
    *,
    by: By,
    client_key: str,
    targets: Sequence[UUID],
    text: str,
    title: str = "",
    matter_id: UUID | None = None,
    amount: int | None = None,
    unit: str = "",
) -> Outcome[InstructionView]:
    """批示: each target organisation gets a 督办单 with its own number and limit.

    Raises Invalid, Missing, Conflict (a target outside the issuer's area).
    """
    told = {"targets": targets, "text": text, "title": title, "matter": matter_id, "limit": (amount, unit)}
    sent, scope, now, own = submission(client_key, told), registry.scope_of(by), clock.now(), recording.organisation(by)
    known = earlier(Instruction.objects.all(), by, sent)
    if known is not None:
        return Outcome(shaping.instruction(known, by, scope), subject=_subject(known), unchanged=True)
    matter = execution.matter(scope=scope, by=by, matter_id=matter_id) if matter_id else None
    words = recording.text(text, needed=True)
    named = recording.text(title, where="title", longest=recording.LONGEST_TITLE) or (matter.title if matter else words[:20])  # fmt: skip
    chosen = _targets(own, targets)
    limit = _limit(own, matter, amount, unit)
    row = Instruction.objects.create(
        number=recording.number_for("PS", own), matter_id=matter_id, title=named, text=words, issuer=own,
        issuer_name=recording.name_of(own), account=by.account, who=by.label, post=by.post, at=now, client_key=sent.key,
        body_hash=sent.body_hash,
        organisations=list(dict.fromkeys([own, *(one.id for one in chosen)])),
        **(recording.matter_columns(matter) if matter else recording.area_columns(own)),
    )  # fmt: skip
    for one in chosen:
        _sheet(by, row, one, limit, now)
    names = "、".join(one.name for one in chosen)
    noted = recording.note(by, matter_id, execution.Step.INSTRUCT, f"{row.number} {names}：{words}")
    event = Supervised(
        what="instruction", number=row.number, step="issue", issuer=own, target=chosen[0].id, matter=matter_id,
        areas=recording.areas_of(row),
    )  # fmt: skip
    facts = {"targets": [str(one.id) for one in chosen], "matter": str(matter_id or "")}
    return Outcome(
        shaping.instruction(row, by, scope), subject=_subject(row), facts=facts, personal={"text": words},
        events=(event, *noted),
    )  # fmt: skip


def _targets(own: UUID, targets: Sequence[UUID]) -> list[organisations.OrganisationView]:
    wanted = list(dict.fromkeys(targets))
    if not 0 < len(wanted) <= MOST_TARGETS:
        raise Invalid("bad_number_of_targets", "请选择一个至{most}个承办单位", where="targets", remedy="单位过多时，请分批批示", params={"most": MOST_TARGETS})  # fmt: skip
    found, above = organisations.organisations(wanted), recording.above(own)
    for target in wanted:
        if target not in found or areas.lineage(found[target].area_id).ids[: len(above)] != above:
            raise Conflict("target_outside", "承办单位不在本级辖区内", where="targets", remedy="请选择本级或下级的单位")
    return [found[target] for target in wanted]


def _limit(own: UUID, matter: execution.MatterView | None, amount: int | None, unit: str) -> command.Limit:
    urgency = matter.urgency if matter else execution.Urgency.NORMAL
    if amount is None:
        return command.limit_of("sheet_feedback", urgency.value, organisations.organisation(own).area_id)
    if unit not in UNITS or not 0 < amount <= 1000:
        raise Invalid("bad_limit", "时限无法识别", where="amount", remedy="数量为1至1000，单位可用：{known}", params={"known": "、".join(UNITS)})  # fmt: skip
    return command.Limit(amount, unit, example=False)


def _sheet(
    by: By, row: Instruction, one: organisations.OrganisationView, limit: command.Limit, now: datetime
) -> SupervisionSheet:
    set_ = command.span(limit, now)
    sheet = SupervisionSheet.objects.create(
        instruction=row, number=recording.number_for("DB", row.issuer), target=one.id, target_name=one.name,
        state=SheetState.TO_ANSWER.value, limit_amount=limit.amount, limit_unit=limit.unit,
        limit_example=limit.example, due_at=set_.due_at, amber_at=set_.amber_at, fallback=set_.fallback,
    )  # fmt: skip
    work_items.move_sheet(by, sheet)
    return sheet


@action(Permission.FEED_BACK)
def sheet_feed_back(*, by: By, sheet_id: UUID, text: str) -> Outcome[SheetView]:
    """反馈, by the target. Raises Missing, Invalid, Refused, Conflict."""
    row = _locked(sheet_id)
    if by.organisation != row.target:
        raise recording.problem(decisions.Refusal("not_the_target", "由承办单位反馈", "请联系该单位"))
    _move(row, SheetStep.FEED_BACK)
    row.feedback, row.feedback_by = recording.text(text, needed=True), by.account
    row.feedback_who, row.feedback_at = by.label, clock.now()
    row.save()
    return _written(by, row, SheetStep.FEED_BACK, row.feedback)


@action(Permission.SIGN_OFF)
def sheet_sign_off(*, by: By, sheet_id: UUID, text: str = "") -> Outcome[SheetView]:
    """销号, by the issuer's office and another person than the feedback's author."""
    row = _locked(sheet_id)
    _office(by, row)
    _move(row, SheetStep.SIGN_OFF)
    row.signed_words = recording.text(text, longest=recording.LONGEST_REASON)
    row.signed_by, row.signed_who, row.signed_at = by.account, by.label, clock.now()
    row.save()
    return _written(by, row, SheetStep.SIGN_OFF, row.signed_words)


@action(Permission.SIGN_OFF)
def sheet_send_again(*, by: By, sheet_id: UUID, text: str) -> Outcome[SheetView]:
    """退回补充: the feedback does not do; the limit goes on as it was."""
    row = _locked(sheet_id)
    _office(by, row)
    _move(row, SheetStep.SEND_AGAIN)
    row.returned_words = recording.text(text, needed=True, longest=recording.LONGEST_REASON)
    row.returned_count += 1
    row.save()
    return _written(by, row, SheetStep.SEND_AGAIN, row.returned_words)


def _office(by: By, row: SupervisionSheet) -> None:
    refused = decisions.refuse_other_office(by.organisation, row.instruction.issuer)
    refused = refused or decisions.refuse_same_person(by.account, row.feedback_by)
    if refused:
        raise recording.problem(refused)


def _move(row: SupervisionSheet, step: SheetStep) -> None:
    after = decisions.sheet_after(SheetState(row.state), step)
    if isinstance(after, decisions.Refusal):
        raise recording.problem(after, state=SHEET_LABELS[SheetState(row.state)], step=SHEET_STEP_LABELS[step])
    row.state = after.value


def _written(by: By, row: SupervisionSheet, step: SheetStep, words: str) -> Outcome[SheetView]:
    matter_id, instruction = row.instruction.matter_id, row.instruction
    work_items.move_sheet(by, row)
    of_matter = execution.Step.REPORT_BACK if step is SheetStep.FEED_BACK else execution.Step.INSTRUCT
    noted = recording.note(by, matter_id, of_matter, f"{row.number} {SHEET_STEP_LABELS[step]} {words}".strip())
    event = Supervised(
        what="sheet", number=row.number, step=step.value, issuer=instruction.issuer, target=row.target,
        matter=matter_id, areas=recording.areas_of(instruction),
    )  # fmt: skip
    return Outcome(
        shaping.sheet(row, by, registry.scope_of(by)),
        subject=Subject("sheet", row.id, row.number),
        facts={"step": step.value, "state": row.state},
        personal={"text": words} if words else None,
        events=(event, *noted),
    )


def _locked(sheet_id: UUID) -> SupervisionSheet:
    found = SupervisionSheet.objects.select_related("instruction").select_for_update(of=("self",))
    row = found.filter(pk=sheet_id).first()
    if row is None:
        raise Missing()
    return row


def _subject(row: Instruction) -> Subject:
    return Subject("instruction", row.id, row.number)
