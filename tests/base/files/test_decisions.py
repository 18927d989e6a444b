"""What a file is, by its bytes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.base.files import decisions
from city1361.base.files.terms import IMAGES, Limits, MediaType, Purpose, Size
from city1361.base.kernel.errors import Invalid, TooLarge, TooMany
from tests.base.files import poison

KINDS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.WEBP: "WEBP"}


def outcome(judge: Callable[..., object], *facts: object) -> object:
    """What a judgement gives: its answer, or the code of its problem."""
    try:
        return judge(*facts)
    except Invalid as problem:
        return problem.code


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_is_known_by_its_content(kind: MediaType) -> None:
    content = poison.encoded(poison.picture(), KINDS[kind])
    assert decisions.sniff(content[:512]) is kind
    assert decisions.dimensions(kind, content) == Size(*poison.PHOTO_SIZE)


def test_every_webp_flavour_declares_its_size() -> None:
    plain, lossless = (poison.encoded(poison.picture(), "WEBP", lossless=flag) for flag in (False, True))
    extended = poison.encoded(poison.picture(), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0")
    assert {content[12:16] for content in (plain, lossless, extended)} == {b"VP8 ", b"VP8L", b"VP8X"}
    for content in (plain, lossless, extended):
        assert decisions.dimensions(MediaType.WEBP, content) == Size(*poison.PHOTO_SIZE)


@pytest.mark.parametrize("looks_like", poison.DISGUISED)
def test_a_disguised_file_is_refused_and_called_by_its_name(looks_like: str) -> None:
    with pytest.raises(Invalid) as caught:
        decisions.sniff(poison.DISGUISED[looks_like])
    assert looks_like in str(caught.value)
    assert "JPEG" in caught.value.remedy


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match="空"):
        decisions.sniff(b"")


def test_forty_megapixels_are_refused_from_the_header_alone() -> None:
    size = decisions.dimensions(MediaType.PNG, poison.forty_megapixels()[:64])
    with pytest.raises(TooLarge) as caught:
        decisions.check_pixels(size, Limits())
    assert "8000×5000" in str(caught.value)
    assert "4000 万像素" in str(caught.value)
    assert "2400 万" in str(caught.value)


def test_a_picture_at_the_limit_passes() -> None:
    decisions.check_pixels(Size(6000, 4000), Limits())
    with pytest.raises(TooLarge):
        decisions.check_pixels(Size(6000, 4001), Limits())


def test_the_largest_frame_of_a_jpeg_counts() -> None:
    assert decisions.dimensions(MediaType.JPEG, poison.two_frames()) == Size(60_000, 60_000)


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_no_damaged_header_does_worse_than_a_clear_refusal(kind: MediaType, data: st.DataObject) -> None:
    content = poison.encoded(poison.picture((40, 30)), KINDS[kind])
    cut = content[: data.draw(st.integers(0, 100))] + data.draw(st.binary(max_size=40))
    assert outcome(decisions.dimensions, kind, cut) == "file_damaged" or decisions.dimensions(kind, cut).pixels > 0


@given(st.binary(max_size=600))
def test_no_bytes_at_all_confuse_the_judgement(head: bytes) -> None:
    assert outcome(decisions.sniff, head) in {*MediaType, "file_type", "file_empty"}


def test_a_truncated_pdf_is_refused() -> None:
    decisions.check_pdf(poison.PDF)
    with pytest.raises(Invalid, match="PDF 文件不完整"):
        decisions.check_pdf(poison.PDF[:-8])


def test_limits_are_named_when_they_are_passed() -> None:
    limits = Limits(bytes=2_000_000, daily_files=3, daily_bytes=5_000_000)
    decisions.check_bytes(2_000_000, limits)
    with pytest.raises(TooLarge, match="2 MB"):
        decisions.check_bytes(2_000_001, limits)
    decisions.check_quota(3, 5_000_000, limits)
    for files, received in ((4, 1), (1, 5_000_001)):
        with pytest.raises(TooMany, match="3 个或 5 MB"):
            decisions.check_quota(files, received, limits)


def test_a_place_for_photos_takes_no_pdf() -> None:
    photos = Purpose("photo", IMAGES)
    decisions.check_purpose(MediaType.JPEG, photos)
    with pytest.raises(Invalid, match="只能上传图片"):
        decisions.check_purpose(MediaType.PDF, photos)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("现场照片.jpg", "现场照片.jpg"),
        ("C:\\fakepath\\a b.JPG", "a b.JPG"),
        ("../../etc/passwd", "passwd"),
        ("x\u202egpj.exe\r\nSet-Cookie: a", "xgpj.exeSet-Cookie: a"),
        (" .. ", ""),
        ("长" * 300 + ".pdf", "长" * 116 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(given_name: str, kept: str) -> None:
    assert decisions.clean_name(given_name) == kept


@given(st.text())
def test_a_clean_name_stays_clean_and_short(name: str) -> None:
    kept = decisions.clean_name(name)
    assert len(kept) <= decisions.NAME_LENGTH
    assert "/" not in kept
    assert kept.isprintable() | (not kept)


@given(st.binary(min_size=72, max_size=72))
def test_a_fingerprint_is_the_same_brighter_or_darker(grey: bytes) -> None:
    value = decisions.fingerprint(bytes(level // 2 for level in grey))
    assert value == decisions.fingerprint(bytes(level // 2 + 100 for level in grey))
    if value is not None:
        assert -(1 << 63) <= decisions.signed(value) < 1 << 63
        assert decisions.distance(value, value ^ 0b1011) == 3


def test_a_picture_without_structure_has_no_fingerprint() -> None:
    assert decisions.fingerprint(bytes(72)) is None
