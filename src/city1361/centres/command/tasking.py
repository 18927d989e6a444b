"""Assisting tasks: given by the unit that leads a matter, each with clocks of its own; handed on, taken back, redone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.base.action.api import Outcome, Submission, action, earlier, submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused
from city1361.centres.command import decisions, inputs, limits, phrases, recording, shaping, standing, work_items
from city1361.centres.command.answers import Choice, TaskView
from city1361.centres.command.models import Task
from city1361.centres.command.recording import Told
from city1361.centres.command.terms import Permission, TaskState, TaskStep
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations

OPEN_FOR_TASKS = frozenset({execution.MatterState.ADMITTED, execution.MatterState.HANDLING})
LINKS = 6  # how often a task may be handed on


@dataclass(frozen=True, slots=True)
class TaskAnswer:
    """What came with a step of a task. organisation: to whom it is handed on, or who is informed; post: who stands in."""

    text: str = ""
    clause: str = ""
    organisation: UUID | None = None
    post: UUID | None = None


@dataclass(frozen=True, slots=True)
class _New:
    """A task about to be written."""

    matter: execution.MatterView
    organisation: Choice
    post: organisations.PostView | None
    title: str
    demand: str
    limit: limits.Limit
    origin: Task | None = None


@action(Permission.GIVE_TASK)
def task_give(
    *,
    by: By,
    client_key: str,
    matter_id: UUID,
    organisation: UUID,
    demand: str,
    title: str = "",
    post: UUID | None = None,
    amount: int | None = None,
    unit: str = "",
) -> Outcome[TaskView]:
    """追加协办: the leading unit (or the centre that received the matter) has another unit do a part of it.

    Raises Invalid, Missing, Refused (neither lead nor centre), Conflict (oneself, taking part already, circular).
    """
    asked = {"matter": matter_id, "organisation": organisation, "demand": demand, "title": title, "post": post, "limit": (amount, unit)}  # fmt: skip
    sent, scope = submission(client_key, asked), registry.scope_of(by)
    known = earlier(Task.objects.all(), by, sent)
    if known is not None:
        return Outcome(shaping.task(known, by, scope), subject=_subject(known), unchanged=True)
    matter = execution.matter(scope=scope, by=by, matter_id=matter_id)
    own = _may_give(by, matter)
    chosen = _target(own, organisation, matter)
    told = inputs.text(demand, where="demand", needed=True)
    named = inputs.text(title, where="title", longest=inputs.LONGEST_TITLE) or matter.title
    standard = limits.limit_of("task_done", matter.urgency.value, organisations.organisation(own).area_id)
    new = _New(matter, chosen, _post_of(chosen.id, post), named, told, inputs.limit(amount, unit, standard))
    return _write(by, sent, new, own)


def _may_give(by: By, matter: execution.MatterView) -> UUID:
    """The giver's organisation: the one that leads, or the first receiver. Raises Refused, Conflict."""
    if matter.state not in OPEN_FOR_TASKS:
        raise Conflict(
            "matter_not_handled",
            "事件不在处置环节，不能交办协办任务",
            where="matter_id",
            remedy="处置中的事件才可以追加协办",
        )
    lead = matter.lead.organisation.id if matter.lead else None
    if by.organisation is None or by.organisation not in (lead, matter.first_receiver.id):
        raise Refused("not_the_lead", "协办任务由主办单位或首接中心交办", remedy="请联系主办单位")
    return by.organisation


def _target(own: UUID, target: UUID, matter: execution.MatterView) -> Choice:
    reach = {one.id: one for one in standing.reach_of_task(own, matter)}
    refused = decisions.refuse_targets(own, [target], standing.of_matter(matter, own), reach)
    if refused and refused.code == "out_of_reach":
        raise Conflict(
            "whistle_instead",
            "该单位不在贵单位可交办的范围",
            where="organisation",
            remedy="请上级或其他条线的单位协助时，用吹哨",
        )
    if refused:
        raise standing.raise_for(refused)
    return reach[target]


def _post_of(organisation_id: UUID, post: UUID | None) -> organisations.PostView | None:
    """A post of that organisation. Raises Invalid."""
    if post is None:
        return None
    found = organisations.posts([post]).get(post)
    if found is None or found.organisation_id != organisation_id:
        raise Invalid("unknown_post", "该单位没有这个岗位", where="post", remedy="请从该单位的岗位中选择")
    return found


