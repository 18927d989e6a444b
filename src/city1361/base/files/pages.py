"""Upload and download. Nothing here trusts a name or a declared type, and nothing served can run in a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST

from city1361.base.files import decisions
from city1361.base.files.keeping import store_file
from city1361.base.files.models import StoredFile
from city1361.base.files.queries import FileView, address_of, content_of, limits, visible
from city1361.base.files.terms import ATTACHMENT, MediaType, Rendition
from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Invalid, Unauthenticated

_KNOWN_FIELDS = {"purpose", "csrfmiddlewaretoken"}
# A browser keeps its copy and asks each time whether it may still show it: rights end, and machines are shared.
_ASK_AGAIN = "private, no-cache"


# An upload up to so many times the limit is read to its end, so that the refusal reaches the browser.
_PATIENCE = 8


class BoundedUpload(TemporaryFileUploadHandler):
    """Keeps what is uploaded in temporary files, and stops keeping it where all of it together exceeds the limit."""

    received = 0

    @property
    def exceeded(self) -> bool:
        return self.received > limits().bytes

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.exceeded:
            announced = int(self.request.META.get("CONTENT_LENGTH") or 0) if self.request else 0
            raise StopUpload(connection_reset=announced > _PATIENCE * limits().bytes)
        super().receive_data_chunk(raw_data, start)


# The handler must be in place before anybody reads the form, and the check against forgery reads it: so the check
# moves from the middleware to the inner view.
@csrf_exempt
@require_POST
@endpoint()
def upload(request: HttpRequest) -> HttpResponseBase:
    """POST /files/ (multipart: file, purpose): 201 with the file, 200 when it was there already."""
    handler = BoundedUpload(request)
    handlers: list[FileUploadHandler] = [handler]
    request.upload_handlers = handlers
    return _checked_upload(request, handler)


@csrf_protect
def _checked_upload(request: HttpRequest, handler: BoundedUpload) -> HttpResponse:
    by = _someone(request)
    received = request.FILES.getlist("file")
    if handler.exceeded:
        decisions.check_bytes(handler.received, limits())
    _check_fields(request)
    if len(received) != 1 or received[0].file is None:
        raise Invalid("file_one", "请选择一个文件", where="file", remedy="每次上传一个文件")
    row, created = store_file(
        by, received[0].file, name=received[0].name or "", purpose=request.POST.get("purpose", ATTACHMENT.name)
    )
    return JsonResponse(_body(FileView.of(row)), status=201 if created else 200)


def _someone(request: HttpRequest) -> By:
    by: By | None = getattr(request, "by", None)
    if by is None or by.account is None:
        raise Unauthenticated("sign_in", "请先登录", remedy="登录后重新上传")
    return by


def _check_fields(request: HttpRequest) -> None:
    unknown = sorted((set(request.POST) - _KNOWN_FIELDS) | (set(request.FILES) - {"file"}))
    if unknown:
        raise Invalid(
            "unknown_fields",
            "未知的字段：{fields}",
            where=unknown[0],
            remedy="只接受 file 和 purpose",
            params={"fields": "、".join(unknown)},
        )


def _body(view: FileView) -> dict[str, object]:
    return {
        "id": str(view.id),
        "media_type": view.media_type,
        "bytes": view.bytes,
        "width": view.width,
        "height": view.height,
        "name": view.name,
        "purpose": view.purpose,
        "url": view.url,
        "thumb_url": view.thumb_url,
    }


def _serving(rendition: Rendition) -> Callable[[HttpRequest, UUID], HttpResponse]:
    @require_GET
    @endpoint(about="file")
    def serve(request: HttpRequest, file_id: UUID) -> HttpResponse:
        row = visible(file_id, request.scope)  # type: ignore[attr-defined]
        tag = f'"{address_of(row, rendition)}"'
        if request.headers.get("If-None-Match") == tag:
            response: HttpResponse = HttpResponseNotModified()
        else:
            response = HttpResponse(content_of(row, rendition), content_type=row.media_type)
        return _hardened(response, row, tag)

    return serve


def _hardened(response: HttpResponse, row: StoredFile, tag: str) -> HttpResponse:
    """Images of our own making may stand in a page; everything else is only ever saved."""
    image = row.media_type == MediaType.JPEG and row.width is not None
    name = PurePosixPath(row.name).stem + ".jpg" if image and row.name else row.name or str(row.id)
    response["Content-Disposition"] = content_disposition_header(not image, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = _ASK_AGAIN
    response["ETag"] = tag
    return response


urlpatterns = [
    path("", upload, name="file_upload"),
    path("<uuid:file_id>/", _serving(Rendition.FULL), name="file"),
    path("<uuid:file_id>/thumb", _serving(Rendition.THUMB), name="file_thumb"),
]
