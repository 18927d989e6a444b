"""Taking files in, giving them to what they belong to, and letting go of those nobody wanted.

The bytes are written before the row, so a row never points at nothing; the locks below see to it that a clean-up
never takes bytes that a new row is about to point at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from city1361.base.database import api as database
from city1361.base.files import decisions, images
from city1361.base.files.models import StoredFile
from city1361.base.files.queries import FileView, limits, store
from city1361.base.files.registration import purpose_named
from city1361.base.files.terms import ATTACHMENT, Limits, MediaType, Renditions
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing
from city1361.base.kernel.scope import Scope

_HEAD = 512


def store_file(
    by: By, upload: bytes | IO[bytes], *, name: str = "", purpose: str = ATTACHMENT.name, owner: Subject | None = None
) -> tuple[StoredFile, bool]:
    """Take an upload in; False when the same content by the same account for the same purpose is there already.

    Raises Invalid (type, purpose, damaged), TooLarge (bytes, pixels), TooMany (the account's day), Unavailable (disk,
    too busy).
    """
    with database.scoped(Scope.everything() if by.is_system else Scope(account=by.account)):
        return _store(by, upload, name, purpose, owner)


def _store(
    by: By, upload: bytes | IO[bytes], name: str, purpose: str, owner: Subject | None
) -> tuple[StoredFile, bool]:
    allowed = limits()
    content = _read(upload, allowed)
    kind, wanted = decisions.sniff(content[:_HEAD]), purpose_named(purpose)
    decisions.check_purpose(kind, wanted)
    received_hash = hashlib.sha256(content).hexdigest()
    made = _renditions(kind, content, allowed) if _known(by, received_hash, purpose, owner) is None else None
    _lock(f"account {by.account}")
    known = _known(by, received_hash, purpose, owner)
    if known is not None:
        return known, False
    if made is None:  # it was there a moment ago and has been linked or expired since
        made = _renditions(kind, content, allowed)
    _check_quota(by, len(content), allowed)
    row = StoredFile(
        account=by.account,
        uploaded_at=clock.now(),
        received_hash=received_hash,
        received_bytes=len(content),
        name=decisions.clean_name(name),
        purpose=purpose,
        data_class=wanted.data_class,
        **_owned_by(owner),
    )
    _keep(row, kind, content, made)
    row.save(force_insert=True)
    return row, True


def _read(upload: bytes | IO[bytes], allowed: Limits) -> bytes:
    content = upload if isinstance(upload, bytes) else upload.read(allowed.bytes + 1)
    decisions.check_bytes(len(content), allowed)
    return content


def _known(by: By, received_hash: str, purpose: str, owner: Subject | None) -> StoredFile | None:
    same = StoredFile.objects.filter(account=by.account, received_hash=received_hash, purpose=purpose)
    if owner is None:
        return same.filter(owner_kind="").first()
    return same.filter(owner_kind=owner.kind, owner_id=str(owner.id)).first()


def _renditions(kind: MediaType, content: bytes, allowed: Limits) -> Renditions | None:
    """The clean files of an image; None for a PDF, which is kept as it came."""
    if kind.is_image:
        return images.renditions(kind, content, allowed)
    decisions.check_pdf(content)
    return None


def _check_quota(by: By, received: int, allowed: Limits) -> None:
    if by.account is None:
        return
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    today = StoredFile.objects.filter(account=by.account, uploaded_at__gte=midnight)
    used = today.aggregate(files=Count("id"), received=Sum("received_bytes", default=0))
    decisions.check_quota(used["files"] + 1, used["received"] + received, allowed)


def _keep(row: StoredFile, kind: MediaType, content: bytes, made: Renditions | None) -> None:
    """Put the bytes into the store and note on `row` where they lie."""
    served = content if made is None else made.full
    for part in sorted({hashlib.sha256(part).hexdigest() for part in (served, made.thumb if made else served)}):
        _lock(f"content {part}")
    row.content, row.bytes = store().put(served), len(served)
    row.media_type = kind
    if made is not None:
        row.thumb, row.media_type = store().put(made.thumb), MediaType.JPEG
        row.width, row.height = made.width, made.height
        row.fingerprint = None if made.fingerprint is None else decisions.signed(made.fingerprint)


def _owned_by(owner: Subject | None) -> dict[str, str | datetime]:
    if owner is None:
        return {}
    return {"owner_kind": owner.kind, "owner_id": str(owner.id), "linked_at": clock.now()}


@transaction.atomic
def link(by: By, ids: Iterable[UUID], owner: Subject) -> list[FileView]:
    """Give uploads of `by` to `owner`, in the scope that is bound; doing it again changes nothing. Raises Missing for a
    file that is not there, is somebody else's or belongs to something else."""
    wanted = list(dict.fromkeys(ids))
    mine = StoredFile.objects.select_for_update().filter(id__in=wanted, account=by.account)
    rows = list(mine.filter(Q(owner_kind="") | Q(owner_kind=owner.kind, owner_id=str(owner.id))).order_by("id"))
    if len(rows) != len(wanted):
        raise Missing(
            "file_missing", "有 {count} 个附件不存在或已过期", where="photos", remedy="请重新上传附件",
            params={"count": len(wanted) - len(rows)},
        )  # fmt: skip
    unlinked = [row.id for row in rows if not row.owner_kind]
    StoredFile.objects.filter(id__in=unlinked).update(**_owned_by(owner))
    return [FileView.of(row) for row in rows]


def expire_unlinked() -> int:
    """Let go of uploads that nobody linked in time. They were never part of anything, so no evidence is left."""
    before = clock.now() - timedelta(hours=limits().unlinked_hours)
    with database.scoped(Scope.everything()):
        ids = list(StoredFile.objects.filter(owner_kind="", uploaded_at__lt=before).values_list("id", flat=True))
    removed = 0
    for file_id in ids:
        with database.scoped(Scope.everything()):
            removed += _expire(file_id)
    return removed


def _expire(file_id: UUID) -> bool:
    row = StoredFile.objects.select_for_update(skip_locked=True).filter(id=file_id, owner_kind="").first()
    if row is None:
        return False
    row.delete()
    for address in sorted({row.content, row.thumb} - {""}):
        _release(address)
    return True


def sweep_orphans() -> int:
    """Remove bytes no row points at: left by transactions that were undone after their bytes had been written."""
    removed = 0
    for address in store().addresses(clock.now() - timedelta(days=1)):
        with database.scoped(Scope.everything()):
            removed += _release(address)
    return removed


def _release(address: str) -> bool:
    """Remove the bytes at `address` unless a row points at them, whoever's. Within a transaction, which holds the lock and
    the scope of everything: a row not seen would lose its bytes."""
    _lock(f"content {address}")
    if StoredFile.objects.filter(Q(content=address) | Q(thumb=address)).exists():
        return False
    store().remove(address)
    return True


def _lock(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 1361))", [f"base.files {what}"])
