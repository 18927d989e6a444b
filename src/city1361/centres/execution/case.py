"""One matter and one line of a list, as the desk's templates want them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.scope import Level, Scope
from city1361.base.outbox import api as outbox
from city1361.base.ui import api as ui
from city1361.centres.execution import api, archiving, clocks, panels, presentation
from city1361.centres.execution.models import Matter
from city1361.centres.execution.presentation import Tag
from city1361.centres.execution.steps import holding
from city1361.centres.execution.steps.walking import SUBJECT_KIND
from city1361.centres.execution.terms import (
    CHANNEL_LABELS,
    EXCLUSION_LABELS,
    HAND_OVER_LABELS,
    LEVEL_LABELS,
    RESULT_LABELS,
    UNIT_LABELS,
    MatterState,
    Step,
    Tab,
)
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api as processes

# What an official should know at this station.
WHY = {
    MatterState.VERIFYING: ("公众上报先核实，再受理", "核实由上报人以外的人办理"),
    MatterState.DISPATCHING: ("分拨给本级单位，或交办下级中心", "退回后时限内未派遣，由上级中心指定管辖"),
    MatterState.DESIGNATING: ("首接中心的上一级中心指定管辖", "裁定须写明理由，留作先例"),
    MatterState.REPORTED: ("受理后交主办岗位签收", "不予受理须写明理由"),
    MatterState.ADMITTED: ("签收时限到期视为签收",),
    MatterState.HANDLING: ("主办岗位只能申请办结", "核查由另一岗位办理"),
    MatterState.CLOSE_REQUESTED: ("核查由非处置岗位办理",),
    MatterState.CHECKED: ("办结由治理中心或上报人办理",),
    MatterState.CLOSED: ("上报人认为没解决时重新办理", "沿用原时限"),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A step this person may take now."""

    label: str
    address: str
    primary: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list."""

    id: UUID
    number: str
    address: str
    title: str
    place: str
    state: Tag
    urgency: Tag
    total: ui.Clock | None
    stage: ui.Clock | None
    reported_at: datetime
    open: bool = False


def items(rows: Sequence[api.MatterRow], address: Callable[[UUID], str], opened: UUID | None = None) -> list[Item]:
    """The lines of a list; `opened` is the matter shown beside it."""
    working = presentation.working_day() if rows else 0
    return [_item(row, address(row.id), working, open_=row.id == opened) for row in rows]


def _item(row: api.MatterRow, address: str, working: int, *, open_: bool) -> Item:
    late = row.total.overdue or (row.stage is not None and row.stage.overdue)
    return Item(
        id=row.id,
        number=row.number,
        address=address,
        title=row.title,
        place=row.place,
        state=presentation.state_tag(row.state, overdue=late, current=open_),
        urgency=presentation.urgency_tag(row.urgency),
        total=presentation.clock(row.total, working),
        stage=presentation.clock(row.stage, working),
        reported_at=row.reported_at,
        open=open_,
    )


def item_clocks(items: Sequence[processes.WorkItemView]) -> dict[UUID, ui.Clock]:
    """What the inbox shows beside work that ends with the stage of its matter: the same clock as here."""
    rows = Matter.objects.filter(pk__in={item.subject_id for item in items}).order_by()
    matters = {row.id: row for row in rows}
    working, day, now = calendar.current(), presentation.working_day(), clock.now()
    found: dict[UUID, ui.Clock] = {}
    for item in items:
        row = matters.get(item.subject_id) if item.subject_id else None
        if row is None or row.stage_due_at != item.due_at:
            continue
        counted = presentation.clock(clocks.stage(working, row, now), day)
        if counted is not None:
            found[item.id] = counted
    return found


def nothing(tab: Tab, *, filtered: bool) -> dict[str, str]:
    """What an empty list means."""
    if filtered:
        return {"title": _("没有符合筛选的事件"), "text": _("去掉期限筛选可以看到其余事件。")}
    if tab is Tab.TODO:
        return {"title": _("没有待办"), "text": _("有新的事件时，这里会自动出现。")}
    return {"title": _("没有事件"), "text": ""}


def ticket(scope: Scope, opened: UUID | None) -> str:
    """A live ticket for the open matter and the lists of one's towns; empty when there is nothing to hear of."""
    towns = [f"area:{area.id}" for area in sorted(scope.areas) if area.level in (Level.TOWN, Level.DISTRICT)]
    topics = [*([f"matter:{opened}"] if opened else []), *towns]
    return outbox.live_ticket(topics, account=scope.account) if topics else ""


