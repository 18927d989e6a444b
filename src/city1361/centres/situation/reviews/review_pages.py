"""/situation/reviews/: the review of an area and a period, and the files made of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, Missing, TooMany
from city1361.base.ui import api as ui
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import Period, PeriodKind
from city1361.centres.situation import addresses, api, presentation
from city1361.centres.situation.terms import REVIEW_LABELS, Permission
from city1361.platform.components.documents.api import DocumentFormat

READ = Permission.READ_FIGURES
CONTENT_TYPES = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@endpoint(READ)
@require_GET
def review(request: Any) -> HttpResponse:
    """The review of an area and a period; yesterday's when none is named."""
    found = api.review(scope=request.scope, area=_area(request.GET), period=_period(request.GET))
    board = found.board
    context = {
        "review": found,
        "board": board,
        "periods": presentation.periods(board.area, found.period, addresses.review),
        "period": execution.period_words(found.period),
        "trail": [(one.name, addresses.review(one.id, found.period)) for one in board.trail],
        "below": [(one.name, addresses.review(one.id, found.period)) for one in board.below],
        "figures": addresses.board(board.area.id, found.period),
        "files": [_file(one) for one in api.review_files(by=request.by)],
        "here": addresses.review(board.area.id, found.period),
        "pair": presentation.tiles(board, presentation.PAIRED),
    }
    return render(request, "centres_situation/review.html", context)


@endpoint(READ)
@require_POST
def review_make(request: Any) -> HttpResponse:
    """Have it written as PDF or DOCX, and go back to where it stands among one's files."""
    area, period = _area(request.POST), _period(request.POST)
    wanted = str(request.POST.get("format", ""))
    if area is None or wanted not in set(DocumentFormat):
        raise Invalid("review_unclear", "没有指明区域和格式", where="format", remedy="请从复盘页面生成")
    try:
        api.review_make(by=request.by, area=area, period=period, format=DocumentFormat(wanted))
        messages.success(request, _("已开始生成，完成后可在下方下载。"))
    except TooMany as problem:
        messages.error(request, ui.problem_words(problem))
    return HttpResponseRedirect(f"{addresses.review(area, period)}#files")


@endpoint(READ, about="review")
@require_GET
def review_file(request: Any, review_id: UUID) -> FileResponse:
    """The file of one's own review."""
    found, where = api.review_file(by=request.by, review_id=review_id)
    name = f"{_('复盘')}-{found.period}.{found.format.value}"
    answer = FileResponse(where.open("rb"), as_attachment=True, filename=name, content_type=CONTENT_TYPES[found.format])
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _file(one: api.ReviewFile) -> dict[str, Any]:
    ready = one.state is api.ReviewState.REVIEW_READY
    return {
        "period": one.period,
        "format": one.format.value.upper(),
        "state": _(REVIEW_LABELS[one.state]),
        "running": one.state in (api.ReviewState.REVIEW_WAITING, api.ReviewState.REVIEW_WRITING),
        "done": one.done,
        "total": one.total,
        "problem": _(one.problem) if one.problem else "",
        "at": one.created_at,
        "file": reverse("review_file", args=[one.id]) if ready else "",
    }


def _area(given: Any) -> UUID | None:
    try:
        return UUID(given["area"]) if given.get("area") else None
    except ValueError as error:
        raise Missing() from error


def _period(given: Any) -> Period:
    """The period of the address; yesterday when that is none."""
    try:
        return execution.period_from(str(given.get("period", "")))
    except Invalid:
        return execution.period_now(PeriodKind.DAY).before


urlpatterns = [
    path("reviews/", review, name="review"),
    path("reviews/make/", review_make, name="review_make"),
    path("reviews/files/<uuid:review_id>/", review_file, name="review_file"),
]
