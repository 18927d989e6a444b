"""Personal data is unreadable without the key, and findable with it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.test import override_settings

from city1361.base.database.personal import (
    BlindIndexField,
    PersonalField,
    Unreadable,
    blind_index,
    blind_indexes,
    seal,
    unseal,
)

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


class Person(models.Model):
    """A table for these tests only; it never enters a database."""

    phone = PersonalField("电话", purpose="person.phone", null=True)
    phone_index = BlindIndexField(of="phone")

    class Meta:
        app_label = "tests"


@pytest.fixture(autouse=True)
def one_key() -> Iterator[None]:
    with override_settings(PERSONAL_DATA_KEY=OLD):
        yield


def test_a_sealed_value_opens_again_and_hides_its_text() -> None:
    sealed = seal("person.phone", "13800001361")
    assert unseal("person.phone", sealed) == "13800001361"
    assert b"1361" not in sealed


def test_equal_values_look_different() -> None:
    assert seal("person.phone", "13800001361") != seal("person.phone", "13800001361")


def test_a_value_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Unreadable):
        unseal("person.name", seal("person.phone", "13800001361"))


@pytest.mark.parametrize("position", [0, 1, 6, 20, -1])
def test_a_flipped_byte_anywhere_is_found(position: int) -> None:
    sealed = bytearray(seal("person.phone", "13800001361"))
    sealed[position] ^= 1
    with pytest.raises(Unreadable):
        unseal("person.phone", bytes(sealed))


@pytest.mark.parametrize("text", [b"", b"\x01", b"\x01" + bytes(16)])
def test_a_truncated_value_is_found(text: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal("person.phone", text)


def test_old_values_stay_readable_and_findable_while_keys_rotate() -> None:
    sealed, index = seal("person.phone", "13800001361"), blind_index("person.phone", "13800001361")
    with override_settings(PERSONAL_DATA_KEY=f"{NEW},{OLD}"):
        assert unseal("person.phone", sealed) == "13800001361"
        assert index in blind_indexes("person.phone", "13800001361")
        renewed = seal("person.phone", "13800001361")
    with override_settings(PERSONAL_DATA_KEY=NEW):
        assert unseal("person.phone", renewed) == "13800001361"
        with pytest.raises(Unreadable):
            unseal("person.phone", sealed)


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31, f"{'ab' * 32},short"])
def test_a_wrong_key_is_refused_and_says_what_is_needed(key: str) -> None:
    with override_settings(PERSONAL_DATA_KEY=key), pytest.raises(ImproperlyConfigured, match="32 bytes"):
        seal("person.phone", "1")


def test_the_index_forgives_spelling_but_not_purpose() -> None:
    assert blind_index("person.phone", "138 0000-1361") == blind_index("person.phone", "１３８００００１３６１")
    assert blind_index("person.phone", "13800001361") != blind_index("person.name", "13800001361")
    assert blind_index("person.phone", "13800001361") != blind_index("person.phone", "13800001362")


def test_searching_the_encrypted_field_is_an_error_and_not_an_empty_answer() -> None:
    with pytest.raises(FieldError, match="BlindIndexField"):
        Person.objects.filter(phone="13800001361")


def test_the_field_stores_ciphertext_and_its_index() -> None:
    phone, index = Person._meta.get_field("phone"), Person._meta.get_field("phone_index")
    person = Person(phone="13800001361")
    stored = phone.get_db_prep_value(person.phone, connection)
    assert unseal("person.phone", bytes(stored.obj if hasattr(stored, "obj") else stored)) == "13800001361"
    assert index.pre_save(person, add=True) == blind_index("person.phone", "13800001361")
    assert index.matching("138-0000-1361") == {"phone_index__in": [person.phone_index]}


def test_nothing_stays_nothing() -> None:
    phone, index = Person._meta.get_field("phone"), Person._meta.get_field("phone_index")
    assert phone.get_db_prep_value(None, connection) is None
    assert index.pre_save(Person(), add=True) is None


def test_migrations_can_rebuild_the_fields() -> None:
    for field in (Person._meta.get_field("phone"), Person._meta.get_field("phone_index")):
        _, _, args, kwargs = field.deconstruct()
        assert type(field)(*args, **kwargs).deconstruct()[2:] == (args, kwargs)
