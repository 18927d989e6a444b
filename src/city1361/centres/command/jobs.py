"""What happens to calls and tasks by itself."""

from __future__ import annotations

from city1361.base.outbox.api import periodic
from city1361.centres.command import api


@periodic("* * * * *", name="command.lapse_limits")
def lapse_limits() -> int:
    """Calls nobody answered go to the centre above; tasks nobody acknowledged are presumed so. Returns how many."""
    return api.lapse_limits()
