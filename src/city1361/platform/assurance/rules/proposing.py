"""A change of the rules: proposed, previewed on last month's matters, decided by another person, published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.timezone import get_default_timezone

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Refused, Unavailable
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef, Level
from city1361.platform.assurance.rules import compiling, decisions, publishing, queries
from city1361.platform.assurance.rules.content import CLASSIFICATIONS, LIMITS, SECTIONS, limits_only, normal
from city1361.platform.assurance.rules.decisions import Flaw
from city1361.platform.assurance.rules.declared import problem_of
from city1361.platform.assurance.rules.events import ProposalDecided
from city1361.platform.assurance.rules.models import RuleEdition, RuleProposal
from city1361.platform.assurance.rules.registered import Asked, clock_codes, matter_words
from city1361.platform.assurance.rules.terms import Permission, ProposalState
from city1361.platform.assurance.rules.values import Content, Library
from city1361.platform.assurance.standards.areas import api as areas


@dataclass(frozen=True, slots=True)
class Change:
    """One entry as it should be; `value` None ends it. section: limits, classifications, duties or parameters."""

    section: str
    key: str
    value: dict[str, Any] | None


@action(Permission.PROPOSE_RULE)
def rule_propose(
    *, by: By, title: str, reason: str, changes: Sequence[Change], starts_on: date, area: UUID | None = None
) -> Outcome[RuleProposal]:
    """Propose changes of the city's rules, or what a district tightens over them.

    Raises Missing for an area that is not one's own, Invalid with the entry for rules that are not sound, Conflict
    when nothing would change.
    """
    _own(by, area, deciding=False)
    base = _base(area)
    known = queries.whole(base.content) if base.area_id == area else queries.whole({})
    content = changed(known, changes, district=area is not None)
    _check(content, base, area)
    if content == known:
        raise Conflict("rule_unchanged", "与现行规则相同", where="changes", remedy="请改动至少一处")
    _check_day(starts_on, base)
    row = RuleProposal(
        id=new_id(),
        area_id=area,
        base=base,
        state=ProposalState.PROPOSED,
        title=title.strip(),
        reason=reason.strip(),
        content=content,
        starts_on=starts_on,
        proposed_at=clock.now(),
        proposer=by.account,
        proposed_by=by.label,
    )
    row.preview = preview(row)
    row.save(force_insert=True)
    facts = {
        "starts_on": starts_on.isoformat(),
        "area": str(area or ""),
        "changes": [f"{one.section}.{one.key}" for one in changes],
    }
    return Outcome(row, subject=_subject(row), facts=facts)


@action(Permission.APPROVE_RULE)
def rule_approve(*, by: By, proposal: UUID, reason: str = "") -> Outcome[RuleEdition]:
    """Approve what somebody else proposed: it is published with its day.

    Raises Missing, Refused for one's own, Conflict when it was decided already or the rules have moved on since.
    """
    publishing.lock()
    row = _undecided(by, proposal)
    if row.proposer is not None and row.proposer == by.account:
        raise Refused("own_proposal", "不能批准自己提出的变更", where="proposal", remedy="请由另一人批准")
    newest = _base(row.area_id)
    if newest.id != row.base_id:
        raise Conflict(
            "rules_moved",
            "提出之后规则已有新版次，无法直接批准",
            where="proposal",
            remedy="请退回，由提出人按新版次重新提出",
        )
    _check(row.content, row.base, row.area_id)
    row.preview = preview(row)
    content = _marked(row)
    starts_on = max(row.starts_on, areas.today())
    edition = publishing.publish(area=row.area_id, content=content, valid_from=starts_on, reason=row.title, by=by)
    row.edition = edition
    _decide(row, ProposalState.APPROVED, by, reason)
    facts = {"edition": str(edition.id), "digest": edition.digest, "valid_from": starts_on.isoformat()}
    return Outcome(edition, subject=_subject(row), facts={**facts, "preview": row.preview}, events=(_told(row),))


@action(Permission.APPROVE_RULE)
def rule_reject(*, by: By, proposal: UUID, reason: str) -> Outcome[RuleProposal]:
    """Reject with a reason. Raises Missing, Invalid without a reason, Conflict when it was decided already."""
    row = _undecided(by, proposal)
    if row.proposer is not None and row.proposer == by.account:
        raise Refused("own_proposal", "不能退回自己提出的变更", where="proposal", remedy="请改为撤回")
    if not reason.strip():
        raise Invalid("reason_needed", "请写明理由", where="reason", remedy="退回变更须写明理由")
    _decide(row, ProposalState.REJECTED, by, reason)
    return Outcome(row, subject=_subject(row), facts={"reason": row.decision}, events=(_told(row),))


@action(Permission.PROPOSE_RULE)
def rule_withdraw(*, by: By, proposal: UUID, reason: str = "") -> Outcome[RuleProposal]:
    """Take one's own proposal back. Raises Missing for somebody else's, Conflict when it was decided already."""
    row = _undecided(by, proposal)
    if row.proposer != by.account:
        raise Missing()
    _decide(row, ProposalState.WITHDRAWN, by, reason)
    return Outcome(row, subject=_subject(row), facts={}, events=(_told(row),))


def changed(known: Content, changes: Sequence[Change], *, district: bool) -> Content:
    """The rules with these changes. Raises Invalid naming the entry that is not what its section holds."""
    made: Content = {section: dict(known[section]) for section in SECTIONS}
    for one in changes:
        if one.section not in SECTIONS:
            raise Invalid(
                "section_unknown", "没有“{section}”这一类规则", where="changes.section", params={"section": one.section}
            )
        if one.value is None:
            made[one.section].pop(one.key, None)
            continue
        if district and one.section in (LIMITS, CLASSIFICATIONS):
            entry, wrong = limits_only(one.section, one.value)
        else:
            origin = made[one.section].get(one.key, {}).get("origin", "")
            entry, wrong = normal(one.section, {**one.value, "origin": origin, "decided": ""})
        if entry is None:
            place, reason = wrong[0]
            raise problem_of(Flaw("wrong_entry", one.section, one.key, tuple(place), (("reason", reason),)))
        made[one.section][one.key] = entry
    return made


def preview(row: RuleProposal) -> dict[str, Any] | None:
    """What the change would have meant for last month's matters; None when nobody counts them."""
    count = matter_words().count
    if count is None:
        return None
    today = areas.today()
    until = today.replace(day=1)
    since = (until - timedelta(days=1)).replace(day=1)
    before = Library(queries.book(row.base_id), today)
    content = queries.whole(row.content)
    if row.area_id is not None:
        content = compiling.overlaid(queries.whole(queries.city_of(row.base).content), content)
    after = Library(compiling.compiled(row.id, content), today)
    return asdict(count(Asked(before, after, row.area_id, _midnight(since), _midnight(until))))


