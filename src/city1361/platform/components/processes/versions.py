"""Definitions and their versions: compiled once at publishing, read once per process of this system."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.db.models import F

from city1361.base.kernel.errors import Missing
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.models import ProcessVersion

KEPT = 256


@lru_cache(maxsize=KEPT)
def compiled_of(version_id: UUID) -> Compiled:
    """What a version was compiled to; a version never changes, so it is kept."""
    content = ProcessVersion.objects.values_list("compiled", flat=True).get(id=version_id)
    return Compiled.from_json(content)


@lru_cache(maxsize=KEPT)
def label_of(version_id: UUID) -> tuple[str, int]:
    """Key and number of a version."""
    found = ProcessVersion.objects.values_list("definition_id", "number").get(id=version_id)
    return str(found[0]), int(found[1])


def current_version(key: str) -> UUID:
    """The version in which `key` starts now: it may change at any moment, so it is asked each time."""
    standing = ProcessVersion.objects.filter(
        definition_id=key, definition__withdrawn_at=None, number=F("definition__current")
    )
    found = standing.values_list("id", flat=True).first()
    if found is None:
        raise Missing(where=key)
    return found


def called_by_key(key: str) -> Compiled | None:
    """For the compiler: a published process that another one calls."""
    try:
        return compiled_of(current_version(key))
    except Missing:
        return None


def version_id(key: str, number: int) -> UUID:
    found = ProcessVersion.objects.filter(definition_id=key, number=number).values_list("id", flat=True).first()
    if found is None:
        raise Missing(where=f"{key} {number}")
    return found
