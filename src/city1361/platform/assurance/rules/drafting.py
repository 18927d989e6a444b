"""A proposal from the one form officials fill in: one limit, of the general table or of a type."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid
from city1361.platform.assurance.rules import queries, words
from city1361.platform.assurance.rules.content import CLASSIFICATIONS, LIMITS, URGENCIES
from city1361.platform.assurance.rules.models import RuleProposal
from city1361.platform.assurance.rules.proposing import Change, rule_propose
from city1361.platform.assurance.rules.registered import matter_words
from city1361.platform.assurance.rules.values import TOTAL, Limit


def choices() -> dict[str, list[tuple[str, str]]]:
    """What may be chosen."""
    return {
        "stage": [(TOTAL, words.stage(TOTAL)), *((one, words.stage(one)) for one in matter_words().stages)],
        "urgency": [(one, words.urgency(one)) for one in URGENCIES],
        "unit": [(unit.value, _(label)) for unit, label in words.UNIT_LABELS.items()],
    }


def propose_limit(
    *,
    by: By,
    area: UUID | None,
    key: str,
    stage: str,
    urgency: str,
    amount: int,
    unit: str,
    starts_on: date,
    reason: str,
) -> RuleProposal:
    """Propose this one limit. Raises what rule_propose raises, Invalid for a type nobody has classified."""
    given = {"amount": amount, "unit": unit}
    latest = (queries.latest(area) if area else None) or queries.latest(None)
    kept = queries.whole(latest.content if latest and latest.area_id == area else {})
    if key:
        known: dict[str, Any] | None = kept[CLASSIFICATIONS].get(key)
        if known is None and area is None:
            raise Invalid(
                "type_unclassified", "分级分类库没有“{key}”", where="key", remedy="请从库中选择", params={"key": key}
            )
        limits = (known or {}).get("limits", {})
        value = {**(known or {}), "limits": {**limits, stage: {**limits.get(stage, {}), urgency: given}}}
        change = Change(CLASSIFICATIONS, key, value)
    else:
        change = Change(LIMITS, stage, {**kept[LIMITS].get(stage, {}), urgency: given})
    said = words.limit(Limit(amount, unit))
    title = f"{key or _('一般时限')}·{words.stage(stage)}·{words.urgency(urgency)}·{said}"
    return rule_propose(by=by, title=title, reason=reason, changes=[change], starts_on=starts_on, area=area)
