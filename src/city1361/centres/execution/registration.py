"""What execution tells lower modules when it starts."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from city1361.base.files import api as files
from city1361.base.kernel import registry
from city1361.base.kernel.archivable import register_archivable
from city1361.centres.execution import archiving, queries, rule_counting, shelf
from city1361.centres.execution.demonstration import generation
from city1361.centres.execution.duplicates import merge_pages
from city1361.centres.execution.entry.intake_terms import IntakePermission
from city1361.centres.execution.packages import (
    declarations,
    form_page,
    loading,
    package_list,
    package_rows,
    packaged,
    scenario_steps,
)
from city1361.centres.execution.road import presuming
from city1361.centres.execution.steps import holding
from city1361.centres.execution.steps.recording import PHOTO_PURPOSE, SUBJECT
from city1361.centres.execution.steps.walking import SUBJECT_KIND
from city1361.centres.execution.terms import Permission
from city1361.platform.components.processes import api as processes


def case_page(matter_id: UUID) -> tuple[str, str]:
    """Where the matter of a process is looked at."""
    return _("返回事件"), reverse("matter", args=[matter_id])


def register() -> None:
    """Permissions, the instance section, the API, the demonstration, who may see photos, and what the desk shows."""
    registry.register_permissions(Permission)
    registry.register_permissions(IntakePermission)
    registry.register_instance_section("matters", 50, declarations.check_matters, loading.load_matters)
    registry.register_package_section(
        "matters", 50, packaged.check_types, packaged.load_types, withdraw=packaged.withdraw_types
    )
    registry.register_router("matters", "city1361.centres.execution.http.router")
    registry.register_router("matter-types", "city1361.centres.execution.http.types_router")
    registry.register_router("tickets", "city1361.centres.execution.external.ticket_http.router")
    registry.register_demonstration("execution.matters", 50, generation.generate)
    files.register_purpose(files.Purpose(PHOTO_PURPOSE, files.IMAGES, "restricted"))
    files.register_file_guard(SUBJECT, queries.photo_visible)
    register_archivable("execution", lambda: archiving.ARCHIVABLE)
    form_page.register()
    merge_pages.register()
    package_list.register()
    package_rows.register()
    rule_counting.register()
    scenario_steps.register()
    for kind in holding.KINDS:
        processes.register_work_item_kind(kind)
    processes.register_subject_kind(
        processes.SubjectKind(SUBJECT_KIND, advance=presuming.by_itself, page=case_page, over=archiving.OVER)
    )
    shelf.register()
