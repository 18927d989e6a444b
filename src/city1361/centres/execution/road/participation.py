"""What modules above do to a matter without moving it: who takes part, lines of its history, work beside it that is open.

These are no actions: they run inside an action of the module that calls them, in its transaction and its scope, and that
action records evidence and publishes `Noted.event`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from city1361.base.action.api import Submission
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import inputs, queries
from city1361.centres.execution.decisions.who import HANDLER_STEPS
from city1361.centres.execution.events import MatterChanged
from city1361.centres.execution.models import Matter, MatterParticipant, MatterStep
from city1361.centres.execution.steps import holding, recording
from city1361.centres.execution.terms import Participation, Step
from city1361.platform.components.processes import api as processes


@dataclass(frozen=True, slots=True)
class Noted:
    """A line was added to the history of `subject`, which is `version` by it; the caller publishes `event`."""

    subject: Subject
    version: int
    event: MatterChanged


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Work beside the matter that has not ended: what it is, and who has it."""

    title: str
    who: str


EXPLAINED = "未结束的协办：{listed}。说明：{explanation}"
type_of_finder = Callable[[UUID], Sequence[OpenWork]]

_finders: dict[str, type_of_finder] = {}


def register_open_work(name: str, find: type_of_finder) -> None:
    """Have the close request of a matter ask `find(matter_id)` for work beside it that is still open."""
    _finders[name] = find


def open_work(matter_id: UUID) -> list[OpenWork]:
    """The work beside a matter that has not ended, of every module that has some."""
    return [work for name in sorted(_finders) for work in _finders[name](matter_id)]


def explain_open_work(matter_id: UUID, explanation: str) -> str:
    """What a close request says of the open work beside it; empty without any. Raises Conflict when nobody explains."""
    still_open = open_work(matter_id)
    if not still_open:
        return ""
    listed = "、".join(f"{work.who}：{work.title}" for work in still_open)
    if not explanation:
        raise Conflict(
            "assisting_open", "还有{count}项协办任务未结束：{listed}", where="unfinished",
            remedy="请先结束或撤回这些任务，或说明为何不影响办结",
            params={"count": len(still_open), "listed": listed},
        )  # fmt: skip
    return EXPLAINED.format(listed=listed, explanation=explanation)


def handlers(matter_id: UUID) -> set[UUID]:
    """The accounts that took a step of the handling unit."""
    steps = MatterStep.objects.filter(matter=matter_id, step__in=HANDLER_STEPS, account__isnull=False)
    return {account for account in steps.values_list("account", flat=True) if account}


def note_on_matter(
    *,
    by: By,
    matter_id: UUID,
    step: Step,
    text: str,
    scope: Scope | None = None,
    sent: Submission | None = None,
) -> Noted:
    """Add a line to the history: the matter stays where it stands and becomes one version newer. Raises Missing.

    scope: what the one may see who has the line added, where that is not `by` alone. sent: under which key it came.
    """
    row = _locked(by, matter_id, scope)
    row.version += 1
    row.save(update_fields=["version"])
    MatterStep.objects.create(
        matter=row,
        version=row.version,
        step=step.value,
        before=row.state,
        after=row.state,
        at=clock.now(),
        account=by.account,
        organisation=by.organisation,
        organisation_name=recording.organisation_name(by),
        post=by.post,
        who=by.label,
        on_behalf_of=by.on_behalf_of,
        by_reporter=_is_reporter(row, by, step),
        text=inputs.text(text),
        client_key=sent.key if sent else "",
        body_hash=sent.body_hash if sent else "",
    )
    return Noted(recording.subject_of(row), row.version, recording.changed(row, step))


def _is_reporter(row: Matter, by: By, step: Step) -> bool:
    """What the reporter does beside the matter must not tell who he is. The word of a merged report's reporter is not
    that of this one's."""
    return step is not Step.AGREE and by.account is not None and by.account == row.reporter_account


def matter_participant_add(
    *, by: By, matter_id: UUID, organisation: UUID, post: UUID | None = None, role: Participation
) -> None:
    """Have an organisation take part from now on: it sees the matter. In the same role already: nothing changes."""
    row = _locked(by, matter_id)
    standing = MatterParticipant.objects.filter(matter=row.id, organisation=organisation, role=role, until=None)
    if not standing.exists():
        MatterParticipant.objects.create(
            matter=row, organisation_id=organisation, post_id=post, role=role.value, since=clock.now()
        )
    if organisation not in row.organisations:
        _take_part(row, [*row.organisations, organisation])


def matter_participant_end(*, by: By, matter_id: UUID, organisation: UUID, role: Participation) -> None:
    """Have an organisation take part no more in `role`; one that takes part in no other way sees the matter no more."""
    row = _locked(by, matter_id)
    standing = MatterParticipant.objects.filter(matter=row.id, organisation=organisation, until=None)
    standing.filter(role=role).update(until=clock.now())
    stays = {row.centre_id, row.lead_id, row.current_centre_id, row.handed_by, row.shelved_owner_id}
    if organisation in row.organisations and organisation not in stays and not standing.exists():
        _take_part(row, [one for one in row.organisations if one != organisation])


def _take_part(row: Matter, organisations: list[UUID]) -> None:
    """Who sees the matter sees its process, and finds it."""
    row.organisations = organisations
    row.save(update_fields=["organisations"])
    if row.process_instance:
        processes.place(row.process_instance, holding.standing(row))
    recording.make_findable(row)


def _locked(by: By, matter_id: UUID, scope: Scope | None = None) -> Matter:
    """The row, for whoever may see the matter, locked until the transaction ends. Raises Missing."""
    queries.matter_row(scope or registry.scope_of(by), matter_id)
    return Matter.objects.select_related("type").select_for_update(of=("self",)).get(pk=matter_id)
