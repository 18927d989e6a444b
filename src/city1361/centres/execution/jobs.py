"""What happens to matters by itself."""

from __future__ import annotations

from city1361.base.outbox.api import periodic
from city1361.centres.execution import api


@periodic("* * * * *", name="execution.presume_acknowledgement")
def presume_acknowledgement() -> int:
    """签收 is presumed when its limit is over. Returns how many were."""
    return api.presume_acknowledgements()
