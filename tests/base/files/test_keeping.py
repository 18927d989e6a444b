"""Uploads: taken in once, seen by few, linked, let go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from PIL import Image

from city1361.base.database import api as database
from city1361.base.files import api as files
from city1361.base.files import keeping
from city1361.base.files.models import StoredFile
from city1361.base.files.queries import store
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.errors import Invalid, Missing, TooLarge, TooMany, Unavailable
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from tests.base.files import poison

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOMEBODY, ANOTHER = UUID(int=1), UUID(int=2)
THING = Subject("thing", UUID(int=7))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: object) -> Path:
    """A store of the test's own, and small limits."""
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_LIMITS = {"daily_files": 4, "bytes": 400_000}
    return tmp_path / "files"


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    """Things are seen by whoever may `see_things`."""
    from city1361.base.files import registration

    files.register_file_guard("thing", lambda scope, subject_id: scope.allows("see_things"))
    yield
    registration._guards.pop("thing")


@pytest.fixture
def unfenced(db: None) -> Iterator[None]:
    """The data base shows everything: what is refused here is refused by this module itself."""
    with database.scoped(Scope.everything()):
        yield


def by(account: UUID = SOMEBODY) -> By:
    return By(account=account, label="网格员", channel="web")


def photo(number: int = 0) -> bytes:
    image = poison.picture()
    image.putpixel((0, 0), (number, 0, 0))
    return poison.encoded(image, "PNG")