def _write(by: By, sent: Submission, new: _New, giver: UUID) -> Outcome[TaskView]:
    now, matter, place = clock.now(), new.matter, new.matter.place
    answer = limits.limit_of("task_acknowledge", matter.urgency.value, organisations.organisation(giver).area_id)
    set_ = limits.span(new.limit, now)
    lineage = (areas.city().id, place.district.id, place.town.id, *(one.id if one else None for one in (place.village, place.grid)))  # fmt: skip
    row = Task.objects.create(
        number=recording.number_for("RW", giver), matter_id=matter.id, matter_number=matter.number,
        title=new.title, demand=new.demand, giver=giver, giver_name=recording.name_of(giver), account=by.account,
        who=by.label, at=now, organisation=new.organisation.id, organisation_name=new.organisation.name,
        post=new.post.code if new.post else "", post_name=new.post.name if new.post else "",
        state=TaskState.GIVEN.value, origin=new.origin, acknowledge_due_at=limits.span(answer, now).due_at,
        limit_amount=new.limit.amount, limit_unit=new.limit.unit, limit_example=new.limit.example,
        due_at=new.origin.due_at if new.origin else set_.due_at,
        amber_at=new.origin.amber_at if new.origin else set_.amber_at, fallback=set_.fallback,
        organisations=[giver, new.organisation.id, *([new.origin.organisation] if new.origin else [])], client_key=sent.key,
        body_hash=sent.body_hash, **recording.area_columns(lineage),
    )  # fmt: skip
    execution.matter_participant_add(
        by=by, matter_id=matter.id, organisation=new.organisation.id, role=execution.Participation.ASSIST
    )
    work_items.open_task(by, row)
    said = phrases.GIVEN.format(organisation=row.organisation_name, demand=new.demand)
    told = Told(new.demand, said, {"organisation": str(row.organisation), "due_at": row.due_at.isoformat()})
    events = recording.remember_task(row, TaskStep.GIVE, told, by=by, at=now)
    view = shaping.task(row, by, registry.scope_of(by))
    return recording.outcome(view, _subject(row), TaskStep.GIVE, told, events)


@action(Permission.DO_TASK)
def task_do(*, by: By, task_id: UUID, step: TaskStep, given: TaskAnswer | None = None) -> Outcome[TaskView]:
    """A step of the assisting unit: acknowledge, report back, complete, turn down, transfer, delegate.

    Raises Missing, Invalid, Conflict, Refused.
    """
    return _take(by, task_id, step, given or TaskAnswer(), Permission.DO_TASK)


@action(Permission.GIVE_TASK)
def task_follow(*, by: By, task_id: UUID, step: TaskStep, given: TaskAnswer | None = None) -> Outcome[TaskView]:
    """A step of the unit that gave the task: inform others, have it redone, take it back."""
    return _take(by, task_id, step, given or TaskAnswer(), Permission.GIVE_TASK)


@action(Permission.LAPSE_LIMIT)
def task_presume(*, by: By, task_id: UUID) -> Outcome[TaskView]:
    """签收 presumed at the end of its limit. By the system alone."""
    return _take(by, task_id, TaskStep.ACKNOWLEDGE, TaskAnswer(), Permission.DO_TASK)


def _take(by: By, task_id: UUID, step: TaskStep, given: TaskAnswer, permission: Permission) -> Outcome[TaskView]:
    now = clock.now()
    row = Task.objects.select_for_update().filter(pk=task_id).first()
    side = decisions.SIDE_OF.get(step)
    if row is None or side is None or decisions.PERMISSION_OF_SIDE[side] is not permission:
        raise Missing()
    facts = shaping.facts_of_task(row, by)
    after = decisions.decide(facts, step)
    if isinstance(after, decisions.Refusal):
        raise standing.raise_for(after, facts.state, step)
    if by.is_system and step is not TaskStep.ACKNOWLEDGE:
        raise Refused("person_needed", "这一步必须由人办理")
    row.state = after.value
    told = _TELL[step](by, row, given, now)
    row.save()
    events = recording.remember_task(row, step, told, by=by, at=now)
    view = shaping.task(row, by, registry.scope_of(by))
    work_items.move_task(by, row, step)
    if step in (TaskStep.TURN_DOWN, TaskStep.TRANSFER, TaskStep.TAKE_BACK):
        execution.matter_participant_end(
            by=by, matter_id=row.matter_id, organisation=row.organisation, role=execution.Participation.ASSIST
        )
    facts_ = Told(told.text, told.noted, {"organisation": str(row.organisation), "state": row.state, **told.facts})
    return recording.outcome(view, _subject(row), step, facts_, events)


def _subject(row: Task) -> Subject:
    return Subject(recording.TASK, row.id, row.number)


