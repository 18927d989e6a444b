"""Publishing editions: the city's, and with each of them what the districts tightened over it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from city1361.base.calendar import api as calendar
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing
from city1361.base.kernel.package import Package
from city1361.base.outbox import api as outbox
from city1361.platform.assurance.rules import decisions, declared, queries
from city1361.platform.assurance.rules.content import DUTIES, SECTIONS, digest, empty
from city1361.platform.assurance.rules.events import RulesPublished
from city1361.platform.assurance.rules.models import RuleEdition, RuleProposal
from city1361.platform.assurance.rules.registered import clock_codes
from city1361.platform.assurance.rules.terms import ProposalState
from city1361.platform.assurance.rules.values import Content
from city1361.platform.assurance.standards.areas import api as areas

_LOCK = 0x72756C6573  # one publication at a time


def day_minutes() -> int:
    """The working minutes of the shortest full day the city has known."""
    return min(entry.shifts.minutes for entry in calendar.current().hours)


def lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def publish(*, area: UUID | None, content: Content, valid_from: date, reason: str, by: By) -> RuleEdition:
    """Publish an edition, sound as it is, and bring the districts' over to it when it is the city's. The caller holds
    the lock and has checked what it says."""
    base = None if area is None else queries.latest(None)
    made = _edition(area, base, content, valid_from=valid_from, reason=reason, by=by)
    events = [RulesPublished(str(made.id), str(area or ""), valid_from)]
    if area is None:
        for other in _latest_of_districts():
            kept = decisions.still_tighter(queries.book(made.id), {**empty(), **other.content}, day_minutes())
            later = max(valid_from, other.valid_from)
            moved = _edition(other.area_id, made, kept, valid_from=later, reason=reason, by=by)
            events.append(RulesPublished(str(moved.id), str(other.area_id), moved.valid_from))
    outbox.publish(*events, by=by)
    return made


def _edition(
    area: UUID | None, base: RuleEdition | None, content: Content, *, valid_from: date, reason: str, by: By
) -> RuleEdition:
    before = queries.latest(area)
    return RuleEdition.objects.create(
        number=1 if before is None else before.number + 1,
        area_id=area,
        base=base,
        valid_from=valid_from,
        digest=digest(content, area=str(area or ""), base=base.digest if base else ""),
        content=content,
        reason=reason[:300],
        published_at=clock.now(),
        published_by=by.label,
    )


def _latest_of_districts() -> list[RuleEdition]:
    return list(RuleEdition.objects.exclude(area=None).order_by("area", "-number").distinct("area"))


# ── what comes with the city's folder and with packages ──────────────────────────────────────────────────────────


def check_section(path: Path) -> list[Invalid]:
    """Every fault of the instance folder's `rules.yaml`; a folder without one lays down nothing."""
    if not (path / declared.FILE).is_file():
        return []
    return declared.check(path, stages=clock_codes())


def load_section(path: Path) -> str:
    """Load the city's own rules."""
    if not (path / declared.FILE).is_file():
        return ""
    return _load(path, declared.CITY, By.system("实例载入", channel="command"), "城市实例载入")


def check_package(package: Package) -> list[Any]:
    """Every fault of a package's `rules.yaml`."""
    return declared.check(package.path, package=package.id) if package.files(declared.FILE) else []


def package_patterns(package: Package) -> list[str]:
    """The types, or beginnings of their codes with `*`, that a package's rules speak of."""
    return declared.patterns(package.path) if package.files(declared.FILE) else []


def load_package(package: Package, by: By) -> str:
    """Load a package's rules: at once when they are new, as a proposal when they change what is in force."""
    if not package.files(declared.FILE):
        return withdraw_package(package.id, by)
    return _load(package.path, package.id, by, package.title)


def withdraw_package(package: str, by: By) -> str:
    """End what a package brought: its types are withdrawn with it."""
    lock()
    before = queries.latest(None)
    content = with_part(queries.whole(before.content), package, empty()) if before else None
    if before is None or content is None or content == queries.whole(before.content):
        return ""
    publish(area=None, content=content, valid_from=max(areas.today(), before.valid_from), reason=package, by=by)
    return _("停用该应用包的规则")


def _load(path: Path, origin: str, by: By, title: str) -> str:
    said, part = declared.read(path, origin)
    _check_towns(part)
    lock()
    before = queries.latest(None)
    known = queries.whole(before.content) if before else empty()
    content = with_part(known, origin, part)
    if content == known:
        return _("规则没有变化")
    if flaws := decisions.flaws(content):
        raise declared.problem_of(flaws[0])
    if before is not None and any(
        entry.get("origin") == origin for keyed in known.values() for entry in keyed.values()
    ):
        return _propose_part(before, content, origin, by, title)
    first = said.valid_from if before is None else max(said.valid_from, before.valid_from)
    publish(area=None, content=content, valid_from=first, reason=title, by=by)
    return _("规则{count}条，自{day}施行").format(count=sum(map(len, part.values())), day=first)


def _propose_part(before: RuleEdition, content: Content, origin: str, by: By, title: str) -> str:
    """A newer folder or package changes what is in force: somebody else must agree first."""
    open_ones = RuleProposal.objects.filter(origin=origin, state=ProposalState.PROPOSED)
    if any(one.base_id == before.id and one.content == content for one in open_ones):
        return _("规则变更待批准")
    open_ones.update(state=ProposalState.WITHDRAWN, decided_at=clock.now(), decided_by=by.label, decision="更新")
    RuleProposal.objects.create(
        base=before,
        state=ProposalState.PROPOSED,
        title=title,
        reason=_("随更新而来，与现行规则不同"),
        content=content,
        starts_on=max(areas.today(), before.valid_from),
        origin=origin,
        proposed_at=clock.now(),
        proposer=by.account,
        proposed_by=by.label,
    )
    return _("规则变更待批准")


def with_part(known: Content, origin: str, part: Content) -> Content:
    """The rules with what `origin` brings in the place of what it brought; what was decided since stays. Raises
    Conflict for an entry that another one brought."""
    made = empty()
    for section in SECTIONS:
        for key, entry in known[section].items():
            if entry.get("origin") != origin or entry.get("decided"):
                made[section][key] = entry
        for key, entry in part[section].items():
            there = made[section].get(key)
            if there is None:
                made[section][key] = entry
            elif there.get("origin") != origin:
                raise Conflict(
                    "rule_taken", "“{key}”已由“{other}”规定", where=f"{section}.{key}", remedy="请删去该条",
                    params={"key": key, "other": there.get("origin") or "—"},
                )  # fmt: skip
    return made


def _check_towns(part: Content) -> None:
    for key, entry in part[DUTIES].items():
        try:
            if entry["town"]:
                areas.by_code(entry["town"])
        except Missing:
            raise Invalid(
                "town_unknown", "没有镇街“{town}”", where=f"{DUTIES}.{key}", remedy="请核对行政区划代码",
                params={"town": entry["town"]},
            ) from None  # fmt: skip
