"""Is the calendar there, does it reach far enough, and are the holidays of the coming year known?"""

from __future__ import annotations

from datetime import timedelta

from city1361.base.calendar.working_time import current
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Unavailable
from city1361.base.kernel.registry import Finding

AHEAD = timedelta(days=365)


def findings() -> list[Finding]:
    """One finding on each of: established, range, announced holidays, unconfirmed hours."""
    try:
        calendar = current()
    except Unavailable as problem:
        return [Finding("fail", problem.message, "base.calendar", problem.remedy)]
    today = clock.now().astimezone(calendar.table.zone).date()
    found = [Finding("ok", f"工作日历至 {calendar.table.last}", "base.calendar")]
    if calendar.table.last < today + 2 * AHEAD:
        found[0] = Finding(
            "warn", f"工作日历只到 {calendar.table.last}", "base.calendar", "运行 city1361 calendar rebuild 延长"
        )
    if calendar.covered_until < today + AHEAD:
        found.append(
            Finding(
                "warn",
                f"法定节假日安排只到 {calendar.covered_until}，其后按周一至周五推算，时限可能变动",
                "base.calendar",
                "国务院办公厅公布下一年安排后，升级 chinesecalendar 或用 city1361 calendar override 录入",
            )
        )
    if any(hours.example for hours in calendar.hours):
        found.append(
            Finding(
                "warn", "工作时间为示例，尚未确认", "base.calendar", "请在实例的 calendar.yaml 中填写本地规定并注明依据"
            )
        )
    return found
