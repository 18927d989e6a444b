"""Uploads through the whole of the running system: session, scope, the shape of refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from city1361.base.database import api as database
from city1361.base.files.models import StoredFile
from city1361.base.kernel.scope import Scope
from tests import cast
from tests.base.files import poison

JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


def upload(client: Client, content: bytes, **fields: object) -> HttpResponse:
    return client.post("/files/", {"file": SimpleUploadedFile("现场.jpg", content), **fields}, headers=JSON)


def test_a_resident_uploads_a_photo_and_sees_it_and_nobody_else_does(db: None) -> None:
    resident = cast.client(cast.RESIDENT)
    made = upload(resident, poison.photo())
    assert made.status_code == 201
    for form in ("url", "thumb_url"):
        served = resident.get(made.json()[form])
        assert (served.status_code, served["Content-Type"]) == (200, "image/jpeg")
        assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert served["Cache-Control"] == "private, no-cache"
        for other in (cast.GRID_WORKER, cast.SYSTEM_ADMIN, cast.CITY_DUTY_OFFICER):
            assert cast.client(other).get(made.json()[form], headers=JSON).status_code == 404
        assert cast.client().get(made.json()[form], headers=JSON).status_code == 401


def test_who_has_signed_out_does_not_see_the_copy_in_his_browser(db: None) -> None:
    resident = cast.client(cast.RESIDENT)
    served = resident.get(address := upload(resident, poison.photo()).json()["url"])
    known = {"if-none-match": served["ETag"], **JSON}
    assert resident.get(address, headers=known).status_code == 304
    assert cast.client(cast.GRID_WORKER).get(address, headers=known).status_code == 404
    resident.post("/accounts/logout/")
    assert resident.get(address, headers=known).status_code == 401


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (poison.DISGUISED["网页"], 422, "文件内容是网页"),
        (poison.forty_megapixels(), 413, "8000×5000"),
        (poison.photo()[:900], 422, "不完整或已损坏"),
        (poison.DISGUISED["HEIC 图片"], 422, "HEIC"),
    ],
    ids=["page", "pixels", "cut", "heic"],
)
def test_a_bad_photo_is_answered_with_what_where_and_what_to_do(
    db: None, folder: Path, content: bytes, status: int, said: str
) -> None:
    answer = upload(cast.client(cast.GRID_WORKER), content)
    body = answer.json()
    assert answer.status_code == status
    assert said in body["message"]
    assert body["where"] == "file"
    assert body["remedy"]
    with database.scoped(Scope.everything()):
        assert not StoredFile.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_an_unknown_field_is_named(db: None) -> None:
    answer = upload(cast.client(cast.GRID_WORKER), poison.photo(), colour="red")
    assert answer.status_code == 422
    assert "colour" in answer.json()["message"]


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    assert upload(cast.client(), poison.photo()).status_code == 401


def test_a_forged_form_is_refused(db: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.account(cast.RESIDENT))
    assert upload(strict, poison.photo()).status_code == 403
    with database.scoped(Scope.everything()):
        assert not StoredFile.objects.exists()


def test_the_upload_of_a_purpose_of_matters_takes_no_document(db: None) -> None:
    from city1361.centres.execution import api as execution

    answer = upload(cast.client(cast.RESIDENT), poison.PDF, purpose=execution.PHOTO_PURPOSE)
    assert answer.status_code == 422
    assert "只能上传图片" in answer.json()["message"]
