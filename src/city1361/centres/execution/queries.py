"""Reads of matters. Row security is bound already; these filters are the query, it is the second fence."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import Q

from city1361.base.database import api as database
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing, Unavailable
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import reading, shaping
from city1361.centres.execution.answers import (
    CategoryView,
    MatterTypeView,
    MatterView,
    StepView,
    UrgencyView,
)
from city1361.centres.execution.models import Matter, MatterRules, MatterStep, MatterType
from city1361.centres.execution.rules import Rules, rules_from
from city1361.centres.execution.terms import URGENCY_LABELS, Permission, Urgency
from city1361.platform.assurance.standards.organisations import api as organisations


def visible_to(scope: Scope) -> Q:
    """Area in scope, or my organisation takes part, or I reported: what row security says too."""
    if scope.unlimited:
        return Q()
    seen = Q(pk__in=())
    for area in scope.areas:
        seen |= Q(**{f"{area.level.value}_id": area.id})
    if scope.organisations:
        seen |= Q(organisations__overlap=sorted(scope.organisations))
    if scope.account:
        seen |= Q(reporter_account=scope.account)
    return seen


def matter_row(scope: Scope, matter_id: UUID) -> Matter:
    """The row, with type, centres and lead beside it. Raises Missing when it is not there or not for this scope."""
    return reading.read(scope, matter_id).row


def matter(*, scope: Scope, by: By, matter_id: UUID) -> MatterView:
    """The matter. Raises Missing."""
    return shaping.view(reading.read(scope, matter_id), by, scope)


def my_report(*, scope: Scope, by: By, matter_id: UUID) -> MatterView:
    """A matter that `by` reported. Raises Missing for everybody else, whatever else he may see."""
    found = reading.read(scope, matter_id)
    if by.account is None or found.row.reporter_account != by.account:
        raise Missing()
    return shaping.view(found, by, scope)


def history(*, scope: Scope, by: By, matter_id: UUID) -> list[StepView]:
    """Every step taken, oldest first. Raises Missing."""
    row = matter_row(scope, matter_id)
    steps = MatterStep.objects.filter(matter=matter_id).order_by("version")
    return shaping.step_views(row, list(steps), by, scope)


def steps_since(row: Matter, version: int, by: By, scope: Scope) -> list[StepView]:
    """What happened after `version`."""
    steps = MatterStep.objects.filter(matter=row.id, version__gt=version).order_by("version")
    return shaping.step_views(row, list(steps), by, scope)


def post_code(post_id: UUID) -> str:
    """The code of a post, as `By` carries it."""
    return organisations.post(post_id).code


def photo_visible(scope: Scope, subject_id: str) -> bool:
    """Whether the photos of a matter may be seen: exactly when the matter may, which an area alone does not allow: one
    who administers the city reads none of its matters."""
    if not any(scope.allows(permission) for permission in (Permission.READ_MATTER, Permission.REPORT_MATTER)):
        return False
    return Matter.objects.filter(visible_to(scope), pk=UUID(subject_id)).exists()


def rules() -> Rules:
    """The rules in force. Raises Unavailable while no instance is loaded."""
    edition = database.once("matter rules", _edition)
    if edition is None:
        raise Unavailable(
            "matter_rules_missing", "事件规则尚未载入", remedy="请系统管理员载入城市实例（city1361 instance load）"
        )
    return _rules(edition)


def _edition() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT edition FROM centres_execution_matterrules")
        found = cursor.fetchone()
    return found[0] if found else None


@lru_cache(maxsize=2)
def _rules(edition: UUID) -> Rules:
    return rules_from(MatterRules.objects.get(edition=edition).content)


def matter_types(*, q: str = "", category: str = "", limit: int = 500) -> list[MatterTypeView]:
    """The types that may be reported, by name or code and by category."""
    found = MatterType.objects.filter(active=True)
    if category:
        found = found.filter(category=_text(category))
    if words := _text(q):
        found = found.filter(Q(name__contains=words) | Q(code__startswith=words.upper()))
    return [shaping.type_view(row) for row in found[:limit]]


def _text(given: str) -> str:
    """Without what PostgreSQL cannot hold: NUL becomes the replacement character, which stands in no name."""
    return given.replace("\x00", "\ufffd").strip()


def matter_type_row(code: str) -> MatterType:
    """The type with this code. Raises Invalid, saying where types are listed."""
    row = MatterType.objects.filter(code=_text(code), active=True).first()
    if row is None:
        raise Invalid(
            "unknown_matter_type",
            "没有事件类型“{code}”",
            where="matter_type",
            remedy="请从事件类型表中选择（接口：GET /api/v1/matter-types/）",
            params={"code": code[:32]},
        )
    return row


def categories() -> list[CategoryView]:
    """The large buttons of the phone page, each with its types."""
    grouped: dict[str, list[MatterTypeView]] = {}
    for one in matter_types():
        grouped.setdefault(one.category, []).append(one)
    return [
        CategoryView(one.code, one.name, one.icon, one.default_type, tuple(grouped.get(one.code, ())))
        for one in rules().categories
    ]


def urgencies() -> list[UrgencyView]:
    """The choices of urgency with the total limit promised for each."""
    laid_down = rules()
    limits = [(one, laid_down.total("", one)) for one in Urgency]
    return [UrgencyView(one, URGENCY_LABELS[one], limit.amount, limit.unit, laid_down.example) for one, limit in limits]
