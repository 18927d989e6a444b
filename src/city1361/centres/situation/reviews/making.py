"""Writing a review to a file: asked for once, written by a job, kept for a week, its digest in evidence."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from city1361.base.action.api import Outcome, action
from city1361.base.database import api as database
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Missing, Problem, TooMany
from city1361.base.kernel.scope import Scope
from city1361.base.outbox import api as outbox
from city1361.centres.execution.api import Period, period_from
from city1361.centres.situation import folding, places
from city1361.centres.situation.models import ReviewDocument
from city1361.centres.situation.reviews import composing, printing
from city1361.centres.situation.terms import Permission, ReviewState
from city1361.platform.components.documents import api as documents
from city1361.platform.components.documents.api import DocumentFormat

JOB = "situation.write_review"
AT_A_TIME = 3
KEPT = timedelta(days=7)
UNDER_WAY = (ReviewState.REVIEW_WAITING.value, ReviewState.REVIEW_WRITING.value)
SUBJECT = "review_document"


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A written review as its maker sees it. done of total: how much of it is written."""

    id: UUID
    area: UUID
    period: str
    format: DocumentFormat
    state: ReviewState
    done: int
    total: int
    problem: str
    digest: str
    created_at: datetime


@action(Permission.READ_FIGURES)
def review_make(*, by: By, area: UUID, period: Period, format: DocumentFormat) -> Outcome[ReviewFile]:
    """Have a review written to a file. Raises Missing outside one's area, TooMany while others are being written."""
    here = places.within(registry.scope_of(by), area)[-1]
    if by.account is None:
        raise Missing()
    if ReviewDocument.objects.filter(account=by.account, state__in=UNDER_WAY).count() >= AT_A_TIME:
        raise TooMany(
            "reviews_under_way", "已有{count}份复盘正在生成", remedy="请等它们完成后再生成", params={"count": AT_A_TIME}
        )
    row = ReviewDocument.objects.create(
        account=by.account, acting=_acting(by), area_id=here.id, period=period.text, format=format.value,
        state=ReviewState.REVIEW_WAITING.value, created_at=clock.now(),
    )  # fmt: skip
    outbox.defer(JOB, review=str(row.id))
    facts = {"area": str(here.id), "period": period.text, "format": format.value}
    return Outcome(_view(row), subject=Subject(SUBJECT, row.id, period.text), facts=facts)


@action(Permission.READ_FIGURES)
def review_finish(*, by: By, review_id: UUID, digest: str, size: int) -> Outcome[None]:
    """The file is written: its digest goes into evidence."""
    ReviewDocument.objects.filter(pk=review_id).update(
        state=ReviewState.REVIEW_READY.value, digest=digest, finished_at=clock.now()
    )
    return Outcome(None, subject=Subject(SUBJECT, review_id), facts={"sha256": digest, "bytes": size})


def review_write(review_id: UUID) -> None:
    """The job's part: write what was asked for, as the one who asked and with what he may see now."""
    with folding.seeing_everything():
        row = ReviewDocument.objects.filter(pk=review_id).first()
    if row is None or row.state not in UNDER_WAY:
        return
    by = _by(row.acting)
    try:
        registry.authorise(by, Permission.READ_FIGURES)
        _keep(row, state=ReviewState.REVIEW_WRITING.value)
        digest = _write(row, registry.scope_of(by))
        review_finish(by=by, review_id=row.id, digest=digest, size=_path(row).stat().st_size)
    except Problem as problem:
        _keep(row, state=ReviewState.REVIEW_FAILED.value, problem=problem.message, finished_at=clock.now())


def _write(row: ReviewDocument, scope: Scope) -> str:
    """Always in Chinese, whatever its reader reads elsewhere."""
    with translation.override("zh-hans"), database.scoped(scope):
        found = composing.review(scope=scope, area=row.area_id, period=period_from(row.period))
        document = printing.printed(found)
    if row.format == DocumentFormat.PDF.value:
        documents.write_pdf(document, _path(row), lambda done, total: _progress(row, done, total))
    else:
        documents.write_word(document, _path(row))
    with _path(row).open("rb") as made:
        return hashlib.file_digest(made, "sha256").hexdigest()


def _progress(row: ReviewDocument, done: int, total: int) -> None:
    if done % 20 == 0 or done == total:
        _keep(row, done=done, total=total)


def _keep(row: ReviewDocument, **values: Any) -> None:
    with folding.seeing_everything():
        ReviewDocument.objects.filter(pk=row.pk).update(**values)


def review_files(*, by: By, most: int = 10) -> list[ReviewFile]:
    """One's own, the newest first."""
    if by.account is None:
        return []
    return [_view(row) for row in ReviewDocument.objects.filter(account=by.account).order_by("-id")[:most]]


def review_file(*, by: By, review_id: UUID) -> tuple[ReviewFile, Path]:
    """One's own written review. Raises Missing when it is somebody else's, not ready, or gone."""
    own = {"account": by.account, "pk": review_id, "state": ReviewState.REVIEW_READY.value}
    row = ReviewDocument.objects.filter(**own).first() if by.account else None
    if row is None or not _path(row).is_file():
        raise Missing()
    return _view(row), _path(row)


def expire_reviews() -> int:
    """Files older than a week go; that there was a review stays on record."""
    with folding.seeing_everything():
        ready = ReviewDocument.objects.filter(state=ReviewState.REVIEW_READY.value)
        old = list(ready.filter(created_at__lt=clock.now() - KEPT)[:200])
        for row in old:
            _path(row).unlink(missing_ok=True)
        gone = {"state": ReviewState.REVIEW_EXPIRED.value}
        ReviewDocument.objects.filter(pk__in=[row.pk for row in old]).update(**gone)
    return len(old)


def _path(row: ReviewDocument) -> Path:
    return Path(settings.EXPORTS_DIR) / f"review-{row.id}.{row.format}"


def _acting(by: By) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(by).items()}


def _by(acting: dict[str, Any]) -> By:
    ids = {name: UUID(acting[name]) for name in ("account", "appointment", "organisation") if acting.get(name)}
    return By(**{**acting, **ids})


def _view(row: ReviewDocument) -> ReviewFile:
    return ReviewFile(
        row.id, row.area_id, row.period, DocumentFormat(row.format), ReviewState(row.state), row.done, row.total,
        row.problem, row.digest, row.created_at,
    )  # fmt: skip
