"""Archives and files made to exhaust whoever opens them, made here so that nothing hostile is kept in the repository."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

MANIFEST = "manifest.yaml"
MEGABYTE = 1024 * 1024


def archive(*entries: tuple[str, bytes], packed: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", packed, compresslevel=9) as target:
        for name, data in entries:
            target.writestr(name, data)
    return made.getvalue()


def lying(data: bytes, size: int) -> bytes:
    """The archive, its headers saying of every entry that it unpacks to `size` bytes."""
    changed = bytearray(data)
    for signature, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = changed.find(signature)
        while place >= 0:
            struct.pack_into("<I", changed, place + at, size)
            place = changed.find(signature, place + 4)
    return bytes(changed)


def many_entries(count: int) -> bytes:
    """A directory of `count` entries that all are the one file: a small archive, a large index."""
    body = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    entry = struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    index = entry * count
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, len(index), len(body), 0)
    return body + index + end


def nested(depth: int) -> bytes:
    """An archive in an archive in an archive, with much in the innermost."""
    made = archive((MANIFEST, b"0" * (30 * MEGABYTE)))
    for _ in range(depth):
        made = archive((MANIFEST, made))
    return made


def aliases() -> bytes:
    """YAML whose ten short lines stand for a thousand million words."""
    lines = ["a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


def sheet() -> bytes:
    """A workbook whose one sheet holds five million rows: less than a megabyte to send, hundreds to unpack."""
    rows = b"<row><c><v>1</v></c></row>" * 5_000_000
    head, tail = b'<?xml version="1.0"?><worksheet><sheetData>', b"</sheetData></worksheet>"
    return archive(("[Content_Types].xml", b"<Types/>"), ("xl/worksheets/sheet1.xml", head + rows + tail))


def corpus() -> dict[str, bytes]:
    """Name → file. Each must be refused."""
    zeros = b"0" * (60 * MEGABYTE)
    yaml = {
        "aliases": aliases(),
        "deep lists": b"[" * 100_000,
        "deep maps": b"{a: " * 100_000,
        "one long line": b"id: " + b"x" * (MEGABYTE - 10),
        "python object": b"!!python/object/apply:os.system [id]",
        "many keys": b"".join(b"k%d: 1\n" % n for n in range(80_000)),
        "merge keys": b"a: &a {x: 1}\n" + b"b: {<<: [" + b"*a, " * 100_000 + b"*a]}\n",
        "zero bytes": b"id: a\0b",
    }
    return {
        "deflate bomb": archive((MANIFEST, zeros)),
        "bzip2 bomb": archive((MANIFEST, zeros), packed=zipfile.ZIP_BZIP2),
        "lzma bomb": archive((MANIFEST, zeros), packed=zipfile.ZIP_LZMA),
        "says it is small": lying(archive((MANIFEST, zeros)), 100),
        "says it is huge": lying(archive((MANIFEST, b"id: a")), 0xFFFFFFF0),
        "two hundred bombs": archive(*((f"forms/f{n}.yaml", zeros[:MEGABYTE]) for n in range(200))),
        "many entries": many_entries(150_000),
        "archive in archive": nested(3),
        "page before an archive": b"<html><script>alert(1)</script></html>" + archive((MANIFEST, zeros)),
        "photo before an archive": b"\xff\xd8\xff\xe0" + archive((MANIFEST, zeros)),
        "workbook of 5 million rows": sheet(),
        **{f"yaml {name}": archive((MANIFEST, data)) for name, data in yaml.items()},
    }
