"""What this module ties to others, and what others register here: kinds of work items, subjects, services."""

from __future__ import annotations

from uuid import UUID

from city1361.base.kernel import registry
from city1361.base.kernel.archivable import register_archivable
from city1361.platform.components.processes.work_terms import Kind, Permission, Service, SubjectKind

_kinds: dict[str, Kind] = {}
_subjects: dict[str, SubjectKind] = {}
_services: dict[str, Service] = {}


def register() -> None:
    """Tie this module to the kernel."""
    from city1361.platform.components.processes import archiving, doctor, packaged

    register_archivable("processes", lambda: archiving.archivable(_subjects.values()))
    registry.register_permissions(Permission)
    registry.register_router("work-items", "city1361.platform.components.processes.http.router")
    registry.register_doctor_check("processes", doctor.findings)
    registry.register_package_section(
        "processes", 30, packaged.check, packaged.load, files=packaged.FILES, withdraw=packaged.withdraw
    )


def register_work_item_kind(kind: Kind) -> None:
    """Declare a kind of work item of this system. Others' kinds are rows: `work_item_kind_register`."""
    if "." in kind.code or kind.source:
        raise TypeError(f"{kind.code!r}: a kind of ours has neither a dot nor a source")
    _kinds[kind.code] = kind


def own_kinds() -> dict[str, Kind]:
    return dict(_kinds)


def register_subject_kind(kind: SubjectKind) -> None:
    """Say what instances of one kind of subject are tied to."""
    _subjects[kind.code] = kind


def subject_kind(code: str) -> SubjectKind:
    """The registered one, or one that is tied to nothing."""
    return _subjects.get(code) or SubjectKind(code)


def subject_page(code: str, subject: UUID) -> tuple[str, str] | None:
    """Words and address of the page of a subject; None when it has none."""
    page = subject_kind(code).page
    return page(subject) if page else None


def register_service(service: Service) -> None:
    """Let service tasks call a component function by name."""
    _services[service.name] = service


def services() -> dict[str, Service]:
    return dict(_services)
