"""The installation's signing key: an Ed25519 private key in a file of mode 0600, and every public key it ever had.

To change the key, move `evidence.key` away: the next head makes a new one and its public half is added to
`evidence.pub`, which `verify` trusts.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from city1361.base.evidence.verifier.evidence_verify import Head, Refused, line_of
from city1361.base.kernel.errors import Unavailable


def private_file() -> Path:
    return Path(settings.EVIDENCE_KEYS_DIR) / "evidence.key"


def public_file() -> Path:
    return Path(settings.EVIDENCE_KEYS_DIR) / "evidence.pub"


def signed(body: Head) -> Head:
    """The head with `key` and `signature`. Makes the key on first use; only the sequencer signs, and it runs alone."""
    private = _private_key()
    body = {**body, "key": private.public_key().public_bytes_raw().hex()}
    return {**body, "signature": private.sign(line_of(body)).hex()}


def known_keys() -> set[str]:
    """The public keys this installation has signed with, hexadecimal; empty before the first head."""
    path = public_file()
    return set(path.read_text("utf-8").split()) if path.is_file() else set()


def verify_head(head: Head) -> None:
    """The same as the verifier's own, by OpenSSL: some seventy times faster."""
    body = {name: value for name, value in head.items() if name != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["key"])).verify(
            bytes.fromhex(head["signature"]), line_of(body)
        )
    except (InvalidSignature, ValueError):
        raise Refused("the signature is wrong") from None


def _private_key() -> Ed25519PrivateKey:
    path = private_file()
    try:
        data = path.read_bytes() if path.is_file() else _make(path)
        key = load_pem_private_key(data, password=None)
    except (OSError, ValueError) as error:
        raise _unusable(path, error) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, TypeError("not an Ed25519 key"))
    _remember(key)
    return key


def _unusable(path: Path, error: Exception) -> Unavailable:
    return Unavailable(
        "evidence_key_unusable",
        "存证签名密钥不可用：{error}",
        where=str(path),
        remedy="请检查该文件的内容与权限；如已遗失，请移走该文件，系统将生成新密钥并登记新公钥",
        params={"error": error},
    )


def _make(path: Path) -> bytes:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    data = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    return data


def _remember(key: Ed25519PrivateKey) -> None:
    public = key.public_key().public_bytes_raw().hex()
    if public not in known_keys():
        with public_file().open("a", encoding="utf-8") as file:
            file.write(public + "\n")
