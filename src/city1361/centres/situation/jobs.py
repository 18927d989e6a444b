"""What happens to counts by itself."""

from __future__ import annotations

from city1361.base.kernel.by import By
from city1361.base.outbox.api import periodic
from city1361.centres.situation import api

BY = By.system("计数")


@periodic("* * * * * */2", name="situation.fold_counters")
def fold_counters() -> int:
    """Add up what matters have left since. Returns how many changes."""
    return api.fold()


@periodic("*/10 * * * *", name="situation.close_periods")
def close_periods() -> int:
    """Close days, weeks and months that are over. Returns how many."""
    return api.close_due(BY)


@periodic("23 18 * * *", name="situation.check_counters")
def check_counters() -> int:
    """Hold the counts against a recount each night. Returns how many differ."""
    return api.check(BY).differing
