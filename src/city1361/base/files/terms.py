"""Words and values of stored files."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaType(StrEnum):
    """Types that are accepted, by their content; the value is the media type of the upload."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    PDF = "application/pdf"

    @property
    def is_image(self) -> bool:
        return self is not MediaType.PDF


IMAGES = frozenset(kind for kind in MediaType if kind.is_image)


class Rendition(StrEnum):
    """Which form of a stored file is asked for."""

    FULL = "full"
    THUMB = "thumb"


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one upload and of one account's day. Sizes in bytes, sides in pixels."""

    bytes: int = 15_000_000
    pixels: int = 24_000_000
    full_side: int = 1600
    thumb_side: int = 320
    daily_files: int = 300
    daily_bytes: int = 600_000_000
    unlinked_hours: int = 48


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels, as the file's header declares them."""

    width: int
    height: int

    @property
    def pixels(self) -> int:
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class Purpose:
    """What uploads are for: which types are welcome, and the data class of what they show."""

    name: str
    accepts: frozenset[MediaType]
    data_class: str = "internal"


ATTACHMENT = Purpose("attachment", frozenset(MediaType))


@dataclass(frozen=True, slots=True)
class Renditions:
    """What re-encoding makes of an image: two JPEG files without any metadata, and its fingerprint.

    fingerprint: 64-bit difference hash of the picture, upright; None for a picture without structure.
    """

    full: bytes
    thumb: bytes
    width: int
    height: int
    fingerprint: int | None