def may_decide(by: By, row: RuleProposal) -> bool:
    """Whether this person may approve or reject it, apart from the permission."""
    try:
        _own(by, row.area_id, deciding=True)
    except Missing:
        return False
    return row.proposer is None or row.proposer != by.account


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=get_default_timezone())


def _base(area: UUID | None) -> RuleEdition:
    """The newest edition of the area; a district that has none begins over the city's."""
    found = (queries.latest(area) if area else None) or queries.latest(None)
    if found is None:
        raise Unavailable(
            "rules_missing", "分级分类库尚未载入", remedy="请系统管理员载入城市实例（city1361 instance load）"
        )
    return found


def _own(by: By, area: UUID | None, *, deciding: bool) -> None:
    """The city changes the city's rules, a district its own; the city may decide on a district's too."""
    scope = registry.scope_of(by)
    if scope.unlimited:
        return
    levels = {one.level for one in scope.areas}
    if area is None and Level.CITY in levels:
        return
    if area is not None and (AreaRef(Level.DISTRICT, area) in scope.areas or (deciding and Level.CITY in levels)):
        return
    raise Missing()


def _check(content: Content, base: RuleEdition, area: UUID | None) -> None:
    if area is None:
        found = decisions.flaws(queries.whole(content), clock_codes())
    else:
        city = queries.book(queries.city_of(base).id)
        found = decisions.tightening_flaws(city, content, publishing.day_minutes())
    if found:
        raise problem_of(found[0])


def _check_day(starts_on: date, base: RuleEdition) -> None:
    earliest = max(areas.today(), base.valid_from)
    if starts_on < earliest:
        raise Invalid(
            "starts_too_early", "施行日期不能早于{day}", where="starts_on", remedy="规则不溯及既往",
            params={"day": earliest.isoformat()},
        )  # fmt: skip


def _undecided(by: By, proposal: UUID) -> RuleProposal:
    row = (
        RuleProposal.objects.select_for_update(of=("self",))
        .select_related("base", "base__base")
        .filter(pk=proposal)
        .first()
    )
    if row is None:
        raise Missing()
    _own(by, row.area_id, deciding=True)
    if row.state != ProposalState.PROPOSED:
        raise Conflict("proposal_decided", "这一变更已有决定", where="proposal", remedy="请刷新页面")
    return row


def _decide(row: RuleProposal, state: ProposalState, by: By, reason: str) -> None:
    row.state, row.decided_at, row.decision = state, clock.now(), reason.strip()
    row.decider, row.decided_by = by.account, by.label
    row.save(update_fields=["state", "decided_at", "decision", "decider", "decided_by", "preview", "edition"])


def _marked(row: RuleProposal) -> Content:
    """What the people decided carries the proposal, so that no update of a package overwrites it."""
    made = queries.whole(row.content)
    if row.area_id is not None or row.origin:
        return made
    for one in decisions.differences(row.base.content, made):
        entry = made[one.section].get(one.key)
        if entry is not None:
            made[one.section][one.key] = {**entry, "decided": str(row.id)}
    return made


def _subject(row: RuleProposal) -> Subject:
    return Subject("rule_proposal", row.id, row.title)


def _told(row: RuleProposal) -> ProposalDecided:
    return ProposalDecided(str(row.id), str(row.state))
