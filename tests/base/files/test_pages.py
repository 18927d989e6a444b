"""Upload and download over HTTP: what comes in is bounded and checked, what goes out cannot run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.urls import resolve

from city1361.base.database import api as database
from city1361.base.files.models import StoredFile
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing, TooLarge, Unauthenticated
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from tests.base.files import poison

SOMEBODY = UUID(int=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_LIMITS = {"bytes": 13_000_000}
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    return tmp_path / "files"


def sent(
    method: str, address: str, account: UUID | None = SOMEBODY, *, csrf: bool = False, **rest: object
) -> HttpResponse:
    """The answer of the view at `address` to a request of `account`, without the middleware around it."""
    request = getattr(RequestFactory(), method)(address, **rest)
    request.by = By(account=account, label="网格员", channel="web")
    request.scope = Scope(account=account)
    request._dont_enforce_csrf_checks = not csrf
    found = resolve(address)
    try:
        with database.scoped(request.scope):
            return found.func(request, *found.args, **found.kwargs)
    finally:
        request.close()


def upload(content: bytes, name: str = "现场.jpg", account: UUID | None = SOMEBODY, **fields: object) -> HttpResponse:
    data = {"file": SimpleUploadedFile(name, content, content_type="image/jpeg"), **fields}
    return sent("post", "/files/", account, data=data)


def test_an_upload_answers_with_the_file_and_twice_with_the_same(db: None) -> None:
    first, second = upload(poison.photo()), upload(poison.photo(), "other name.jpg")
    body = json.loads(first.content)
    assert (first.status_code, second.status_code) == (201, 200)
    assert json.loads(second.content) == body
    assert (body["media_type"], body["width"], body["height"], body["name"]) == ("image/jpeg", 640, 480, "现场.jpg")
    assert body["url"] == f"/files/{body['id']}/"
    assert body["thumb_url"] == f"/files/{body['id']}/thumb"


@pytest.mark.parametrize("form", ["url", "thumb_url"])
def test_a_photo_is_served_for_a_page_and_cannot_run(db: None, form: str) -> None:
    response = sent("get", json.loads(upload(poison.photo()).content)[form])
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"] == "private, no-cache"
    again = sent("get", json.loads(upload(poison.photo()).content)[form], headers={"if-none-match": response["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", response["ETag"])


def test_a_pdf_is_only_ever_saved(db: None) -> None:
    body = json.loads(upload(poison.PDF, "关于<井盖>的通知.pdf").content)
    response = sent("get", body["url"])
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment")
    assert "关于<井盖>的通知.pdf" in unquote(response["Content-Disposition"])
    assert "sandbox" in response["Content-Security-Policy"]
    assert response.content == poison.PDF


def test_a_photo_is_saved_under_the_type_it_has(db: None) -> None:
    response = sent("get", json.loads(upload(poison.encoded(poison.picture(), "PNG"), "a.png").content)["url"])
    assert response["Content-Disposition"] == 'inline; filename="a.jpg"'


@pytest.mark.parametrize("address", ["/files/{}/", "/files/{}/thumb"])
def test_a_strangers_file_and_no_file_look_alike(db: None, address: str) -> None:
    body = json.loads(upload(poison.photo()).content)
    for file_id, account in ((body["id"], UUID(int=2)), (body["id"], None), (new_id(), SOMEBODY)):
        with pytest.raises(Missing) as caught:
            sent("get", address.format(file_id), account)
        assert caught.value.code == "missing"


def test_nobody_uploads_without_signing_in(db: None) -> None:
    with pytest.raises(Unauthenticated):
        upload(poison.photo(), account=None)


def test_an_upload_needs_its_token(db: None) -> None:
    data = {"file": SimpleUploadedFile("a.jpg", poison.photo())}
    assert sent("post", "/files/", csrf=True, data=data).status_code == 403
    token = get_token(RequestFactory().get("/"))
    cookie = {"HTTP_COOKIE": f"{_cookie_name()}={token}", "HTTP_X_CSRFTOKEN": token}
    data = {"file": SimpleUploadedFile("a.jpg", poison.photo())}
    assert sent("post", "/files/", csrf=True, data=data, **cookie).status_code == 201


def _cookie_name() -> str:
    from django.conf import settings

    return settings.CSRF_COOKIE_NAME


def test_reading_stops_at_the_limit(db: None, tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="13 MB"):
        upload(b"\xff\xd8\xff" + b"0" * 13_000_000)
    with database.scoped(Scope.everything()):
        assert not StoredFile.objects.exists()
    assert list(tmp_path.glob("*.upload*")) == []


def test_many_files_together_are_bounded_like_one(db: None) -> None:
    half = b"\xff\xd8\xff" + b"0" * 7_000_000
    with pytest.raises(TooLarge):
        sent("post", "/files/", data={"file": [SimpleUploadedFile(name, half) for name in ("a.jpg", "b.jpg")]})


@pytest.mark.parametrize(
    ("fields", "named"), [({"sise": "1"}, "sise"), ({"photo": SimpleUploadedFile("b.jpg", b"x")}, "photo")]
)
def test_an_unknown_field_is_refused_by_name(db: None, fields: dict[str, object], named: str) -> None:
    with pytest.raises(Invalid, match=named):
        upload(poison.photo(), **fields)


@pytest.mark.parametrize("files", [[], ["a.jpg", "b.jpg"]], ids=["none", "two"])
def test_exactly_one_file_is_taken(db: None, files: list[str]) -> None:
    with pytest.raises(Invalid, match="一个文件"):
        sent("post", "/files/", data={"file": [SimpleUploadedFile(name, poison.photo()) for name in files]})


def test_the_declared_type_and_name_count_for_nothing(db: None) -> None:
    with pytest.raises(Invalid, match="网页"):
        upload(poison.DISGUISED["网页"], "photo.jpg")
    assert upload(poison.photo(), "page.html").status_code == 201


@pytest.mark.parametrize("make", [poison.page_behind_a_photo, poison.exif_bomb], ids=["polyglot", "exif"])
def test_what_is_served_of_a_hostile_photo_is_a_photo(db: None, make: Callable[[], bytes]) -> None:
    content = sent("get", json.loads(upload(make()).content)["url"]).content
    assert content.startswith(b"\xff\xd8\xff")
    assert b"<script" not in content
    assert b"Exif" not in content


@pytest.mark.parametrize(("method", "address"), [("get", "/files/"), ("post", f"/files/{UUID(int=5)}/")])
def test_other_methods_are_not_allowed(db: None, method: str, address: str) -> None:
    assert sent(method, address).status_code == 405
