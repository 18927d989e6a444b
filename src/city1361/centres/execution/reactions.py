"""What execution does when something has happened."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.base.outbox.api import Occurrence, reacts_to
from city1361.centres.execution import api
from city1361.platform.assurance.rules import api as rules


@reacts_to(api.MatterChanged)
def link_recurrence(event: api.MatterChanged, occurrence: Occurrence) -> None:
    """A new report may repeat an earlier one, which its reporter need not see."""
    if event.step is api.Step.REPORT:
        api.matter_link_recurrence(by=By.system("系统", trace=occurrence.by.trace), matter_id=event.matter)


@reacts_to(api.MatterChanged)
def join_similar(event: api.MatterChanged, occurrence: Occurrence) -> None:
    """我也遇到: the report is merged with the matter its reporter means, which he need not see."""
    if event.step is api.Step.REPORT:
        api.join_similar(by=By.system("系统", trace=occurrence.by.trace), matter_id=event.matter)


@reacts_to(api.MatterChanged)
def tell_ticket_systems(event: api.MatterChanged, occurrence: Occurrence) -> None:
    """Systems that have a number for the matter hear what was done."""
    api.ticket_tell(matter_id=event.matter, version=event.version, step=event.step, key=occurrence.id)


@reacts_to(rules.WorkingTimeChanged)
def move_limits(event: rules.WorkingTimeChanged, occurrence: Occurrence) -> None:
    """Stored limits do not move by themselves when days are worked differently."""
    api.move_limits(By.system("工作日历", trace=occurrence.by.trace), event.since)
