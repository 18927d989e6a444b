"""What the edge counts: requests by address and answer, and how long they took."""

from __future__ import annotations

from prometheus_client import Counter, Histogram

REQUESTS = Counter("city1361_requests", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "city1361_request_seconds",
    "Seconds until an answer was ready.",
    ["method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


def count(route: str, method: str, status: int, seconds: float) -> None:
    """Note one answer. A method somebody invented is counted as other: labels must not grow by what strangers send."""
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, status).inc()
    SECONDS.labels(known).observe(seconds)
