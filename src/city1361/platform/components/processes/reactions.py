"""What processes do about what happened."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.base.outbox.api import Occurrence, reacts_to
from city1361.platform.components.processes import api
from city1361.platform.components.processes.events import ProcessMessageSent


@reacts_to(ProcessMessageSent)
def deliver_message(event: ProcessMessageSent, occurrence: Occurrence) -> None:
    """A message that one process sent reaches those that wait for it."""
    api.message_deliver(By.system("流程消息"), event.message, event.correlation, event.variables)
