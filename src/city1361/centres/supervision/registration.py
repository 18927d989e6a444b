"""What supervision tells lower modules when it starts."""

from __future__ import annotations

from city1361.base.kernel import registry
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.execution import api as execution
from city1361.centres.supervision import panel, work_items
from city1361.centres.supervision.terms import Permission

ROUTERS = ("notices", "instructions", "sheets", "return_visits")


def register() -> None:
    """Permissions, the API, the desk's entry, what a matter's page shows."""
    registry.register_permissions(Permission)
    work_items.register_kinds()
    for name in ROUTERS:
        registry.register_router(name.replace("_", "-"), f"city1361.centres.supervision.http.{name}")
    register_navigation(NavigationItem("监督评价", "/supervision/", "gauge", "desk", Permission.READ_SUPERVISION, 40))
    execution.register_case_panel("supervision", 20, panel.draw)
    execution.register_case_step("supervision.urge", 30, "催办", panel.notice_address)
    execution.register_case_step("supervision.instruct", 40, "批示", panel.instruction_address)
    execution.register_case_step("supervision.visit", 50, "回访", panel.visit_address)
