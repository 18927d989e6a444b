"""The door of the officials' end."""

from city1361.platform.portals.official.registration import register_card, register_clocks, register_section
from city1361.platform.portals.official.terms import HomeCard, HomeRow, HomeSection, Shell

__all__ = ["HomeCard", "HomeRow", "HomeSection", "Shell", "register_card", "register_clocks", "register_section"]
