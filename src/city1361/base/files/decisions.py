"""What a file is, judged by its bytes and never by its name; how large its header says it is; how pictures compare."""

from __future__ import annotations

import struct
import unicodedata

from city1361.base.files.terms import Limits, MediaType, Purpose, Size
from city1361.base.kernel.errors import Invalid, TooLarge, TooMany

_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
# Signatures of what people mistake for a photo, or want mistaken for one. Checked in order.
_FOREIGN = (
    (b"GIF87a", "文件内容是 GIF 图片，不能上传"),
    (b"GIF89a", "文件内容是 GIF 图片，不能上传"),
    (b"BM", "文件内容是 BMP 图片，不能上传"),
    (b"II*\x00", "文件内容是 TIFF 图片，不能上传"),
    (b"MM\x00*", "文件内容是 TIFF 图片，不能上传"),
    (b"PK\x03\x04", "文件内容是压缩包或 Office 文档，不能上传"),
    (b"PK\x05\x06", "文件内容是压缩包，不能上传"),
    (b"Rar!", "文件内容是压缩包，不能上传"),
    (b"7z\xbc\xaf\x27\x1c", "文件内容是压缩包，不能上传"),
    (b"\x1f\x8b", "文件内容是压缩包，不能上传"),
    (b"\xd0\xcf\x11\xe0", "文件内容是旧版 Office 文档，不能上传"),
    (b"MZ", "文件内容是可执行程序，不能上传"),
    (b"\x7fELF", "文件内容是可执行程序，不能上传"),
    (b"#!", "文件内容是脚本，不能上传"),
)
_MARKUP = (
    ((b"<svg", b"<?xml"), "文件内容是 SVG 或 XML 文件，不能上传"),
    ((b"<!doctype", b"<html", b"<script", b"<head", b"<body", b"<!--"), "文件内容是网页，不能上传"),
)
_HEIC = "文件内容是 HEIC 图片，不能上传"
_START_OF_FRAME = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}
NAME_LENGTH = 120


def sniff(head: bytes) -> MediaType:
    """The accepted type whose content begins with `head` (the first 512 bytes are enough). Raises Invalid, naming
    what the file looks like instead."""
    if head.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return MediaType.WEBP
    if head.startswith(b"%PDF-"):
        return MediaType.PDF
    if not head:
        raise Invalid("file_empty", "文件是空的", where="file", remedy="请重新选择文件")
    message = _told(head)
    remedy = "请上传 JPEG、PNG、WebP 图片或 PDF 文件"
    if message == _HEIC:
        remedy = "请在手机相机设置中选择“兼容性最佳（JPEG）”后重新拍摄，或转换为 JPEG 后上传"
    raise Invalid("file_type", message, where="file", remedy=remedy)


