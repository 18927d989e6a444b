"""Personal data at rest: each value sealed with AES-256-GCM, equal values found by a keyed blind index.

The key never enters the database, so a stolen dump or backup shows neither values nor which rows hold the same one to
somebody without the key. What it does not protect from: the running application, which holds the key.
PERSONAL_DATA_KEY may name several keys separated by commas: the first seals, all of them open (rotation).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _CharField = models.CharField[Any, Any]
else:  # Django's own classes take no type arguments while running
    _Field, _CharField = models.Field, models.CharField

VERSION = b"\x01"
KEY_ID, NONCE = 4, 12  # bytes
HEAD = len(VERSION) + KEY_ID + NONCE
SEPARATORS = str.maketrans("", "", " -()\u3000")


class Unreadable(Exception):
    """A sealed value cannot be opened: its key is not configured, or it was altered or moved to another column."""


@dataclass(frozen=True, slots=True)
class _Key:
    id: bytes
    cipher: AESGCM
    index: bytes


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"city1361 " + purpose).derive(secret)


def _key(text: str) -> _Key:
    try:
        secret = bytes.fromhex(text)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise ImproperlyConfigured("PERSONAL_DATA_KEY must be 32 bytes in hexadecimal (64 digits), or several by comma")
    return _Key(_derive(secret, b"key id")[:KEY_ID], AESGCM(_derive(secret, b"seal")), _derive(secret, b"index"))


@cache
def _keys(configured: str) -> tuple[_Key, ...]:
    return tuple(_key(text.strip()) for text in configured.split(","))


def _configured() -> tuple[_Key, ...]:
    return _keys(settings.PERSONAL_DATA_KEY)


def old_keys() -> list[bytes]:
    """The numbers of the configured keys that open and do not seal any more."""
    return [key.id for key in _configured()[1:]]


def number_of(key: str) -> bytes:
    """The number of a key."""
    return _key(key).id


def key_number(sealed: bytes) -> bytes:
    """The number of the key that a sealed value stands under; empty for what is none."""
    return sealed[1 : 1 + KEY_ID] if len(sealed) > HEAD and sealed[:1] == VERSION else b""


def seal(purpose: str, text: str) -> bytes:
    """`text` encrypted. `purpose` (`table.column`) is bound to it: the value opens under no other purpose."""
    key, nonce = _configured()[0], os.urandom(NONCE)
    return VERSION + key.id + nonce + key.cipher.encrypt(nonce, text.encode(), purpose.encode())


def unseal(purpose: str, sealed: bytes) -> str:
    """The text of a sealed value. Raises Unreadable."""
    if len(sealed) > HEAD and sealed[:1] == VERSION:
        for key in _configured():
            if key.id == sealed[1 : 1 + KEY_ID]:
                try:
                    return key.cipher.decrypt(sealed[HEAD - NONCE : HEAD], sealed[HEAD:], purpose.encode()).decode()
                except InvalidTag:
                    break
    raise Unreadable(f"a sealed value of {purpose} cannot be opened with the configured keys")


def normal_form(text: str) -> str:
    """What counts as equal when searching: width, case, blanks, hyphens and brackets make no difference."""
    return unicodedata.normalize("NFKC", text).translate(SEPARATORS).casefold()


def blind_index(purpose: str, text: str) -> str:
    """The index of `text` under the key that seals: 128 bits of HMAC-SHA-256, 32 hexadecimal digits."""
    return _index(_configured()[0], purpose, text)


def blind_indexes(purpose: str, text: str) -> list[str]:
    """The index under every configured key, for searching while keys rotate."""
    return [_index(key, purpose, text) for key in _configured()]


def _index(key: _Key, purpose: str, text: str) -> str:
    message = purpose.encode() + b"\x00" + normal_form(text).encode()
    return hmac.new(key.index, message, hashlib.sha256).hexdigest()[:32]


class PersonalField(_Field):
    """Text that identifies a person, encrypted in a `bytea` column. It cannot be searched: see BlindIndexField."""

    description = "encrypted personal data"

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(self.purpose, bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else connection.Database.Binary(seal(self.purpose, str(value)))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: search its BlindIndexField instead")
        return super().get_lookup(lookup_name)


class BlindIndexField(_CharField):
    """Finds equal values of the PersonalField `of`: `.filter(**index.matching(text))`.

    Filled on save and bulk_create; `QuerySet.update` and `bulk_update` must set it themselves with `blind_index`.
    """

    description = "keyed index of encrypted personal data"

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs |= {"max_length": 32, "null": True, "editable": False, "db_index": True}
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "null", "editable", "db_index"):
            kwargs.pop(fixed, None)
        return name, path, args, {**kwargs, "of": self.of}

    def _purpose(self) -> str:
        source = self.model._meta.get_field(self.of)
        assert isinstance(source, PersonalField)  # noqa: S101 - a programming error of the model
        return source.purpose

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.of)
        setattr(model_instance, self.attname, None if value is None else blind_index(self._purpose(), str(value)))
        return getattr(model_instance, self.attname)

    def matching(self, text: str) -> dict[str, Any]:
        """Filter arguments for the rows whose value equals `text`."""
        return {f"{self.attname}__in": blind_indexes(self._purpose(), text)}
