"""Hostile, broken and odd uploads, made here byte by byte so that nothing hostile is kept in the repository."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

PHOTO_SIZE = (640, 480)


def picture(size: tuple[int, int] = PHOTO_SIZE, mode: str = "RGB") -> Image.Image:
    """A picture with structure: a gradient with a bright block in its upper left corner."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste((250, 240, 10), (size[0] // 16, size[1] // 16, size[0] // 4, size[1] // 4))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(**options: object) -> bytes:
    return encoded(picture(), **options)


def with_place_and_profile() -> bytes:
    """A photo that says where it was taken, by which phone, and carries a colour profile and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "PHONEMAKER"
    exif.get_ifd(0x8825)[2] = (29.0, 33.0, 44.0)
    return encoded(picture(), exif=exif, icc_profile=b"PROFILE" * 20, comment=b"SECRETCOMMENT")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, data: bytes, *extra: bytes, colour: int = 2) -> bytes:
    """A PNG with any header: nothing checks that `data` fits it."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = (chunk(b"IHDR", header), *extra, chunk(b"IDAT", data), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def forty_megapixels() -> bytes:
    """8000 × 5000 pixels in a small file: a thousand times larger once decoded."""
    return encoded(Image.new("L", (8000, 5000), 128), "PNG")


def pixel_bomb() -> bytes:
    """A header that promises 65,000 × 65,000 pixels: 12 GB when believed."""
    return png(65_000, 65_000, zlib.compress(b"\0" * 1000))


def overlong_data() -> bytes:
    """A 10 × 10 picture whose compressed data unpacks to 200 MB."""
    return png(10, 10, zlib.compress(b"\0" * 200_000_000, 9))


def text_bomb() -> bytes:
    """A small PNG with a compressed text of 300 MB."""
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"A" * 300_000_000, 9))
    return png(4, 4, zlib.compress(b"\0" * 52), text)


def exif_segment(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(body) + 8) + b"Exif\0\0" + body


def exif_bomb() -> bytes:
    """A photo with two hundred full EXIF segments, their directories endless and pointing at themselves."""
    entries = 5000
    directory = b"II*\0\x08\0\0\0" + struct.pack("<H", entries)
    directory += struct.pack("<HHII", 0x8769, 4, 1, 8) * entries + struct.pack("<I", 8)
    plain = photo()
    return plain[:2] + exif_segment(directory) * 200 + plain[2:]


def exif_lies() -> bytes:
    """A photo whose EXIF entry claims four thousand million values."""
    directory = b"II*\0\x08\0\0\0" + struct.pack("<H", 1) + struct.pack("<HHII", 0x0112, 3, 0xFFFFFFFF, 8)
    plain = photo()
    return plain[:2] + exif_segment(directory + b"\0" * 4) + plain[2:]


def page_behind_a_photo() -> bytes:
    """Valid as a photo, and full of script for whoever guesses types."""
    return photo(comment=b"<script>alert(1)</script>") + b"<html><script>alert(2)</script></html>"


def archive_behind_a_photo() -> bytes:
    return photo() + b"PK\x03\x04\x14\0\0\0archive" + b"PK\x05\x06" + b"\0" * 18


def two_frames() -> bytes:
    """A JPEG that first declares a small frame and then one of 60,000 × 60,000."""
    plain = photo()
    at = plain.index(b"\xff\xc0")
    large = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 60_000, 60_000) + plain[at + 9 : at + 19]
    return plain[:at] + plain[at : at + 19] + large + plain[at + 19 :]


DISGUISED = {
    "网页": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "SVG 或 XML 文件": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "压缩包或 Office 文档": b"PK\x03\x04" + b"\0" * 40,
    "可执行程序": b"MZ\x90\0" + b"\0" * 60,
    "脚本": b"#!/bin/sh\nrm -rf /\n",
    "GIF 图片": b"GIF89a\x01\0\x01\0\0\0\0;",
    "HEIC 图片": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "AVIF 图片": b"\0\0\0\x18ftypavif\0\0\0\0",
    "视频": b"\0\0\0\x18ftypisom\0\0\0\0",
    "无法识别文件内容": b"\x00\x01\x02\x03 nothing in particular",
}

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
