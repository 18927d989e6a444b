"""What command tells lower modules when it starts."""

from __future__ import annotations

from city1361.base.kernel import registry
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.command import panel, reading, work_items
from city1361.centres.command.terms import Permission
from city1361.centres.execution import api as execution


def register() -> None:
    """Permissions, the API, the desk's entry, what a matter's page shows, what its close request asks."""
    registry.register_permissions(Permission)
    work_items.register_kinds()
    registry.register_router("whistles", "city1361.centres.command.http.whistles")
    registry.register_router("calls", "city1361.centres.command.http.calls")
    registry.register_router("tasks", "city1361.centres.command.http.tasks")
    register_navigation(NavigationItem("指挥调度", "/command/", "users", "desk", Permission.READ_COMMAND, 30))
    execution.register_open_work("command", reading.open_work)
    execution.register_case_panel("command", 10, panel.draw)
    execution.register_case_step("command.call", 5, "处理吹哨", panel.call_address)
    execution.register_case_step("command.own_task", 6, "办理协办任务", panel.own_task_address)
    execution.register_case_step("command.whistle", 10, "吹哨", panel.whistle_address)
    execution.register_case_step("command.task", 20, "追加协办", panel.task_address)
