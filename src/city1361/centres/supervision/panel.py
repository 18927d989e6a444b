"""What the page of a matter shows of its supervision, and the buttons that lead to it."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse

from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.supervision import presentation, reading
from city1361.centres.supervision.terms import Permission
from city1361.centres.supervision.visiting import handling_units


def draw(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """The box 督查与回访; empty when there is none."""
    if not scope.allows(Permission.READ_SUPERVISION):
        return ""
    notices, sheets, visits = reading.of_matter(scope=scope, by=by, matter_id=matter.id)
    lines = [presentation.notice_line(one) for one in notices]
    lines += [presentation.sheet_line(one) for one in sheets] + [presentation.visit_line(one) for one in visits]
    return render_to_string("centres_supervision/panel.html", {"lines": lines}) if lines else ""


def notice_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where a matter is urged on, for those who may."""
    may = scope.allows(Permission.SEND_NOTICE) and matter.state.is_open
    others = {one.organisation.id for one in matter.participants} - {by.organisation}
    return f"{reverse('notice_new')}?matter={matter.id}" if may and others else ""


def instruction_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where an instruction about it is issued."""
    return f"{reverse('instruction_new')}?matter={matter.id}" if scope.allows(Permission.ISSUE_INSTRUCTION) else ""


def visit_address(by: By, scope: Scope, matter: execution.MatterView) -> str:
    """Where its reporter is asked, once it is closed, by others than those who handled it."""
    closed = matter.state is execution.MatterState.CLOSED
    outside = by.organisation not in handling_units(matter)
    return f"{reverse('visit_new')}?matter={matter.id}" if closed and outside and scope.allows(Permission.MAKE_VISIT) else ""  # fmt: skip
