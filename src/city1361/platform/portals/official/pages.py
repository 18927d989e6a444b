"""The home page: each role comes to what it does first."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from city1361.base.kernel.endpoint import endpoint
from city1361.platform.portals.official import inbox
from city1361.platform.portals.official.decisions import landing, shell_of
from city1361.platform.portals.official.registration import cards, sections
from city1361.platform.portals.official.terms import Shell

TEMPLATES = {Shell.DESK: "platform_official/desk_home.html", Shell.PHONE: "platform_official/phone_home.html"}


@endpoint()
@require_GET
def home(request: Any) -> HttpResponse:
    """Straight to the desk for those who have one; else the cards and sections of the person's shell."""
    mine = cards(request.scope)
    first = landing(mine)
    if first:
        return HttpResponseRedirect(first.address)
    shell = shell_of(mine)
    shown = [card for card in mine if card.shell is shell]
    context = {
        "cards": [{"card": card, "count": card.count(request) if card.count else None} for card in shown],
        "has_work": any(card.permissions for card in shown),
        "sections": sections(request, shell, request.scope),
    }
    return render(request, TEMPLATES[shell], context)


urlpatterns = [*inbox.urlpatterns, path("", home, name="home")]
