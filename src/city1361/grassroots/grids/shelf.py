"""What the phone pages put into shells and home: navigation, the large button, my latest reports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.execution import api as execution
from city1361.grassroots.grids.progress import now_words
from city1361.platform.portals.official import api as official

LATEST = 3


def register() -> None:
    """Called once, when all applications stand."""
    report = execution.Permission.REPORT_MATTER
    register_navigation(
        NavigationItem("首页", "/", "home", "phone", order=10),
        NavigationItem("上报", "/report/", "plus", "phone", report, 20),
        NavigationItem("我的上报", "/my/reports/", "list-check", "phone", report, 30),
        NavigationItem("我的", "/me/", "user", "phone", order=40),
        NavigationItem("登记事件", "/report/", "plus", "desk", report, 30),
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
        )
    )
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
