"""The one place where notices, sheets and visits become to-dos of an inbox."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.centres.supervision.models import Notice, ReturnVisit, SupervisionSheet
from city1361.centres.supervision.terms import SheetStep


def open_notice(by: By, notice: Notice) -> None:
    """The target has it to answer."""


def close_notice(by: By, notice: Notice) -> None:
    """It was answered."""


def open_sheet(by: By, sheet: SupervisionSheet) -> None:
    """The target has it to answer."""


def move_sheet(by: By, sheet: SupervisionSheet, step: SheetStep) -> None:
    """A step was taken: the to-do goes to the issuer's office or back, or ends."""


def close_visit(by: By, visit: ReturnVisit) -> None:
    """The visit was made."""
