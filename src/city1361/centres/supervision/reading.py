"""Reads of supervision, for whoever sees it: area in scope, or my organisation takes part."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope
from city1361.centres.supervision import sampling, shaping
from city1361.centres.supervision.answers import Desk, InstructionView, NoticeView, SheetView, VisitView
from city1361.centres.supervision.models import STANDING, Instruction, Notice, ReturnVisit, SupervisionSheet
from city1361.centres.supervision.terms import NoticeState, Permission, SheetState

MOST = 100


def visible_to(scope: Scope, prefix: str = "") -> Q:
    """What row security says too."""
    if scope.unlimited:
        return Q()
    seen = Q(pk__in=())
    for area in scope.areas:
        seen |= Q(**{f"{prefix}{area.level.value}_id": area.id})
    if scope.organisations:
        seen |= Q(**{f"{prefix}organisations__overlap": sorted(scope.organisations)})
    return seen


def notice(*, scope: Scope, by: By, notice_id: UUID) -> NoticeView:
    """A notice. Raises Missing."""
    row = Notice.objects.filter(visible_to(scope), pk=notice_id).first()
    if row is None:
        raise Missing()
    return shaping.notice(row, by, scope)


def sheet(*, scope: Scope, by: By, sheet_id: UUID) -> SheetView:
    """A 督办单. Raises Missing."""
    row = _sheets(scope).filter(pk=sheet_id).first()
    if row is None:
        raise Missing()
    return shaping.sheet(row, by, scope)


def instruction(*, scope: Scope, by: By, instruction_id: UUID) -> InstructionView:
    """An instruction with its sheets. Raises Missing."""
    row = Instruction.objects.filter(visible_to(scope), pk=instruction_id).first()
    if row is None:
        raise Missing()
    return shaping.instruction(row, by, scope)


def visit(*, scope: Scope, by: By, visit_id: UUID) -> VisitView:
    """A return visit. Raises Missing."""
    row = ReturnVisit.objects.filter(visible_to(scope), pk=visit_id).first()
    if row is None:
        raise Missing()
    return shaping.visit(row, by, scope)


def _sheets(scope: Scope) -> QuerySet[SupervisionSheet]:
    return SupervisionSheet.objects.select_related("instruction").filter(visible_to(scope, "instruction__"))


def notices(*, scope: Scope, by: By, standing: bool = True) -> list[NoticeView]:
    """The newest notices in my scope: those that stand, or those that have ended."""
    ended = ~Q(state__in=STANDING) | Q(state=NoticeState.ANSWERED.value, card="")
    found = Notice.objects.filter(visible_to(scope)).filter(~ended if standing else ended)
    return [shaping.notice(row, by, scope) for row in found.order_by("-id")[:MOST]]


def sheets(*, scope: Scope, by: By, still_open: bool = True) -> list[SheetView]:
    """The newest 督办单 in my scope: those open, or those signed off."""
    signed = Q(state=SheetState.SIGNED_OFF.value)
    found = _sheets(scope).filter(~signed if still_open else signed)
    return [shaping.sheet(row, by, scope) for row in found.order_by("-id")[:MOST]]


def visits(*, scope: Scope, by: By) -> list[VisitView]:
    """The newest return visits in my scope."""
    found = ReturnVisit.objects.filter(visible_to(scope)).order_by("-id")[:MOST]
    return [shaping.visit(row, by, scope) for row in found]


def desk(*, scope: Scope, by: By) -> Desk:
    """What stands on the page: cards in force, reminders to answer, sheets to answer and to sign off, visits to make."""
    standing, open_sheets = notices(scope=scope, by=by), sheets(scope=scope, by=by)
    own = by.organisation
    to_visit = (
        tuple(sampling.to_visit(scope=scope, by=by, period=sampling.this_month()))
        if scope.allows(Permission.MAKE_VISIT)
        else ()
    )
    return Desk(
        cards=tuple(one for one in standing if one.card),
        notices=tuple(one for one in standing if not one.card),
        to_answer=tuple(one for one in open_sheets if one.state is SheetState.TO_ANSWER),
        to_sign_off=tuple(
            one for one in open_sheets if one.state is SheetState.TO_SIGN_OFF and own in (one.issuer.id, one.target.id)
        ),
        to_visit=to_visit,
    )


def of_matter(*, scope: Scope, by: By, matter_id: UUID) -> tuple[list[NoticeView], list[SheetView], list[VisitView]]:
    """What stands against and about a matter, oldest first."""
    found = Notice.objects.filter(visible_to(scope), matter=matter_id).order_by("id")
    issued = _sheets(scope).filter(instruction__matter=matter_id).order_by("id")
    visited = ReturnVisit.objects.filter(visible_to(scope), matter=matter_id).order_by("id")
    return (
        [shaping.notice(row, by, scope) for row in found],
        [shaping.sheet(row, by, scope) for row in issued],
        [shaping.visit(row, by, scope) for row in visited],
    )
