"""What situation tells lower modules when it starts."""

from __future__ import annotations

from city1361.base.kernel import measures as kernel_measures
from city1361.base.kernel import registry
from city1361.base.ui.api import NavigationItem, register_navigation
from city1361.centres.situation import doctor, figures, layout, measures, panel
from city1361.centres.situation.terms import Permission
from city1361.centres.supervision import api as supervision


def register() -> None:
    """Figures, permissions, the API, the desk's entry, the rates on the page of supervision."""
    figures.register()
    registry.register_permissions(Permission)
    registry.register_router("figures", "city1361.centres.situation.http.router")
    registry.register_instance_section("wall", 70, layout.check_wall, layout.load_wall)
    registry.register_instance_section("reviews", 71, layout.check_reviews, layout.load_reviews)
    kernel_measures.register_measures("situation.matters", measures.read)
    registry.register_doctor_check("situation.counters", doctor.findings)
    register_navigation(NavigationItem("大屏", "/wall/", "eye", "desk", Permission.READ_FIGURES, 35))
    register_navigation(NavigationItem("指标", "/situation/", "chart-bar", "desk", Permission.READ_FIGURES, 36))
    supervision.register_board_panel("situation.rates", 10, panel.draw)
    supervision.register_board_panel("situation.lists", 20, panel.lists)
