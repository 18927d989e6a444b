"""What lets the phone open the report page without a network: a service worker and a manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from city1361.base.kernel.endpoint import endpoint
from city1361.base.ui.api import entry_files

SCRIPT = Path(__file__).parent / "templates" / "grassroots_grids" / "sw.js"


@endpoint(public=True)
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, naming exactly the built files that reporting and tasks need. It changes when they change."""
    built = dict.fromkeys([*entry_files("report"), *entry_files("tasks")])
    wanted = [*built, static("base_ui/icon.svg")]
    version = hashlib.sha256("\n".join(wanted).encode()).hexdigest()[:12]
    text = SCRIPT.read_text("utf-8").replace("__FILES__", json.dumps(wanted)).replace("__VERSION__", version)
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@endpoint(public=True)
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The web app manifest: the report page can stand on the home screen."""
    icon = {"src": static("base_ui/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    body = {
        "name": _("事件上报"),
        "short_name": _("事件上报"),
        "lang": get_language(),
        "start_url": "/report/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#eef2f7",
        "theme_color": "#1d55d0",
        "icons": [icon],
    }
    return JsonResponse(body, content_type="application/manifest+json")
