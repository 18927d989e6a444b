"""履职事项清单: what may be assigned to a town, and who then leads."""

from __future__ import annotations

from city1361.base.kernel.errors import Invalid, Refused
from city1361.base.kernel.scope import Level
from city1361.centres.execution import laid_down
from city1361.centres.execution.models import Matter
from city1361.platform.assurance.rules import api as rules
from city1361.platform.assurance.standards.organisations.api import OrganisationView

RECLAIMED, ASSISTING = "reclaimed", "assisting"


def check_assignment(row: Matter, centre: OrganisationView, *, lead_given: bool, where: str = "lower_centre") -> bool:
    """Whether the centre only assists with a matter of this type, and a department of the upper level leads: by the list
    of the matter's day, as its limits are.

    Raises Refused with the clause for what the upper level took back, Invalid when the department is not named.
    """
    if centre.level is not Level.TOWN:
        return False
    entry = rules.duty(laid_down.day_of(row), centre.area_id, row.type_id)
    if entry is None:
        return False
    params = {"title": entry.title, "clause": entry.clause, "town": centre.name, "reference": entry.reference}
    if entry.list == RECLAIMED:
        raise Refused(
            "duty_reclaimed",
            "“{title}”属于上级部门收回事项，不能交办给{town}（{clause}，依据：{reference}）",
            where=where,
            remedy="请分拨给本级主管部门办理",
            params=params,
        )
    if entry.list == ASSISTING and not lead_given:
        raise Invalid(
            "department_leads",
            "“{title}”属于{town}配合履职事项，须由本级部门主办（{clause}，依据：{reference}）",
            where="lead_post" if where == "lower_centre" else where,
            remedy="请选择主办部门的岗位；镇街为协办",
            params=params,
        )
    return bool(entry.list == ASSISTING)