def _acknowledge(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    row.acknowledged_at, row.presumed = now, by.is_system
    words = "签收时限已到，视为签收" if by.is_system else inputs.text(given.text)
    return Told(words, facts={"presumed": row.presumed})


def _report_back(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    words = inputs.text(given.text, needed=True)
    return Told(words, _noted(row, "反馈", words))


def _complete(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    row.result, row.ended_at = inputs.text(given.text, needed=True), now
    return Told(row.result, _noted(row, "完成协办任务", row.result))


def _turn_down(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    reason = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    clause = inputs.text(given.clause, where="clause", needed=True, longest=inputs.LONGEST_CLAUSE)
    row.ended_at = now
    words = phrases.REASONED.format(reason=reason, clause=clause)
    return Told(words, _noted(row, "退回协办任务", words), {"clause": clause})


def _transfer(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    """Hand the task on: another unit gets a task of its own, on the clock of the first one."""
    reason = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    target = given.organisation
    if target is None:
        raise Invalid("organisation_needed", "请选择单位", where="organisation", remedy="选择转给哪个单位")
    before = _before(row)
    if target in before:
        refused = decisions.circular(target)
        raise standing.raise_for(refused)
    if len(before) > LINKS:
        raise Conflict(
            "handed_on_too_often", "此任务已多次转办", where="organisation", remedy="请退回交办单位，由其另行安排"
        )
    matter = execution.matter(scope=registry.scope_of(by), by=by, matter_id=row.matter_id)
    chosen = _target(row.organisation, target, matter)
    row.ended_at = now
    row.save(update_fields=["state", "ended_at"])
    limit = limits.Limit(row.limit_amount, row.limit_unit, row.limit_example)
    demand = "\n".join((row.demand, phrases.HANDED_ON.format(organisation=row.organisation_name, reason=reason)))
    new = _New(matter, chosen, None, row.title, demand[: inputs.LONGEST_TEXT], limit, row)
    _write(by, Submission(f"transfer {row.id}", ""), new, row.giver)
    return Told(reason, "", {"to": str(chosen.id)})


def _before(row: Task) -> set[UUID]:
    """The units that had the task already."""
    had, origin = {row.organisation}, row.origin
    while origin is not None:
        had.add(origin.organisation)
        origin = origin.origin
    return had


def _delegate(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    """Another post of the same unit stands in; both are shown."""
    post = _post_of(row.organisation, given.post)
    if post is None:
        raise Invalid("post_needed", "请选择代办岗位", where="post", remedy="选择本单位的一个岗位")
    before, row.post, row.post_name = row.post_name or by.label, post.code, post.name
    words = phrases.DELEGATED.format(before=before, post=post.name, text=inputs.text(given.text))
    return Told(words, _noted(row, "委托代办", words), {"post": post.code})


def _cc(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    if given.organisation is None:
        raise Invalid("organisation_needed", "请选择单位", where="organisation", remedy="选择知会哪个单位")
    informed = organisations.organisation(given.organisation)
    if informed.id in (*row.organisations, *row.informed):
        raise Conflict("informed_already", "该单位已经知道此任务", where="organisation")
    row.informed = [*row.informed, informed.id]
    row.organisations = [*row.organisations, informed.id]
    execution.matter_participant_add(
        by=by, matter_id=row.matter_id, organisation=informed.id, role=execution.Participation.INFORMED
    )
    words = phrases.INFORMED.format(organisation=informed.name, text=inputs.text(given.text))
    return Told(words, _noted(row, "知会", words), {"informed": str(informed.id)})


def _rework(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    words = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    row.ended_at, row.result, row.rework_count = None, "", row.rework_count + 1
    return Told(words, _noted(row, "返工", words))


def _take_back(by: By, row: Task, given: TaskAnswer, now: datetime) -> Told:
    words = inputs.text(given.text, needed=True, longest=inputs.LONGEST_REASON)
    row.ended_at = now
    return Told(words, _noted(row, "撤回协办任务", words))


def _noted(row: Task, what: str, words: str) -> str:
    return f"{row.organisation_name}{what}：{words}"


_TELL = {
    TaskStep.ACKNOWLEDGE: _acknowledge,
    TaskStep.REPORT_BACK: _report_back,
    TaskStep.COMPLETE: _complete,
    TaskStep.TURN_DOWN: _turn_down,
    TaskStep.TRANSFER: _transfer,
    TaskStep.DELEGATE: _delegate,
    TaskStep.CC: _cc,
    TaskStep.REWORK: _rework,
    TaskStep.TAKE_BACK: _take_back,
}
