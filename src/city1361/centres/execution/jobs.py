"""What happens to matters by itself."""

from __future__ import annotations

from uuid import UUID

from city1361.base.outbox.api import job, periodic
from city1361.centres.execution import api


@periodic("* * * * *", name="execution.presume_acknowledgement")
def presume_acknowledgement() -> int:
    """签收 is presumed when its limit is over. Returns how many were."""
    return api.presume_acknowledgements()


@job("execution.write_export", attempts=3)
def write_export(export: str) -> None:
    """Write a long list to its file."""
    api.export_write(UUID(export))


@periodic("17 * * * *", name="execution.expire_exports")
def expire_exports() -> int:
    """Files of exports older than a day go. Returns how many did."""
    return api.expire_exports()


@job("execution.deliver_tickets", attempts=1)
def deliver_tickets() -> int:
    """Tell other systems what is due. Returns how many messages arrived."""
    return api.deliver_tickets()


@periodic("* * * * *", name="execution.deliver_waiting_tickets")
def deliver_waiting_tickets() -> bool:
    """What was not delivered yet is tried again when its time has come."""
    return deliver_tickets.defer(key=deliver_tickets.name, lock=deliver_tickets.name)
