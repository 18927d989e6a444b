"""Text size and language: two small forms that work on every page, signed in or not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid
from city1361.base.ui.context import SIZE_COOKIE
from city1361.base.ui.terms import TextSize

YEAR = 365 * 24 * 3600


def page_before(request: HttpRequest) -> str:
    """Where the person came from, when that is one of our own pages; else the home page."""
    for candidate in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if candidate and url_has_allowed_host_and_scheme(candidate, {request.get_host()}, request.is_secure()):
            return candidate
    return "/"


@endpoint(public=True)
@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Remember the text size in this browser. Raises Invalid for a size that does not exist."""
    try:
        size = TextSize(request.POST.get("size", ""))
    except ValueError as error:
        raise Invalid("unknown_text_size", "没有这种字号", where="size", remedy="请在页面上重新选择") from error
    response = HttpResponseRedirect(page_before(request))
    # Not HttpOnly: a page kept for use without network applies the size by itself.
    response.set_cookie(SIZE_COOKIE, size, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


urlpatterns = [
    path("language/", endpoint(public=True)(set_language), name="language"),
    path("display/", set_text_size, name="text_size"),
]