def case(by: By, scope: Scope, matter_id: UUID, view: Callable[[str], str], taking: Step | None) -> dict[str, Any]:
    """Everything the right-hand side shows. Raises Missing. `view` keeps the list in an address."""
    matter = api.matter(scope=scope, by=by, matter_id=matter_id)
    steps = api.history(scope=scope, by=by, matter_id=matter_id)
    total, stage = (None, None) if matter.state is MatterState.MERGED else presentation.large_clocks(matter)
    overdue = matter.total.overdue or (matter.stage is not None and matter.stage.overdue)
    buttons = _buttons(by, scope, matter, view, taking)
    return {
        "id": matter.id,
        "version": matter.version,
        "is_open": matter.state.is_open,
        "number": matter.number,
        "title": matter.title,
        "state": presentation.state_tag(matter.state, overdue=overdue, current=True),
        "urgency": presentation.urgency_tag(matter.urgency),
        "facts": _facts(matter),
        "total": total,
        "stage": stage,
        "stage_name": presentation.stage_name(matter.state),
        "lead": _lead(matter),
        "still": _still(matter),
        "waits_for": "" if buttons else _waits_for(by, scope, matter),
        "steps": [one for one in buttons if one.primary or one.open],
        "more": [one for one in buttons if not (one.primary or one.open)],
        "receipts": _receipts(scope, matter_id),
        "asked": asked(scope, matter_id) if matter.asked else None,
        "beside": panels.buttons(by, scope, matter),
        "boxes": panels.boxes(by, scope, matter),
        "why": [_(line) for line in WHY.get(matter.state, ())],
        "first_receiver": matter.first_receiver.name,
        "archived": archiving.archived_words(matter.archived),
        "timeline": presentation.timeline(steps, matter.state),
        "map": presentation.place_map(matter.place),
        "place": matter.place.short,
        "address": matter.place.address,
        "details": _details(matter),
        "flow": presentation.flow(matter.state, agreed=matter.agreed_at is not None),
        "process": _process(scope, matter_id),
        "flow_note": _("已办{count}步·当前{stage}").format(
            count=matter.version, stage=presentation.stage_name(matter.state)
        ),
    }


def _process(scope: Scope, matter_id: UUID) -> str:
    """The page of the process that runs the matter; empty for those who may not look at processes."""
    if not scope.allows(processes.Permission.VIEW_PROCESS):
        return ""
    instance = processes.instance_of(scope, SUBJECT_KIND, matter_id)
    return reverse("process_instance", args=[instance.id]) if instance else ""


DECIDING = frozenset({Step.PAUSE, Step.SHELVE_MATTER, Step.EXTEND, Step.VOID, Step.REJECT_REQUEST})


def asked(scope: Scope, matter_id: UUID) -> dict[str, str] | None:
    """What waits for somebody's word, for those who are about to give it."""
    waiting = [one for one in api.approvals(scope=scope, matter_id=matter_id) if one.state is api.ApprovalState.WAITING]
    if not waiting:
        return None
    one = waiting[0]
    title = _("{who}申请{kind}").format(who=one.asked_who, kind=_(EXCLUSION_LABELS[one.kind]))
    return {"title": title, "text": "".join([_asked_words(one), one.reason])}


def _asked_words(one: api.ApprovalView) -> str:
    if one.kind is api.ExclusionKind.EXTENDED:
        words = _("延长{amount}{unit}。")
        return words.format(amount=one.asked["amount"], unit=_(UNIT_LABELS[one.asked["unit"]]))
    if one.kind is api.ExclusionKind.SHELVED_MATTER:
        return _("下次复核日期：{day}。").format(day=one.asked["review_on"])
    return ""