def _told(head: bytes) -> str:
    """The sentence for a file that is not accepted, calling it what it is; whole, so that it can be translated."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIF_BRANDS:
            return _HEIC
        return "文件内容是 AVIF 图片，不能上传" if brand in _AVIF_BRANDS else "文件内容是视频，不能上传"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    signatures = [(signature, message) for signature, message in _FOREIGN if head.startswith(signature)]
    markup = [(starts, message) for starts, message in _MARKUP if text.startswith(starts)]
    found = [message for _, message in (*signatures, *markup)]
    return found[0] if found else "无法识别文件内容，不能上传"


def check_bytes(received: int, limits: Limits) -> None:
    """Raise TooLarge for an upload of more bytes than the limit."""
    if received > limits.bytes:
        raise TooLarge(
            "file_bytes",
            "文件超过 {limit} MB",
            where="file",
            remedy="请压缩后重新上传",
            params={"limit": limits.bytes // 1_000_000},
        )


def check_purpose(kind: MediaType, purpose: Purpose) -> None:
    """Raise Invalid for a type this purpose has no use for."""
    if kind not in purpose.accepts:
        raise Invalid("file_purpose", "这里只能上传图片", where="file", remedy="请上传 JPEG、PNG 或 WebP 图片")


def check_pixels(size: Size, limits: Limits) -> None:
    """Raise TooLarge for an image whose header declares more pixels than the limit, before anything is decoded."""
    if size.pixels > limits.pixels:
        raise TooLarge(
            "image_pixels",
            "图片为 {width}×{height} 像素（约 {megapixels} 万像素），超过 {limit} 万像素的上限",
            where="file",
            remedy="请在相机设置中降低照片分辨率，或缩小后上传",
            params={
                "width": size.width,
                "height": size.height,
                "megapixels": size.pixels // 10_000,
                "limit": limits.pixels // 10_000,
            },
        )


def check_quota(files: int, received: int, limits: Limits) -> None:
    """Raise TooMany when an account's day, this upload included, holds too many files or bytes."""
    if files > limits.daily_files or received > limits.daily_bytes:
        raise TooMany(
            "file_quota",
            "今天上传的文件已达上限（{files} 个或 {megabytes} MB）",
            remedy="请明天再上传；如确有需要，请联系管理员",
            params={"files": limits.daily_files, "megabytes": limits.daily_bytes // 1_000_000},
        )


def check_pdf(content: bytes) -> None:
    """Raise Invalid for a PDF without an end: it was cut off on its way."""
    if b"%%EOF" not in content[-2048:]:
        raise _damaged("PDF 文件不完整")


def dimensions(kind: MediaType, content: bytes) -> Size:
    """Width and height from the header of an image, without decoding. Raises Invalid for a header that is none."""
    readers = {MediaType.JPEG: _jpeg_size, MediaType.PNG: _png_size, MediaType.WEBP: _webp_size}
    try:
        size = readers[kind](content)
    except (struct.error, IndexError):
        size = None
    if size is None or not size.pixels:
        raise _damaged("图片不完整或已损坏")
    return size


def _jpeg_size(content: bytes) -> Size | None:
    """The largest frame any header declares: a thumbnail's frame sits inside its segment and is stepped over."""
    found, at = None, 2
    while at + 4 <= len(content):
        if content[at] != 0xFF:
            return found
        marker = content[at + 1]
        if marker == 0xFF or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xD9, 0xDA):
            return found
        (length,) = struct.unpack_from(">H", content, at + 2)
        if marker in _START_OF_FRAME:
            height, width = struct.unpack_from(">HH", content, at + 5)
            found = max(filter(None, (found, Size(width, height))), key=lambda size: size.pixels)
        at += 2 + max(length, 2)
    return found


def _png_size(content: bytes) -> Size | None:
    if content[12:16] != b"IHDR":
        return None
    return Size(*struct.unpack_from(">II", content, 16))


def _webp_size(content: bytes) -> Size | None:
    chunk = content[12:16]
    if chunk == b"VP8X":
        return Size(1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little"))
    if chunk == b"VP8L" and content[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", content, 21)
        return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", content, 26)
        return Size(width & 0x3FFF, height & 0x3FFF)
    return None


def _damaged(message: str) -> Invalid:
    return Invalid("file_damaged", message, where="file", remedy="请重新拍摄或重新导出后上传")


def fingerprint(grey: bytes) -> int | None:
    """The 64-bit difference hash of a picture shrunk to 9 × 8 grey values: is each brighter than its right neighbour?

    None for a picture without structure (a wall, a night sky): such hashes are alike whatever they show. The idea is
    N. Krawetz' dHash; pictures that differ in up to about ten bits are taken to be the same.
    """
    rows = [grey[start : start + 9] for start in range(0, 72, 9)]
    bits = "".join("1" if row[at] > row[at + 1] else "0" for row in rows for at in range(8))
    return int(bits, 2) if 4 <= bits.count("1") <= 60 else None


def distance(left: int, right: int) -> int:
    """In how many of the 64 bits two fingerprints differ."""
    return (left ^ right).bit_count()


def signed(value: int) -> int:
    """An unsigned 64-bit number as PostgreSQL's bigint holds it."""
    return value - (1 << 64) if value >> 63 else value


def _shown(sign: str) -> str:
    kind = unicodedata.category(sign)
    return " " if kind == "Zs" else "" if kind[0] in "CZ" else sign


def clean_name(name: str) -> str:
    """The name a user gave a file, fit to be shown and sent back: no path, no control or direction signs, short."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(_shown(sign) for sign in last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 10:
        return kept[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"
