"""What the desk puts into shells and home."""

from __future__ import annotations

from city1361.base.kernel.scope import Level
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.execution import case
from city1361.centres.execution.entry.intake_terms import IntakePermission
from city1361.centres.execution.steps.walking import SUBJECT_KIND
from city1361.centres.execution.terms import Permission
from city1361.platform.portals.official import api as official

DESK_LEVELS = frozenset({Level.CITY, Level.DISTRICT, Level.TOWN, Level.VILLAGE})


def register() -> None:
    """Called once, when all applications stand."""
    read, late = Permission.READ_MATTER, IntakePermission.FILE_AFTER_THE_FACT
    register_navigation(
        NavigationItem("事件", "/desk/", "activity", "desk", read, 10),
        NavigationItem("事件清单", "/desk/search/", "search", "desk", read, 20),
        NavigationItem(
            "聊天登记", "/desk/intake/chat/", "message-circle", "desk", Permission.ADMIT_MATTER, 32, group="登记"
        ),
        NavigationItem("补录", "/desk/intake/late/", "clock", "desk", late, 34, group="登记"),
        NavigationItem("外部工单", "/desk/tickets/", "send", "desk", IntakePermission.MANAGE_TICKET_SYSTEMS, 80),
    )
    official.register_clocks(SUBJECT_KIND, case.item_clocks)
    official.register_card(
        official.HomeCard(
            "事件",
            "/desk/",
            "activity",
            official.Shell.DESK,
            frozenset({read}),
            landing=True,
            levels=DESK_LEVELS,
            order=10,
        )
    )
