"""From what was found in pasted text to the fields of the desk's form, each with where it was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import queries
from city1361.centres.execution.entry import chat
from city1361.centres.execution.entry.intake_forms import MOMENT
from city1361.centres.execution.inputs import LONGEST_TEXT
from city1361.centres.execution.terms import URGENCY_LABELS, Urgency
from city1361.platform.assurance.standards.areas import api as areas

MOST_AREAS = 6


@dataclass(frozen=True, slots=True)
class Filled:
    """The form's first values and, under each field, what was found for it: empty text never stands for a guess."""

    initial: dict[str, Any]
    found: dict[str, str]
    messages: tuple[chat.Message, ...]
    cut: bool


def read(text: str, scope: Scope) -> Filled:
    """What the pasted text says, within the areas of this desk."""
    now = timezone.localtime(clock.now())
    kinds = [chat.Kind(one.code, one.name, one.category, one.class_name) for one in queries.matter_types()]
    seen = chat.proposal(text, now, kinds)
    nearby = _areas(seen, scope)
    urgency = seen.urgency[0] if seen.urgency else Urgency.NORMAL
    initial = {
        "matter_type": seen.kinds[0].code if seen.kinds else "",
        "description": seen.description[:LONGEST_TEXT],
        "urgency": urgency.value,
        "area": str(nearby[0][0]) if nearby else "",
        "address": seen.addresses[0].value if seen.addresses else "",
        "occurred_at": seen.moments[0][0].strftime(MOMENT) if seen.moments else "",
        "contact_phone": seen.phones[0].value if seen.phones else "",
    }
    found = {
        "matter_type": _said([f"{kind.name}（{'、'.join(kind.words)}）" for kind in seen.kinds]),
        "urgency": _urgency(seen),
        "area": _said([f"{name}（{said}）" for _id, name, said in nearby]),
        "address": _said([one.said for one in seen.addresses]),
        "occurred_at": _said([said for _at, said in seen.moments]),
        "contact_phone": _said([one.said for one in seen.phones]),
    }
    return Filled(initial, found, seen.messages, seen.cut)


def _said(pieces: list[str]) -> str:
    if not pieces:
        return _("文中没有找到，请填写或留空")
    return _("文中找到：{found}").format(found="；".join(pieces))


def _urgency(seen: chat.Proposal) -> str:
    if seen.urgency is None:
        return _("文中没有提到，按一般登记")
    return _("文中提到“{said}”，建议{urgency}").format(said=seen.urgency[1], urgency=_(URGENCY_LABELS[seen.urgency[0]]))


def _areas(seen: chat.Proposal, scope: Scope) -> list[tuple[UUID, str, str]]:
    """Areas of the scope that bear a name that was said, the smallest first: id, way down, how it was said."""
    made: dict[UUID, tuple[UUID, str, str]] = {}
    for one in seen.areas:
        for area in sorted(scope.areas):
            name = chat.area_name(one.value)
            hits = areas.find(name, under=area.id, limit=MOST_AREAS)
            for lineage in areas.lineages([hit.id for hit in hits]).values():
                if lineage.town is not None:
                    made.setdefault(lineage.lowest.id, (lineage.lowest.id, str(lineage), one.said))
    ordered = areas.lineages(list(made))
    return sorted(made.values(), key=lambda one: -len(ordered[one[0]].ids))[:MOST_AREAS]
