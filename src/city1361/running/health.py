"""Whether this process lives, and whether the installation can serve: for those who keep it running."""

from __future__ import annotations

import shutil
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.endpoint import endpoint
from city1361.base.outbox import api as outbox

LATE = timedelta(minutes=2)
LEAST_FREE_BYTES = 64_000_000
PATIENCE_MS = 2000
CLOCKS_APART = 30.0  # seconds: limits end at another moment than people are told


@endpoint(public=True, transaction=False)
def livez(request: HttpRequest) -> JsonResponse:
    """This process answers. Nothing else is asked: a data base that is down is no reason to kill a web server."""
    return JsonResponse({"status": "ok"})


@endpoint(public=True, transaction=False)
def readyz(request: HttpRequest) -> JsonResponse:
    """503 when nothing can be served; 200 with `degraded` when something is late or no longer written.

    checks: each name with ok or what is the matter: database read_only or down; schema behind this version; clock apart
    from the data base's; evidence, events and jobs late; disk full. No secret, no host, no version.
    """
    checks = {"database": _database()}
    if checks["database"] != "down":
        checks |= {
            "schema": "behind" if database.missing_migrations() else "ok",
            "clock": "apart" if database.seconds_apart() > CLOCKS_APART else "ok",
            "evidence": _late(_evidence_lag()),
            "events": _late(_event_lag()),
            "jobs": _late(_job_lag()),
        }
    checks["disk"] = "ok" if shutil.disk_usage(settings.DATA).free >= LEAST_FREE_BYTES else "full"
    down = checks["database"] == "down"
    status = "unavailable" if down else "ok" if set(checks.values()) == {"ok"} else "degraded"
    return JsonResponse({"status": status, "checks": checks}, status=503 if down else 200)


def _database() -> str:
    """ok, read_only (a standby, or one that takes no writes), down."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
            return "read_only" if cursor.fetchone()[0] else "ok"
    except (DatabaseError, InterfaceError):
        return "down"


def _late(lag: timedelta) -> str:
    return "late" if lag > LATE else "ok"


def _evidence_lag() -> timedelta:
    return timedelta(seconds=evidence.standing().lag)


def _event_lag() -> timedelta:
    oldest = outbox.backlog().oldest
    return clock.now() - oldest if oldest else timedelta()


def _job_lag() -> timedelta:
    return timedelta(seconds=max((queue.lag for queue in outbox.queues()), default=0.0))


urlpatterns = [path("livez", livez, name="livez"), path("readyz", readyz, name="readyz")]
