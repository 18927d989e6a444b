"""Pages: what an administrator sees of packages, and the pages that packages declare."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Conflict, Missing, Refused
from city1361.base.ui import api as ui
from city1361.platform.applications.packages import api, declared_pages
from city1361.platform.applications.packages.terms import STAGE_STATE_LABELS, SYSTEM_LABELS, Permission, StageState

MARKS = {StageState.DONE: "done", StageState.TODO: "", StageState.EXEMPT: "plain"}


def _language() -> str:
    return get_language() or "zh-hans"


@endpoint(Permission.READ_PACKAGE)
@require_GET
def packages(request: Any) -> HttpResponse:
    """What is installed, and what could be."""
    installed = api.packages()
    others = sorted(set(api.available()) - {one.id for one in installed})
    context = {
        "rows": [_row(one) for one in installed],
        "others": [{"id": name, "address": _address("package_install", name)} for name in others],
        "may_install": request.scope.allows(Permission.INSTALL_PACKAGE),
    }
    return render(request, "platform_packages/packages.html", context)


@endpoint(Permission.READ_PACKAGE)
@require_GET
def one_package(request: Any, system: str, package: str) -> HttpResponse:
    """One package: what it is, what it may use, its checklist, its versions. Raises Missing."""
    found = api.package(f"{system}/{package}")
    known = found.id in api.available()
    context = {
        **_row(found),
        "package": found,
        "summary": found.manifest.summary.among(_language()),
        "track": found.manifest.track.among(_language()),
        "uses": [
            (_("能力组件"), found.manifest.uses.components),
            (_("数据集"), found.manifest.uses.datasets),
            (_("服务"), found.manifest.uses.services),
            (_("应用包"), found.manifest.uses.packages),
        ],
        "stages": [_stage(stage) for stage in found.stages],
        "install": _address("package_install", found.id) if _may(request, Permission.INSTALL_PACKAGE) and known else "",
        "withdraw": _address("package_withdraw", found.id) if _may(request, Permission.WITHDRAW_PACKAGE) else "",
    }
    return render(request, "platform_packages/package.html", context)


def _may(request: Any, permission: Permission) -> bool:
    return bool(request.scope.allows(permission))


def _row(found: api.PackageView) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.manifest.title.among(_language()),
        "system": _(SYSTEM_LABELS[found.manifest.system]),
        "owner": found.manifest.owner,
        "version": found.manifest.version,
        "number": found.number,
        "withdrawn": found.withdrawn_at,
        "address": _address("package", found.id),
    }


def _stage(stage: api.StageView) -> dict[str, Any]:
    text = stage.text.get("zh" if _language().startswith("zh") else "en", "")
    return {
        "label": _(stage.label),
        "state": _(STAGE_STATE_LABELS[stage.state]),
        "mark": MARKS[stage.state],
        "text": text,
        "until": stage.until,
    }


def _address(name: str, package_id: str) -> str:
    return reverse(name, args=package_id.split("/"))


@endpoint(Permission.INSTALL_PACKAGE)
@require_http_methods(["GET", "POST"])
def install(request: Any, system: str, package: str) -> HttpResponse:
    """What installing a known package would change, what it asks for, and installing it. Raises Missing."""
    package_id = f"{system}/{package}"
    source = api.available().get(package_id)
    if source is None:
        raise Missing()
    try:
        seen = api.package_preview(by=request.by, source=source)
        if request.method == "GET":
            return _preview(request, package_id, {"seen": seen})
        accepted = request.POST.getlist("accepted")
        api.package_install(by=request.by, source=source, accepted=accepted)
    except api.BrokenPackage as broken:
        faults = [(problem.where, ui.problem_words(problem)) for problem in broken.problems]
        return _preview(request, package_id, {"faults": faults}, broken.status)
    except (Conflict, Refused) as problem:
        return _preview(request, package_id, {"problem": ui.problem_words(problem)}, problem.status)
    messages.success(request, _("已安装：{title}").format(title=package_id))
    return HttpResponseRedirect(_address("package", package_id))


def _preview(request: Any, package_id: str, shown: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {"id": package_id, "back": reverse("packages"), **shown}
    return render(request, "platform_packages/install.html", context, status=status)


@endpoint(Permission.WITHDRAW_PACKAGE)
@require_POST
def withdraw(request: Any, system: str, package: str) -> HttpResponse:
    """End what a package brought. Raises Missing."""
    package_id = f"{system}/{package}"
    try:
        api.package_withdraw(by=request.by, package=package_id)
        messages.success(request, _("已下线：{title}").format(title=package_id))
    except Conflict as problem:
        messages.error(request, ui.problem_words(problem))
    return HttpResponseRedirect(_address("package", package_id))


@endpoint(Permission.OPEN_PAGE)
@require_GET
def shelf(request: Any) -> HttpResponse:
    """The pages of all applications that this person may open."""
    tiles = [
        {
            "title": one.entry.title.among(_language()),
            "text": one.package_title.among(_language()),
            "icon": icon,
            "address": reverse("package_page", args=[*one.package.split("/"), one.entry.key]),
        }
        for one, icon in api.entries(request.scope)
    ]
    return render(request, "platform_packages/shelf.html", {"tiles": tiles})


urlpatterns = [
    *declared_pages.urlpatterns,
    path("packages/", packages, name="packages"),
    path("packages/<slug:system>/<slug:package>/", one_package, name="package"),
    path("packages/<slug:system>/<slug:package>/install/", install, name="package_install"),
    path("packages/<slug:system>/<slug:package>/withdraw/", withdraw, name="package_withdraw"),
    path("apps/", shelf, name="apps"),
]
