"""The door of base.ui: registrations and the values that components draw."""

from city1361.base.ui.problem import problem_page
from city1361.base.ui.registration import register_identity, register_navigation
from city1361.base.ui.terms import (
    Clock,
    Flow,
    FlowNode,
    Identity,
    NavigationItem,
    PlaceMap,
    TextSize,
    TimelineEntry,
    Tone,
)

__all__ = [
    "Clock",
    "Flow",
    "FlowNode",
    "Identity",
    "NavigationItem",
    "PlaceMap",
    "TextSize",
    "TimelineEntry",
    "Tone",
    "problem_page",
    "register_identity",
    "register_navigation",
]
