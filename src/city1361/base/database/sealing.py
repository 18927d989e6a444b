"""Files sealed with AES-256-GCM in blocks, written and read as streams. The key comes from a passphrase by scrypt.

Form: for each block 4 bytes length, 1 byte "last", 12 bytes nonce, the sealed block. The number of a block and whether it is
the last are authenticated, so blocks can be neither altered, dropped, swapped nor cut off.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from city1361.base.kernel.errors import Invalid

BLOCK = 4 * 1024 * 1024
HEAD, NONCE, TAG = 5, 12, 16  # bytes


def key_of(passphrase_file: Path, salt: bytes) -> bytes:
    """The key of the passphrase in a file (white space around it does not count). Raises Invalid for an empty one."""
    passphrase = passphrase_file.read_bytes().strip()
    if not passphrase:
        raise Invalid(
            "passphrase_empty",
            "口令文件 {file} 是空的",
            remedy="请写入一个足够长的口令",
            params={"file": passphrase_file},
        )
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase)


class SealingWriter(io.RawIOBase):
    """Seals what is written into `target`. Without `close` the result is refused when it is read."""

    def __init__(self, target: IO[bytes], key: bytes) -> None:
        self._target, self._cipher, self._pending, self._number = target, AESGCM(key), bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._pending += data
        while len(self._pending) > BLOCK:
            self._seal(bytes(self._pending[:BLOCK]), last=False)
            del self._pending[:BLOCK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._pending), last=True)
        super().close()

    def _seal(self, block: bytes, *, last: bool) -> None:
        nonce = os.urandom(NONCE)
        body = self._cipher.encrypt(nonce, block, _label(self._number, last))
        self._target.write(len(body).to_bytes(4, "big") + bytes([last]) + nonce + body)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Opens what a SealingWriter wrote. Raises Invalid for a wrong key and for anything altered, dropped or cut off."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source, self._cipher, self._ready, self._number, self._last = source, AESGCM(key), b"", 0, False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; empty only at the authenticated end."""
        while not self._ready and not self._last:
            self._ready = self._open()
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _open(self) -> bytes:
        head = self._source.read(HEAD + NONCE)
        length = int.from_bytes(head[:4], "big")
        try:
            if len(head) < HEAD + NONCE or length > BLOCK + TAG or head[4] > 1:
                raise InvalidTag
            last, body = bool(head[4]), self._source.read(length)
            block = self._cipher.decrypt(head[HEAD:], body, _label(self._number, last))
            if len(body) != length or (last and self._source.read(1)):
                raise InvalidTag
        except InvalidTag as error:
            raise Invalid("wrong_passphrase", "口令不对，或备份已损坏", remedy="请核对口令文件") from error
        self._number, self._last = self._number + 1, last
        return block


def _label(number: int, last: bool) -> bytes:
    return b"%d %d" % (number, last)
