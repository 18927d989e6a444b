"""What `city1361 doctor` says of access: settings of the edge, and endpoints that forgot to say whom they are for."""

from __future__ import annotations

from django.conf import settings

from city1361.base.kernel.registry import Finding
from city1361.platform.assurance.security.access.endpoints import addresses


def findings() -> list[Finding]:
    return [_tls(), _endpoints()]


def _tls() -> Finding:
    if settings.TLS:
        return Finding("ok", "cookies are for TLS only (__Host-)", "CITY1361_TLS")
    remedy = "put a reverse proxy with TLS in front and set CITY1361_TLS=on"
    level = "ok" if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"} else "warn"
    return Finding(level, "served without TLS: right for this machine only", "CITY1361_TLS", remedy)


def _endpoints() -> Finding:
    silent = sorted({address.route for address in addresses() if address.asks is None})
    if silent:
        return Finding(
            "warn", f"endpoints that do not say whom they are for: {', '.join(silent)}", "urls", "declare @endpoint"
        )
    return Finding("ok", "every endpoint says whom it is for", "urls")
