"""What happens to processes by itself, looked for every few seconds."""

from __future__ import annotations

from city1361.base.outbox.api import periodic
from city1361.platform.components.processes import api


@periodic("* * * * * */5", name="processes.fire_timers")
def fire_timers() -> int:
    """Timers whose moment has come."""
    return api.fire_due_timers()


@periodic("* * * * * */3", name="processes.call_services")
def call_services() -> int:
    """Service tasks that wait for an answer."""
    return api.call_due_services()
