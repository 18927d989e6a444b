"""Where higher modules register what lower ones need: nothing here knows who is above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.package import Package, PackageSection
from city1361.base.kernel.scope import Scope

type_of_authoriser = Callable[[By, str], bool]
type_of_resolver = Callable[[By], Scope]
type_of_generator = Callable[[str, Callable[[int, int], None]], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `city1361 doctor`. level: ok, warn or fail."""

    level: str
    what: str
    where: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class PeriodicWork:
    """Work of a module below the outbox, done again and again: `cron` as in crontab(5), in UTC."""

    name: str
    cron: str
    work: Callable[[], object]


@dataclass(frozen=True, slots=True)
class InstanceSection:
    """A part of an instance folder and the module that owns it.

    check(folder) returns the problems found without touching the database; load(folder) writes inside the
    caller's transaction and returns a short sentence of what changed. Lower `order` loads first. digest(folder) stands
    for what the section reads beyond the folder's own files, as the packages that the folder names.
    """

    name: str
    order: int
    check: Callable[[Path], list[Any]]
    load: Callable[..., str]
    digest: Callable[[Path], str] | None = None


_authoriser: type_of_authoriser | None = None
_resolver: type_of_resolver | None = None
_sections: dict[str, InstanceSection] = {}
_package_sections: dict[str, PackageSection] = {}
_doctor_checks: dict[str, Callable[[], list[Finding]]] = {}
_demonstration: dict[str, tuple[int, type_of_generator]] = {}
_routers: dict[str, str] = {}
_periodic: dict[str, PeriodicWork] = {}
_permissions: dict[str, str] = {}


def set_authoriser(authoriser: type_of_authoriser) -> None:
    """Say who decides whether `by` has a permission. The security modules call this once."""
    global _authoriser
    _authoriser = authoriser


def set_scope_resolver(resolver: type_of_resolver) -> None:
    """Say who works out the scope of `by`."""
    global _resolver
    _resolver = resolver


def authorise(by: By, permission: str) -> None:
    """Pass, or raise Missing: with nobody registered everything is refused, and denied looks like missing."""
    if by.is_system:
        return
    if _authoriser is None or not _authoriser(by, permission):
        raise Missing()


def scope_of(by: By) -> Scope:
    """What `by` may see; nothing at all while no resolver is registered."""
    if by.is_system:
        return Scope.everything()
    return _resolver(by) if _resolver else Scope.nothing()


def register_permissions(permissions: type[Any]) -> None:
    """Declare a module's permissions: a StrEnum whose members carry `<module>.<verb>_<noun>`."""
    for member in permissions:
        _permissions[str(member.value)] = permissions.__module__


def permissions() -> dict[str, str]:
    """Every declared permission and the module that declared it."""
    return dict(sorted(_permissions.items()))


def register_instance_section(
    name: str,
    order: int,
    check: Callable[[Path], list[Any]],
    load: Callable[..., str],
    digest: Callable[[Path], str] | None = None,
) -> None:
    """Declare a part of the instance folder that this module checks and loads."""
    _sections[name] = InstanceSection(name, order, check, load, digest)


def instance_sections() -> list[InstanceSection]:
    return sorted(_sections.values(), key=lambda section: (section.order, section.name))


def register_package_section(
    name: str,
    place: int,
    check: Callable[[Package], list[Any]],
    load: Callable[[Package, By], str],
    *,
    files: tuple[str, ...] = (),
    withdraw: Callable[[str, By], str] | None = None,
) -> None:
    """Declare a part of an application package that this module checks and loads; see PackageSection.

    files: the patterns it reads, `<name>.yaml` when nothing is said.
    """
    _package_sections[name] = PackageSection(name, place, check, load, files or (f"{name}.yaml",), withdraw)


def package_sections() -> list[PackageSection]:
    return sorted(_package_sections.values(), key=lambda section: (section.place, section.name))


def register_doctor_check(name: str, check: Callable[[], list[Finding]]) -> None:
    """Declare a check that `city1361 doctor` runs."""
    _doctor_checks[name] = check


def doctor_checks() -> dict[str, Callable[[], list[Finding]]]:
    return dict(_doctor_checks)


def register_demonstration(name: str, order: int, generate: type_of_generator) -> None:
    """Declare a generator of bulk demonstration rows: generate(scale, report), scale one of town, district, city.

    It runs in the background after the first page is up, commits in batches, calls report(done, total) after each,
    and goes on where it stopped when it is called again: an interrupted load is resumed, a finished one does nothing.
    """
    _demonstration[name] = (order, generate)


def demonstration_generators() -> dict[str, type_of_generator]:
    """The generators in their order."""
    ordered = sorted(_demonstration.items(), key=lambda item: (item[1][0], item[0]))
    return {name: generate for name, (_, generate) in ordered}


def register_router(prefix: str, import_path: str) -> None:
    """Declare an API router (`package.module.attribute`) to stand under /api/v1/<prefix>."""
    _routers[prefix] = import_path


def routers() -> dict[str, str]:
    return dict(sorted(_routers.items()))


def register_periodic(name: str, cron: str, work: Callable[[], object]) -> None:
    """Declare periodic work (`module.verb_noun`) of a module that may not import the outbox, which runs it."""
    _periodic[name] = PeriodicWork(name, cron, work)


def periodic_work() -> list[PeriodicWork]:
    return [_periodic[name] for name in sorted(_periodic)]
