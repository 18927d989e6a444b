"""Whose work a matter is at its station: the work items that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import reverse

from city1361.base.calendar import api as calendar
from city1361.centres.execution import clocks
from city1361.centres.execution.decisions import DECIDING
from city1361.centres.execution.decisions.who import REQUESTS
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import EXCLUSION_LABELS, Channel, MatterState, Step
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.assurance.standards.organisations.api import PostFunction
from city1361.platform.components.processes import api as processes

APPROVAL, DELEGATE = "approval", "delegate"  # work beside the station, under tokens no process has
APPROVE = "approve"
KINDS = (
    processes.Kind("verify", "核实"),
    processes.Kind("admit", "受理"),
    processes.Kind("dispatch", "派遣"),
    processes.Kind("acknowledge", "签收", bulk=True),
    processes.Kind("designate", "指定管辖"),
    processes.Kind("handle", "处置"),
    processes.Kind("check", "核查"),
    processes.Kind("close", "办结"),
    processes.Kind("agree", "评价"),
    processes.Kind(APPROVE, "审批"),
)


@dataclass(frozen=True, slots=True)
class Beside:
    """Work beside the station that begins and ends with a step."""

    opened: tuple[tuple[str, processes.WorkItemNew], ...] = ()
    closed: tuple[tuple[str, str], ...] = ()


def standing(row: Matter) -> processes.Standing:
    """Whose the process is: the same as the matter."""
    return processes.Standing(area(row), tuple(row.organisations), row.reporter_account)


def area(row: Matter) -> processes.AreaColumns:
    return processes.AreaColumns(row.city_id, row.district_id, row.town_id, row.village_id, row.grid_id)


def item(row: Matter, params: Mapping[str, Any]) -> processes.WorkItemNew | None:
    """The work item of a station; None when nobody holds it."""
    holder = _holder(row, str(params.get("holder", "")))
    return _item(row, str(params.get("kind") or "handle"), holder) if holder else None


def _item(row: Matter, kind: str, holder: processes.WorkItemHolder, title: str = "") -> processes.WorkItemNew:
    return processes.WorkItemNew(
        kind=kind,
        title=title or row.title,
        holder=holder,
        area=area(row),
        subject_kind="matter",
        subject_id=row.id,
        address=reverse("matter", args=[row.id]),
        due_at=row.stage_due_at if row.paused_at is None else None,
        amber_at=clocks.amber(calendar.current(), row),
    )


def _holder(row: Matter, holder: str) -> processes.WorkItemHolder | None:
    """The organisation and post that goes on from here."""
    if holder == "reporter":
        account = row.reporter_account
        return processes.WorkItemHolder(row.centre_id, account=account) if account else None
    if holder == "reviewer":
        return _reviewer(row)
    if holder == "lead" and row.lead_id is not None and row.lead_post_code:
        return _at(row.lead_id, row.lead_post_code)
    centre = row.centre_id if row.state == MatterState.CHECKED else row.current_centre_id
    organisation = {"lead": row.lead_id, "centre": centre, "checker": centre, "upper_centre": row.ruling_centre}
    found = organisation.get(holder)
    return _at(found, _post(found, PostFunction.CHECK if holder == "checker" else PostFunction.DUTY)) if found else None


def _reviewer(row: Matter) -> processes.WorkItemHolder:
    """核实: whoever walks that grid, unless he reported it; else the post that checks."""
    patrol = _post(row.centre_id, PostFunction.PATROL)
    if patrol and row.grid_id and row.channel != Channel.GRID:
        return processes.WorkItemHolder(row.centre_id, patrol, area=row.grid_id)
    return _at(row.current_centre_id, _post(row.current_centre_id, PostFunction.CHECK))


def _at(organisation: UUID, post: str) -> processes.WorkItemHolder:
    return processes.WorkItemHolder(organisation, post)


def _post(organisation: UUID, function: PostFunction) -> str:
    """The post of an organisation that does this; empty, so that all of it is meant, when it has none."""
    found = [post.code for post in organisations.posts_of(organisation) if post.function is function]
    return found[-1] if found else ""


def beside(row: Matter, step: Step) -> Beside:
    """What begins and ends beside the station with this step."""
    if step in REQUESTS:
        kind = EXCLUSION_LABELS[REQUESTS[step]]
        holder = _at(row.current_centre_id, _post(row.current_centre_id, PostFunction.DIRECT))
        return Beside(opened=((APPROVAL, _item(row, APPROVE, holder, f"{kind}：{row.title}")),))
    if step in DECIDING:
        return Beside(closed=((APPROVAL, "completed"),))
    if step is Step.DELEGATE and row.lead_id is not None:
        holder = _at(row.lead_id, row.delegate_post_code)
        return Beside(opened=((DELEGATE, _item(row, "handle", holder)),), closed=((DELEGATE, "cancelled"),))
    if step in (Step.REPORT_PROGRESS, Step.CC, Step.REPORT, Step.RESUME, Step.UNSHELVE, Step.REVIEW_SHELVED):
        return Beside()
    return Beside(closed=((DELEGATE, "cancelled"), (APPROVAL, "cancelled")))
