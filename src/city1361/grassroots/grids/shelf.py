"""What the phone pages put into shells and home: navigation, the large button, my latest reports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from city1361.base.kernel.scope import Level
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.execution import api as execution
from city1361.grassroots.grids import api
from city1361.grassroots.grids.progress import now_words
from city1361.grassroots.grids.terms import Permission
from city1361.platform.portals.official import api as official

LATEST = 3
DOORS = 3


def register() -> None:
    """Called once, when all applications stand."""
    report = execution.Permission.REPORT_MATTER
    register_navigation(
        NavigationItem("首页", "/", "home", "phone", order=10),
        NavigationItem("上报", "/report/", "plus", "phone", report, 20),
        NavigationItem("我的上报", "/my/reports/", "history", "phone", report, 30),
        NavigationItem("我的", "/me/", "user", "phone", order=40),
        NavigationItem("任务", "/my/tasks/", "list-check", "phone", Permission.DO_TASK, 25),
        NavigationItem("网格任务", "/grids/tasks/", "users", "desk", Permission.FOLLOW_TASK, 35),
        NavigationItem("登记事件", "/report/", "plus", "desk", report, 30, group="登记"),
    )
    official.register_card(
        official.HomeCard(
            "上报事件",
            "/report/",
            "camera",
            official.Shell.PHONE,
            frozenset({report}),
            text="一张照片，一句话",
            order=10,
        ),
        official.HomeCard(
            "我的网格",
            "/my/grid/",
            "map-pin",
            official.Shell.PHONE,
            frozenset({Permission.READ_GRID}),
            text="队伍、住户、重点场所",
            levels=frozenset({Level.GRID}),
            order=20,
        ),
    )
    official.register_section("grids.doors", official.Shell.PHONE, Permission.DO_TASK, doors)
    official.register_section("grids.latest", official.Shell.PHONE, report, latest)


def latest(request: Any) -> official.HomeSection:
    """My latest reports and where each stands."""
    page = execution.my_reports(scope=request.scope, by=request.by, size=LATEST)
    rows = [
        official.HomeRow(
            title=row.title,
            text=now_words(row.state, row.lead),
            state=_(execution.STATE_LABELS[row.state]),
            address=f"/my/reports/{row.id}/",
            mark="" if row.state.is_open else "done",
        )
        for row in page.rows
    ]
    return official.HomeSection(_("我的上报"), rows, "/my/reports/", _("还没有上报。看到问题，拍张照片，说一句话。"))


def doors(request: Any) -> official.HomeSection:
    """Where I am to go next: what waits longest, one line per household."""
    stops = api.my_stops(request.scope)
    rows = [
        official.HomeRow(
            title=stop.address or _("整个网格"),
            text="、".join(one.title for one in stop.asked),
            state=_("{count}项").format(count=len(stop.asked)),
            address="/my/tasks/",
        )
        for stop in stops[:DOORS]
    ]
    title = _("我的任务（{count}处）").format(count=len(stops)) if stops else _("我的任务")
    return official.HomeSection(title, rows, "/my/tasks/", _("没有要做的任务。"))
