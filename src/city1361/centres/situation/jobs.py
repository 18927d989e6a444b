"""What happens to counts by itself."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel.by import By
from city1361.base.outbox.api import job, periodic
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


@job("situation.write_review", attempts=3)
def write_review(review: str) -> None:
    """Write a review to its file."""
    api.review_write(UUID(review))


@periodic("37 * * * *", name="situation.expire_reviews")
def expire_reviews() -> int:
    """Files of reviews older than a week go. Returns how many did."""
    return api.expire_reviews()
