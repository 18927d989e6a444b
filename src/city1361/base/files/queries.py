"""Reading files: by those who see what they belong to, or who uploaded them a moment ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.urls import reverse

from city1361.base.files.models import StoredFile
from city1361.base.files.registration import guarded
from city1361.base.files.store import FolderStore, Store
from city1361.base.files.terms import Limits, MediaType, Rendition
from city1361.base.kernel.by import Subject
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class FileView:
    """A file as pages and the API show it. `hash` is the SHA-256 of what is served, for evidence."""

    id: UUID
    media_type: MediaType
    bytes: int
    width: int | None
    height: int | None
    name: str
    purpose: str
    uploaded_at: datetime
    hash: str
    url: str
    thumb_url: str

    @classmethod
    def of(cls, row: StoredFile) -> FileView:
        return cls(
            id=row.id,
            media_type=MediaType(row.media_type),
            bytes=row.bytes,
            width=row.width,
            height=row.height,
            name=row.name,
            purpose=row.purpose,
            uploaded_at=row.uploaded_at,
            hash=row.content,
            url=reverse("file", args=[row.id]),
            thumb_url=reverse("file_thumb", args=[row.id]) if row.thumb else "",
        )


@lru_cache(maxsize=4)
def _folder(root: Path) -> FolderStore:
    return FolderStore(root)


def store() -> Store:
    """The store of this installation."""
    return _folder(Path(settings.FILES_DIR))


def limits() -> Limits:
    """The limits of this installation: FILES_LIMITS of the settings over the defaults."""
    return Limits(**getattr(settings, "FILES_LIMITS", {}))


def visible(file_id: UUID, scope: Scope) -> StoredFile:
    """The file, for somebody who may see it: the uploader while it is unlinked, afterwards whoever its owner's module
    lets. Raises Missing."""
    row = StoredFile.objects.filter(id=file_id).first()
    if row is None or not _may_see(row, scope):
        raise Missing()
    return row


def _may_see(row: StoredFile, scope: Scope) -> bool:
    if scope.unlimited:
        return True
    if not row.owner_kind:
        return scope.account is not None and scope.account == row.account
    return guarded(row.owner_kind, scope, row.owner_id)


def open_file(file_id: UUID, scope: Scope, rendition: Rendition = Rendition.FULL) -> bytes:
    """The bytes of a file. Raises Missing when it may not be seen or has no such form, Unavailable when lost."""
    return content_of(visible(file_id, scope), rendition)


def content_of(row: StoredFile, rendition: Rendition) -> bytes:
    """The bytes of a file somebody was allowed to see."""
    return store().get(address_of(row, rendition))


def address_of(row: StoredFile, rendition: Rendition) -> str:
    """Where a form of a file lies. Raises Missing for the thumb of what has none."""
    address = row.thumb if rendition is Rendition.THUMB else row.content
    if not address:
        raise Missing()
    return address


def files_of(owner: Subject) -> list[FileView]:
    """The files of a thing, oldest first. The caller has made sure that the thing may be seen."""
    rows = StoredFile.objects.filter(owner_kind=owner.kind, owner_id=str(owner.id)).order_by("id")
    return [FileView.of(row) for row in rows]


def files(ids: list[UUID], owner: Subject) -> list[FileView]:
    """Those of `ids` that belong to `owner`, oldest first."""
    return [view for view in files_of(owner) if view.id in set(ids)]


def look_alikes(file_id: UUID, *, distance: int = 6, limit: int = 50) -> list[tuple[UUID, Subject, int]]:
    """Linked photos that look like this one: (id, what it belongs to, differing bits), nearest first.

    For inspection lists, never for automatic punishment: two honest photos of one place may look alike too. Reads
    every fingerprint, about a tenth of a second per million.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT other.id, other.owner_kind, other.owner_id,"
            "       bit_count((other.fingerprint # this.fingerprint)::bit(64)) AS differing"
            "  FROM base_files_storedfile AS this"
            "  JOIN base_files_storedfile AS other ON other.id <> this.id AND other.fingerprint IS NOT NULL"
            " WHERE this.id = %s AND other.owner_kind <> ''"
            "   AND bit_count((other.fingerprint # this.fingerprint)::bit(64)) <= %s"
            " ORDER BY differing, other.id DESC LIMIT %s",
            [file_id, distance, limit],
        )
        return [(row[0], Subject(row[1], row[2]), row[3]) for row in cursor.fetchall()]


def repeated_pictures(since: datetime, until: datetime, *, owner_kind: str) -> list[tuple[int, list[str]]]:
    """Fingerprints of pictures taken in between two moments that stand with more than one thing of a kind, and those
    things. For inspection lists: a picture may rightly stand twice. Reads every fingerprint once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, array_agg(DISTINCT owner_id) FROM base_files_storedfile"
            " WHERE owner_kind = %s AND fingerprint IN ("
            "   SELECT fingerprint FROM base_files_storedfile"
            "    WHERE owner_kind = %s AND uploaded_at >= %s AND uploaded_at < %s AND fingerprint IS NOT NULL)"
            " GROUP BY fingerprint HAVING count(DISTINCT owner_id) > 1",
            [owner_kind, owner_kind, since, until],
        )
        return [(row[0], list(row[1])) for row in cursor.fetchall()]
