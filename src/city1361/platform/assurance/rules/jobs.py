"""Periodic work of the rules."""

from city1361.base.kernel.by import By
from city1361.base.outbox.api import periodic
from city1361.platform.assurance.rules import api


@periodic("7 17 1 * *")
def rebuild_calendar() -> None:
    """Each month: a new year begins, or an update brought the holidays of the next."""
    api.calendar_rebuild(by=By.system("工作日历更新"))
