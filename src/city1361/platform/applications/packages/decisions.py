"""Pure: what a package uses without saying so, in which order packages come, what an upgrade changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from city1361.base.kernel.package import Use, UseKind

# Kinds that give access: naming one without using it asks for more than is needed.
ACCESS = (UseKind.PERMISSION, UseKind.DATASET, UseKind.SERVICE)


class CycleOfUses(Exception):
    """Packages use one another in a circle. `circle` names them, the first again at the end."""

    def __init__(self, circle: tuple[str, ...]) -> None:
        super().__init__(" → ".join(circle))
        self.circle = circle


def undeclared(declared: Mapping[UseKind, Collection[str]], used: Sequence[Use]) -> list[Use]:
    """Each thing that is used and not declared, once, where it first stands."""
    first: dict[tuple[UseKind, str], Use] = {}
    for use in used:
        if use.name not in declared.get(use.kind, ()):
            first.setdefault((use.kind, use.name), use)
    return list(first.values())


def unneeded(declared: Mapping[UseKind, Collection[str]], used: Sequence[Use]) -> list[tuple[UseKind, str]]:
    """What gives access, is declared, and is used nowhere."""
    met = {(use.kind, use.name) for use in used}
    return [(kind, name) for kind in ACCESS for name in declared.get(kind, ()) if (kind, name) not in met]


def in_order(uses: Mapping[str, Collection[str]]) -> list[str]:
    """Packages so that each comes after those it uses. Raises CycleOfUses; those not among the keys are left out."""
    ordered: list[str] = []
    under_way: list[str] = []

    def visit(package: str) -> None:
        if package in ordered or package not in uses:
            return
        if package in under_way:
            raise CycleOfUses((*under_way[under_way.index(package) :], package))
        under_way.append(package)
        for needed in sorted(uses[package]):
            visit(needed)
        under_way.pop()
        ordered.append(package)

    for package in uses:
        visit(package)
    return ordered


@dataclass(frozen=True, slots=True)
class FileChanges:
    """Which files a version adds, changes and drops."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    dropped: tuple[str, ...]


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> FileChanges:
    """From the digests of two versions' files."""
    return FileChanges(
        tuple(sorted(set(after) - set(before))),
        tuple(sorted(name for name in set(after) & set(before) if after[name] != before[name])),
        tuple(sorted(set(before) - set(after))),
    )


def newly_asked(before: Collection[str], after: Collection[str]) -> tuple[str, ...]:
    """The permissions a version asks for that nobody has accepted yet."""
    return tuple(sorted(set(after) - set(before)))
