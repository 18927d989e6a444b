"""The security log: ids and codes only, by the allow-list of the logs. Nothing here may hold personal data."""

from __future__ import annotations

import logging

from city1361.base.kernel.logs import fields

_logger = logging.getLogger("city1361.security")


def note(event: str, **told: object) -> None:
    """Write down a refused or failed attempt."""
    _logger.warning(event, extra=fields(**told))
