"""What supervision does by itself."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.base.outbox.api import periodic
from city1361.centres.supervision import api

BY = By.system("检查清单")


@periodic("7 17 * * *", name="supervision.scan_radar")
def scan_radar() -> int:
    """List each night what of yesterday is worth a look. Returns how many signs."""
    return api.radar_scan_due(BY)