def _buttons(
    by: By, scope: Scope, matter: api.MatterView, view: Callable[[str], str], taking: Step | None
) -> list[Button]:
    offered = api.available_steps(by=by, scope=scope, matter=matter)
    return [
        Button(_(one.label), view(reverse("step", args=[matter.id, one.step.value])), one.primary, one.step is taking)
        for one in offered
    ]


def _receipts(scope: Scope, matter_id: UUID) -> list[dict[str, Any]]:
    """交接回执: who gave it to whom, and whether that was acknowledged."""
    return [
        {
            "label": _(HAND_OVER_LABELS[one.kind]),
            "who": _("{giver} → {receiver}").format(giver=one.given_by, receiver=one.given_to),
            "at": one.at,
            "receipt": _receipt(one),
        }
        for one in api.hand_overs(scope=scope, matter_id=matter_id)
    ]


def _receipt(one: api.HandOverView) -> str:
    if one.presumed and one.acknowledged_at:
        return _("到期视同签收")
    if one.acknowledged_at:
        return _("{moment}签收").format(moment=ui.moment_words(one.acknowledged_at))
    if one.ended_by == api.HandOverKind.SENT_BACK:
        return _("已退回")
    if one.ended_by:
        return _("未签收")
    return _("待签收")


def _lead(matter: api.MatterView) -> str:
    if matter.lead is None:
        return ""
    post, unit = matter.lead.post, matter.lead.organisation.name
    return f"{unit}·{post.name}" if post else unit


def _waits_for(by: By, scope: Scope, matter: api.MatterView) -> str:
    """Who goes on from here, for those who do not; empty when that is not theirs to know."""
    if not matter.state.is_open:
        return ""
    for item in processes.work_items_of(scope, by, matter.id):
        if item.kind == holding.APPROVE:
            continue
        unit = organisations.organisations([item.organisation]).get(item.organisation)
        post = next((one.name for one in organisations.posts_of(item.organisation) if one.code == item.post), "")
        return "·".join(text for text in (unit.name if unit else "", post) if text)
    return ""


def _still(matter: api.MatterView) -> str:
    """A word for clocks that stand still."""
    if not matter.total.paused:
        return ""
    if matter.shelved_review_on is None:
        return _("已暂停计时")
    day = matter.shelved_review_on
    return _("已挂账，{month}月{day}日复核").format(month=day.month, day=day.day)


def _facts(matter: api.MatterView) -> list[tuple[str, str]]:
    facts = [(_("来源"), _(CHANNEL_LABELS[matter.channel]))]
    if matter.level:
        facts.append((_("事件等级"), _(LEVEL_LABELS[matter.level])))
    if matter.result:
        facts.append((_("办理结果"), _(RESULT_LABELS[matter.result])))
    return facts


def _details(matter: api.MatterView) -> list[tuple[str, str]]:
    """Pairs for the box of facts; what does not apply is left out."""
    reporter = matter.reporter
    shown = "，".join(text for text in (reporter.label, reporter.name, reporter.phone) if text)
    details = [
        (_("类型"), matter.type.name),
        (_("上报人"), shown if reporter.shown else _("{kind}（身份不公开）").format(kind=_(reporter.label))),
        (_("发生时间"), ui.moment_words(matter.occurred_at)),
        (_("上报时间"), ui.moment_words(matter.reported_at)),
    ]
    if matter.total.example:
        details.append((_("时限"), _("示例，未经确认")))
    if matter.recurrence_number:
        details.append((_("反复"), matter.recurrence_number))
    if matter.reopened_count or matter.rework_count:
        counted = _("重开{reopened}次，返工{rework}次")
        details.append((_("返工"), counted.format(reopened=matter.reopened_count, rework=matter.rework_count)))
    details += [(_("外部编号"), f"{one.system} {one.number}") for one in matter.external_numbers]
    if matter.filed_after_the_fact:
        details.append((_("补录"), _("先处置后补单")))
    if matter.sensitive:
        details.append((_("敏感标识"), "、".join(matter.sensitive)))
    if matter.synthetic:
        details.append((_("数据"), _("合成示例")))
    return details
