"""The door of base.archive."""

from city1361.base.archive.actions import month_clear, month_write, part_restore
from city1361.base.archive.proving import verify
from city1361.base.archive.queries import before, cleared_between, due, parts
from city1361.base.archive.reclaiming import reclaim
from city1361.base.archive.terms import Month, Part, Permission

__all__ = [
    "Month",
    "Part",
    "Permission",
    "before",
    "cleared_between",
    "due",
    "month_clear",
    "month_write",
    "part_restore",
    "parts",
    "reclaim",
    "verify",
]
