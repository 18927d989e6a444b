"""What the officials' end itself puts into shells and home."""

from __future__ import annotations

from typing import Any

from city1361.base.kernel.scope import Level
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.platform.components.processes import api as processes
from city1361.platform.portals.official.registration import register_card
from city1361.platform.portals.official.terms import HomeCard, Shell

DESK_LEVELS = frozenset({Level.CITY, Level.DISTRICT, Level.TOWN, Level.VILLAGE})


def register() -> None:
    """Called once, when all applications stand."""
    take = processes.Permission.TAKE_WORK_ITEM
    register_navigation(NavigationItem("我的待办", "/inbox/", "list-check", "desk", take, 5, waiting))
    register_card(
        HomeCard(
            "我的待办",
            "/inbox/",
            "list-check",
            Shell.DESK,
            frozenset({take}),
            text="待本岗位办理的事项",
            levels=DESK_LEVELS,
            order=5,
            count=waiting,
        ),
        HomeCard("账号安全", "/me/", "shield-lock", Shell.DESK, text="密码、两步验证、登录的设备", order=900),
    )


def waiting(request: Any) -> int:
    """How many work items wait for me."""
    return processes.work_items_waiting(request.scope, request.by)