def kept(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def sees(account: UUID | None, *permissions: str) -> Scope:
    return Scope(account=account, permissions=frozenset(permissions))


def test_a_photo_is_kept_re_encoded_with_its_thumb_and_fingerprint(unfenced: None, folder: Path) -> None:
    view = files.store(by(), BytesIO(photo()), name="C:\\fakepath\\现场.png")
    row = StoredFile.objects.get()
    assert (view.media_type, view.width, view.height, view.name) == ("image/jpeg", 640, 480, "现场.png")
    assert kept(folder) == {row.content, row.thumb}
    assert row.fingerprint is not None
    assert (row.data_class, row.owner_kind, row.linked_at) == ("internal", "", None)
    full = files.open_file(view.id, sees(SOMEBODY))
    assert full.startswith(b"\xff\xd8\xff")
    assert (len(full), view.hash) == (view.bytes, row.content)
    thumb = Image.open(BytesIO(files.open_file(view.id, sees(SOMEBODY), files.Rendition.THUMB)))
    assert max(thumb.size) == 320


def test_a_pdf_is_kept_as_it_came_and_has_no_thumb(unfenced: None) -> None:
    view = files.store(by(), poison.PDF, name="通知.pdf")
    assert files.open_file(view.id, sees(SOMEBODY)) == poison.PDF
    assert view.thumb_url == ""
    with pytest.raises(Missing):
        files.open_file(view.id, sees(SOMEBODY), files.Rendition.THUMB)


def test_the_same_upload_again_is_the_same_file(unfenced: None) -> None:
    first = files.store(by(), photo())
    assert files.store(by(), photo()) == first
    assert files.store(by(ANOTHER), photo()).id != first.id
    assert files.store(by(), photo(), owner=THING).id != first.id
    assert files.store(by(), photo(), owner=THING) == files.files_of(THING)[0]


def test_an_unlinked_upload_is_seen_by_its_uploader_alone(unfenced: None) -> None:
    view = files.store(by(), photo())
    for stranger in (sees(ANOTHER, "see_things"), sees(None), Scope.nothing()):
        with pytest.raises(Missing):
            files.open_file(view.id, stranger)
    assert files.open_file(view.id, Scope.everything())


def test_an_upload_without_an_account_is_nobodys(unfenced: None) -> None:
    view = files.store(By.system("演示数据"), photo())
    with pytest.raises(Missing):
        files.open_file(view.id, Scope.nothing())


def test_a_linked_file_is_seen_by_those_its_owners_module_lets(unfenced: None) -> None:
    view = files.store(by(), photo())
    files.link(by(), [view.id], THING)
    assert files.open_file(view.id, sees(ANOTHER, "see_things"))
    with pytest.raises(Missing):
        files.open_file(view.id, sees(SOMEBODY))
    other = files.store(by(), photo(), owner=Subject("unguarded", "x"))
    with pytest.raises(Missing):
        files.open_file(other.id, sees(SOMEBODY, "see_things"))


def test_linking_twice_is_linking_once_and_keeps_the_order(unfenced: None) -> None:
    views = [files.store(by(), photo(number)) for number in range(3)]
    linked = files.link(by(), [view.id for view in views], THING)
    assert linked == views == files.link(by(), [view.id for view in views], THING)
    assert files.files_of(THING) == views
    assert files.files([views[2].id, views[0].id], THING) == [views[0], views[2]]


def test_nobody_links_what_is_not_his_or_belongs_elsewhere(unfenced: None) -> None:
    mine, his = files.store(by(), photo(1)), files.store(by(ANOTHER), photo(2))
    for wanted in ([mine.id, his.id], [mine.id, new_id()]):
        with pytest.raises(Missing, match="1 个附件"):
            files.link(by(), wanted, THING)
    assert files.files_of(THING) == []
    files.link(by(), [mine.id], THING)
    with pytest.raises(Missing):
        files.link(by(), [mine.id], Subject("thing", UUID(int=8)))


@pytest.mark.parametrize("looks_like", ["网页", "SVG 或 XML 文件", "可执行程序", "HEIC 图片"])
def test_a_disguised_file_leaves_nothing_behind(unfenced: None, folder: Path, looks_like: str) -> None:
    with pytest.raises(Invalid, match=looks_like):
        files.store(by(), poison.DISGUISED[looks_like], name="photo.jpg")
    assert kept(folder) == set()
    assert not StoredFile.objects.exists()


def test_too_large_too_many_pixels_and_damaged_leave_nothing_behind(unfenced: None, folder: Path) -> None:
    for content in (poison.forty_megapixels(), b"\xff\xd8\xff" + b"0" * 400_000):
        with pytest.raises(TooLarge):
            files.store(by(), BytesIO(content))
    for content in (photo()[:2000], poison.PDF[:20], b""):
        with pytest.raises(Invalid):
            files.store(by(), content)
    assert kept(folder) == set()


def test_a_purpose_says_what_is_welcome_and_how_sensitive_it_is(unfenced: None) -> None:
    from city1361.base.files import registration

    files.register_purpose(files.Purpose("evidence_photo", files.IMAGES, "restricted"))
    try:
        files.store(by(), photo(), purpose="evidence_photo")
        assert StoredFile.objects.get().data_class == "restricted"
        with pytest.raises(Invalid, match="只能上传图片"):
            files.store(by(), poison.PDF, purpose="evidence_photo")
        with pytest.raises(Invalid, match="nonsense") as caught:
            files.store(by(), photo(), purpose="nonsense")
        assert "attachment" in str(caught.value.params)
    finally:
        registration._purposes.pop("evidence_photo")


def test_an_account_has_so_many_files_a_day_and_new_ones_tomorrow(unfenced: None) -> None:
    with clock.frozen(NOON):
        for number in range(4):
            files.store(by(), photo(number))
        files.store(by(), photo(0))  # there already: costs nothing
        with pytest.raises(TooMany, match="4 个"):
            files.store(by(), photo(5))
        files.store(by(ANOTHER), photo(5))
    with clock.frozen(NOON.replace(hour=16)):  # midnight in the city
        files.store(by(), photo(5))


def test_a_day_is_also_bounded_in_bytes(unfenced: None, settings: object) -> None:
    settings.FILES_LIMITS = {"daily_bytes": len(photo()) + 10}
    files.store(by(), photo())
    with pytest.raises(TooMany):
        files.store(by(), poison.PDF)


def test_uploads_nobody_linked_expire_with_their_bytes(unfenced: None, folder: Path) -> None:
    with clock.frozen(NOON):
        forgotten, linked = files.store(by(), photo(1)), files.store(by(), photo(2))
        files.link(by(), [linked.id], THING)
    with clock.frozen(NOON + timedelta(hours=47)):
        assert files.expire_unlinked() == 0
    with clock.frozen(NOON + timedelta(hours=49)):
        assert files.expire_unlinked() == 1
    assert [row.id for row in StoredFile.objects.all()] == [linked.id]
    row = StoredFile.objects.get()
    assert kept(folder) == {row.content, row.thumb}
    with pytest.raises(Missing):
        files.open_file(forgotten.id, sees(SOMEBODY))


def test_bytes_that_others_still_need_outlive_an_expired_upload(unfenced: None) -> None:
    with clock.frozen(NOON):
        files.store(by(), photo())
        same = files.store(by(ANOTHER), photo())
        files.link(by(ANOTHER), [same.id], THING)
    with clock.frozen(NOON + timedelta(days=3)):
        assert files.expire_unlinked() == 1
    assert files.open_file(same.id, sees(None, "see_things"))


def test_bytes_without_a_row_are_swept_after_a_day(unfenced: None, folder: Path) -> None:
    orphan = store().put(b"written by a transaction that was undone")
    view = files.store(by(), poison.PDF)
    assert files.sweep_orphans() == 0
    with clock.frozen(datetime.now(UTC) + timedelta(days=2)):
        assert files.sweep_orphans() == 1
    assert orphan not in kept(folder)
    assert files.open_file(view.id, sees(SOMEBODY)) == poison.PDF


def test_a_lost_file_is_told_to_those_who_may_see_it(unfenced: None, folder: Path) -> None:
    view = files.store(by(), photo())
    for path in folder.rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(Unavailable, match="找不到内容"):
        files.open_file(view.id, sees(SOMEBODY))
    with pytest.raises(Missing):
        files.open_file(view.id, sees(ANOTHER))


def test_a_photo_used_before_is_found_by_its_looks(unfenced: None) -> None:
    image = poison.picture((1200, 900))
    before = files.store(by(), poison.encoded(image, quality=60), owner=THING)
    files.store(by(), poison.PDF, owner=THING)
    again = files.store(by(ANOTHER), poison.encoded(image.resize((900, 675))), owner=Subject("thing", "other"))
    files.store(by(), poison.encoded(image.rotate(90, expand=True)), owner=Subject("thing", "turned"))
    found = files.look_alikes(again.id)
    assert [(file_id, subject.id) for file_id, subject, _ in found] == [(before.id, str(THING.id))]
    assert found[0][2] <= 6


def test_the_data_base_refuses_a_half_linked_row(unfenced: None) -> None:
    view = files.store(by(), photo())
    with pytest.raises(Exception, match="base_files_linked_or_not"), transaction.atomic():
        StoredFile.objects.filter(id=view.id).update(owner_kind="thing")


def test_a_file_uploaded_twice_at_once_is_one_file(committed: object) -> None:
    found: list[UUID] = []
    together = threading.Barrier(4)

    def upload() -> None:
        together.wait(timeout=30)
        try:
            found.append(files.store(by(), photo()).id)
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert len(found) == 4
    assert len(set(found)) == 1


def somebody_waits_for_a_lock() -> bool:
    pause = threading.Event()
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone() != (0,):
                return True
        pause.wait(0.05)
    return False


def test_a_clean_up_never_takes_bytes_from_a_new_upload(committed: object, folder: Path) -> None:
    """An upload has put its bytes and not yet committed its row when the clean-up comes by."""
    with clock.frozen(NOON - timedelta(days=9)):
        files.store(by(ANOTHER), poison.PDF)
    swept: list[int] = []

    def clean() -> None:
        try:
            swept.append(keeping.expire_unlinked())
        finally:
            connection.close()

    with transaction.atomic():
        view = files.store(by(), poison.PDF)
        cleaner = threading.Thread(target=clean)
        cleaner.start()
        assert somebody_waits_for_a_lock(), "the clean-up did not wait for the upload"
    cleaner.join(timeout=30)
    assert swept == [1]
    with database.scoped(sees(SOMEBODY)):
        assert files.open_file(view.id, sees(SOMEBODY)) == poison.PDF
