"""Matters of the tiny city for tests: reported and brought as far as a test needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from city1361.base.calendar import api as calendar
from city1361.base.database import api as database
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import CloseResult, MatterView, StepView
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast

GRID = "119901001001001"
SIBLING_GRID = "119901002001001"


def grid(code: str = GRID) -> Any:
    found = areas.by_code(code)
    assert found is not None
    return found.id


def reported(who: str = cast.RESIDENT, **given: Any) -> MatterView:
    """A broken manhole cover in the grid worker's grid."""
    report = {
        "client_key": str(uuid4()),
        "matter_type": "01003",
        "description": "井盖破损，车轮会陷进去。已摆警示牌",
        "area_id": grid(),
        "address": "中山路12号门前",
        **given,
    }
    return execution.matter_report(by=cast.by(who), **report)


def admitted(matter: MatterView | None = None, who: str = cast.TOWN_DUTY_OFFICER) -> MatterView:
    matter = matter or reported()
    return execution.matter_admit(
        by=cast.by(who), matter_id=matter.id, expected_version=matter.version, handler_post=handler_post()
    )


def handler_post() -> Any:
    """The post of the cast's handler."""
    from city1361.platform.assurance.standards.organisations.api import post_by_code

    return post_by_code(cast.by(cast.TOWN_HANDLER).post).id


def handling(matter: MatterView | None = None) -> MatterView:
    matter = matter or admitted()
    return execution.matter_acknowledge(
        by=cast.by(cast.TOWN_HANDLER), matter_id=matter.id, expected_version=matter.version
    )


def close_requested(matter: MatterView | None = None, result: CloseResult = CloseResult.SOLVED) -> MatterView:
    matter = matter or handling()
    return execution.matter_request_close(
        by=cast.by(cast.TOWN_HANDLER),
        matter_id=matter.id,
        expected_version=matter.version,
        result=result,
        text="已更换井盖",
    )


def checked(matter: MatterView | None = None, *, passed: bool = True) -> MatterView:
    matter = matter or close_requested()
    return execution.matter_check(
        by=cast.by(cast.TOWN_CHECKER),
        matter_id=matter.id,
        expected_version=matter.version,
        passed=passed,
        text="现场核查",
    )


def closed(matter: MatterView | None = None) -> MatterView:
    matter = matter or checked()
    return execution.matter_close(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=matter.id, expected_version=matter.version
    )


@contextmanager
def seen_by(who: str) -> Iterator[dict[str, Any]]:
    """Row security bound as in a request of this person; yields what queries take."""
    scope = cast.scope(who)
    with database.scoped(scope):
        yield {"scope": scope, "by": cast.by(who)}


def history(matter: MatterView, who: str = cast.TOWN_DUTY_OFFICER) -> list[StepView]:
    with seen_by(who) as asking:
        return execution.history(**asking, matter_id=matter.id)


def look(matter: MatterView, who: str) -> MatterView:
    with seen_by(who) as asking:
        return execution.matter(**asking, matter_id=matter.id)


def coming_workday(*, then_two_days_off: bool = False) -> datetime:
    """10:08 in the city on a working day to come: appointments of the cast begin when the tests do."""
    zone, day = ZoneInfo("Asia/Shanghai"), areas.today()
    for ahead in range(1, 60):
        candidate = day + timedelta(days=ahead)
        off = [not calendar.is_workday(candidate + timedelta(days=after)) for after in (1, 2)]
        if calendar.is_workday(candidate) and (all(off) or not then_two_days_off):
            return datetime.combine(candidate, time(10, 8), zone).astimezone(UTC)
    raise AssertionError("no working day within sixty days")
