"""Photos, good and hostile, through the child process."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from city1361.base.files import decisions, images
from city1361.base.files.terms import Limits, MediaType, Renditions
from city1361.base.kernel.errors import Invalid, TooLarge
from tests.base.files import poison

LIMITS = Limits()


def made(content: bytes, limits: Limits = LIMITS) -> Renditions:
    return images.renditions(decisions.sniff(content), content, limits)


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    "content",
    [
        poison.encoded(poison.picture((3200, 2000))),
        poison.encoded(poison.picture((3200, 2000)), "WEBP"),
        poison.encoded(poison.picture((3200, 2000), "P"), "PNG"),
        poison.encoded(poison.picture((3200, 2000), "CMYK")),
    ],
    ids=["jpeg", "webp", "palette", "cmyk"],
)
def test_a_photo_becomes_two_clean_jpegs(content: bytes) -> None:
    result = made(content)
    assert (result.width, result.height) == (1600, 1000) == opened(result.full).size
    assert opened(result.thumb).size == (320, 200)
    assert {opened(result.full).format, opened(result.thumb).format} == {"JPEG"}


def test_a_small_picture_is_not_blown_up() -> None:
    result = made(poison.encoded(poison.picture((200, 100)), "PNG"))
    assert opened(result.full).size == opened(result.thumb).size == (200, 100)


def test_place_phone_profile_and_comment_are_gone_and_the_photo_stands_upright() -> None:
    original = poison.with_place_and_profile()
    for trace in (b"Exif", b"PHONEMAKER", b"PROFILE", b"SECRETCOMMENT"):
        assert trace in original
    result = made(original)
    for content in (result.full, result.thumb):
        for trace in (b"Exif", b"PHONEMAKER", b"PROFILE", b"SECRETCOMMENT"):
            assert trace not in content
    assert (result.width, result.height) == (480, 640)
    # Turned clockwise: the bright block of the upper left corner is now in the upper right one.
    right, left = opened(result.full).getpixel((420, 100)), opened(result.full).getpixel((60, 100))
    assert right[0] - right[2] > 200
    assert abs(left[0] - left[2]) < 10


def test_transparent_parts_become_white() -> None:
    image = Image.new("RGBA", (60, 60), (255, 0, 0, 0))
    result = made(poison.encoded(image, "PNG"))
    assert opened(result.full).getpixel((30, 30)) == (255, 255, 255)


def test_sixteen_bit_grey_keeps_its_middle() -> None:
    image = Image.new("I;16", (60, 60), 32768)
    level = opened(made(poison.encoded(image, "PNG")).full).getpixel((30, 30))[0]
    assert 120 <= level <= 136


def test_the_same_photo_shrunk_and_recompressed_is_recognised() -> None:
    noise = random.Random(3)
    blocks = Image.new("L", (12, 9))
    blocks.putdata([noise.randrange(256) for _ in range(108)])
    original = blocks.resize((1200, 900), Image.Resampling.BICUBIC).convert("RGB")
    other = blocks.transpose(Image.Transpose.FLIP_LEFT_RIGHT).resize((1200, 900)).convert("RGB")
    first = made(poison.encoded(original, quality=95)).fingerprint
    again = made(poison.encoded(original.resize((500, 375)), "WEBP", quality=40)).fingerprint
    different = made(poison.encoded(other)).fingerprint
    assert first is not None
    assert again is not None
    assert different is not None
    assert decisions.distance(first, again) <= 4
    assert decisions.distance(first, different) > 12


def test_forty_megapixels_are_refused() -> None:
    with pytest.raises(TooLarge, match="8000×5000"):
        made(poison.forty_megapixels())


def test_a_pixel_bomb_is_refused_unopened() -> None:
    with pytest.raises(TooLarge, match="65000×65000"):
        made(poison.pixel_bomb())


@pytest.mark.parametrize("bomb", [poison.exif_bomb, poison.exif_lies], ids=["endless", "lying"])
def test_an_exif_bomb_costs_its_metadata_only(bomb: Callable[[], bytes]) -> None:
    result = made(bomb())
    assert (result.width, result.height) == poison.PHOTO_SIZE
    assert b"Exif" not in result.full


@pytest.mark.parametrize("bomb", [poison.overlong_data, poison.text_bomb], ids=["data", "text"])
def test_a_decompression_bomb_is_refused_or_ignored_and_this_process_lives(bomb: Callable[[], bytes]) -> None:
    try:
        result = made(bomb())
    except Invalid:
        return
    assert result.width <= 10
    assert len(result.full) < 5_000


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_photo_is_refused(kind: str) -> None:
    content = poison.encoded(poison.picture((1600, 1200)), kind)
    with pytest.raises(Invalid, match="不完整或已损坏"):
        made(content[: len(content) * 2 // 3])


@pytest.mark.parametrize("make", [poison.page_behind_a_photo, poison.archive_behind_a_photo], ids=["page", "archive"])
def test_a_polyglot_loses_its_second_face(make: Callable[[], bytes]) -> None:
    content = make()
    result = made(content)
    for face in (b"<script", b"<html", b"PK\x03\x04"):
        assert face not in result.full
        assert face not in result.thumb


def test_a_second_larger_frame_is_not_decoded() -> None:
    with pytest.raises(TooLarge, match="60000×60000"):
        made(poison.two_frames())


def test_decoding_ends_at_the_memory_limit_and_this_process_lives() -> None:
    content = poison.encoded(Image.new("RGBA", (4000, 4000), (9, 9, 9, 200)), "PNG")
    with pytest.raises(Invalid, match="内存或时间"):
        images.renditions(MediaType.PNG, content, LIMITS, memory=160 * 1024 * 1024)


def test_the_largest_accepted_picture_fits_into_the_memory_limit() -> None:
    content = poison.encoded(Image.new("RGBA", (6000, 4000), (9, 90, 9, 200)), "PNG")
    assert made(content).width == 1600
