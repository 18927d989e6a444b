"""The addresses of the running system. Each module brings its own pages."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("city1361.platform.portals.official.pages")),
    path("", include("city1361.platform.assurance.security.accounts.pages")),
    path("accounts/", include("city1361.platform.assurance.security.accounts.addresses")),
    path("api/v1/", include("city1361.platform.assurance.security.access.http")),
    path("files/", include("city1361.base.files.pages")),
    path("", include("city1361.base.ui.pages")),
    path("", include("city1361.running.health")),
    path("processes/", include("city1361.platform.components.processes.pages")),
    path("", include("city1361.platform.applications.packages.pages")),
    path("rules/", include("city1361.platform.assurance.rules.pages")),
    path("desk/", include("city1361.centres.execution.packages.form_page")),
    path("desk/", include("city1361.centres.execution.pages")),
    path("command/", include("city1361.centres.command.pages")),
    path("supervision/", include("city1361.centres.supervision.pages")),
    path("situation/", include("city1361.centres.situation.pages")),
    path("wall/", include("city1361.centres.situation.wall_pages")),
    path("", include("city1361.grassroots.grids.pages")),
]

handler400 = "city1361.platform.assurance.security.access.problems.bad_request"
handler403 = "city1361.platform.assurance.security.access.problems.permission_denied"
handler404 = "city1361.platform.assurance.security.access.problems.not_found"
handler500 = "city1361.platform.assurance.security.access.problems.server_error"
