"""Headers that tell a browser what it may not do. The content policy is set by django-csp from the settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase

PERMISSIONS_POLICY = (
    "geolocation=(self), camera=(self), microphone=(self), publickey-credentials-get=(self),"
    " publickey-credentials-create=(self), payment=(), usb=(), serial=(), display-capture=(),"
    " accelerometer=(), gyroscope=(), magnetometer=(), browsing-topics=()"
)


def set_headers(request: Any, response: HttpResponseBase, trace: str) -> None:
    """Answers to somebody signed in are kept by no cache; static files are not answered here."""
    response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers["X-Request-ID"] = trace
    if request.by.account is not None:
        response.headers.setdefault("Cache-Control", "no-store")
