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
