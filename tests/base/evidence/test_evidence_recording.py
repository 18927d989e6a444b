"""Recording an entry, what the application may not do to it, and erasing its personal part."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.utils import Error, ProgrammingError
from django.test.utils import CaptureQueriesContext

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.evidence.models import EvidenceEntry, EvidencePersonal, PendingEvidence
from city1361.base.kernel.by import By, Subject
from tests.base.evidence.writing import OFFICER, write

MAY = {
    "base_evidence_entry": {"INSERT"},
    "base_evidence_personal": {"INSERT", "DELETE"},
    "base_evidence_pending": set(),
    "base_evidence_sequence": set(),
    "base_evidence_tile": set(),
    "base_evidence_head": set(),
}


def record(**changes: object) -> UUID:
    given = {"by": OFFICER, "action": "execution.admit_matter", "subject": Subject("matter", "m-1"), "facts": {"a": 1}}
    return evidence.record(**{**given, **changes})  # type: ignore[arg-type]


@pytest.mark.django_db
@pytest.mark.parametrize("personal", [None, {"name": "张某"}])
def test_an_entry_is_one_round_trip(personal: dict[str, str] | None) -> None:
    with CaptureQueriesContext(connection) as queries:
        record(personal=personal)
    assert len(queries) == 1


@pytest.mark.django_db
def test_an_entry_tells_who_did_what_about_what() -> None:
    subject = Subject("matter", UUID(int=3), "SJ500")
    found = evidence.entry(record(subject=subject, facts={"level": 2, "post": UUID(int=4)}))
    assert found is not None
    assert found.seq is None
    assert found.by["label"] == "值班员"
    assert found.by["account"] == str(UUID(int=7))
    assert found.subject == {"kind": "matter", "id": str(UUID(int=3)), "label": "SJ500"}
    assert found.facts == {"level": 2, "post": str(UUID(int=4))}
    assert [entry.id for entry in evidence.entries_about("matter", UUID(int=3))] == [found.id]
    assert evidence.latest_entries(1)[0] == found
    assert evidence.entry(UUID(int=1)) is None


@pytest.mark.django_db
def test_the_leaf_follows_from_the_bytes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT leaf = sha256('\\x00'::bytea || canon) FROM base_evidence_entry WHERE id = %s", [record()]
        )
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
def test_every_inserted_entry_waits_for_a_place_whoever_inserts_it() -> None:
    identifier = record()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO base_evidence_entry (id, at, action, subject_kind, subject_id, canon)"
            " VALUES (%s, now(), 'x', 'y', 'z', '{}')",
            [UUID(int=77)],
        )
    waiting = set(PendingEvidence.objects.values_list("entry_id", flat=True))
    assert {identifier, UUID(int=77)} <= waiting


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_evidence() -> None:
    before = EvidenceEntry.objects.count(), PendingEvidence.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(personal={"name": "张某"})
        raise ZeroDivisionError
    assert (EvidenceEntry.objects.count(), PendingEvidence.objects.count()) == before


def test_evidence_outside_a_transaction_is_refused(committed: object) -> None:
    with pytest.raises(RuntimeError, match="in the transaction"):
        record()


@pytest.mark.django_db
@pytest.mark.parametrize("facts", [{"photo": b"\xff"}, {"x": float("nan")}, {"x": {1, 2}}])
def test_facts_that_cannot_be_written_are_refused_before_anything_is(facts: dict[str, object]) -> None:
    before = EvidenceEntry.objects.count()
    with pytest.raises((TypeError, ValueError)):
        record(facts=facts)
    assert EvidenceEntry.objects.count() == before


@pytest.mark.django_db
def test_the_personal_part_stands_beside_the_entry_and_sealed() -> None:
    identifier = record(personal={"phone": "13800000000", "name": "张某"})
    assert evidence.personal_part(identifier) == {"name": "张某", "phone": "13800000000"}
    canon = bytes(EvidenceEntry.objects.get(id=identifier).canon).decode()
    kept = EvidencePersonal.objects.get(entry_id=identifier)
    for secret in ("13800000000", "张某"):
        assert secret not in canon
        assert secret.encode() not in bytes(kept.sealed)
    assert len(json.loads(canon)["personal"]) == 64


@pytest.mark.django_db
def test_a_personal_part_moved_to_another_entry_does_not_open(owner: object) -> None:
    one, other = record(personal={"name": "张某"}), record(personal={"name": "李某"})
    sealed = bytes(EvidencePersonal.objects.get(entry_id=one).sealed)
    EvidencePersonal.objects.filter(entry_id=other).delete()
    EvidencePersonal.objects.create(entry_id=other, salt=bytes(32), sealed=sealed)
    with pytest.raises(database.Unreadable):
        evidence.personal_part(other)


@pytest.mark.django_db
def test_erasing_leaves_the_entry_and_an_entry_of_its_own() -> None:
    ids = [record(personal={"name": f"某{number}"}) for number in range(3)]
    canon = bytes(EvidenceEntry.objects.get(id=ids[0]).canon)
    assert evidence.erase_personal([ids[0], ids[1], UUID(int=5)], by=OFFICER, reason="个人申请") == 2
    assert evidence.personal_part(ids[0]) is None
    assert evidence.personal_part(ids[2]) == {"name": "某2"}
    assert bytes(EvidenceEntry.objects.get(id=ids[0]).canon) == canon
    left = evidence.latest_entries(1)[0]
    assert left.action == evidence.ERASE
    assert left.facts == {"entries": sorted(str(identifier) for identifier in ids[:2]), "reason": "个人申请"}


@pytest.mark.django_db
def test_erasing_what_is_gone_records_nothing() -> None:
    identifier = record(personal={"name": "张某"})
    assert evidence.erase_personal([identifier], by=OFFICER, reason="期满") == 1
    before = EvidenceEntry.objects.count()
    assert evidence.erase_personal([identifier], by=OFFICER, reason="期满") == 0
    assert EvidenceEntry.objects.count() == before


@pytest.mark.django_db
def test_a_large_erasure_is_recorded_in_parts() -> None:
    by = By.system("到期清理")
    ids = [record(personal={}, by=by) for _ in range(1001)]
    assert evidence.erase_personal(ids, by=by, reason="期满") == 1001
    parts = evidence.latest_entries(2)
    assert [len(part.facts["entries"]) for part in parts] == [1, 1000]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "verb"), [(table, verb) for table in MAY for verb in ("INSERT", "UPDATE", "DELETE", "TRUNCATE")]
)
def test_the_application_may_do_to_each_table_only_what_it_needs(table: str, verb: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table])
        column = cursor.fetchone()[0]
        statement = {
            "INSERT": f"INSERT INTO {table} ({column}) SELECT {column} FROM {table} WHERE false",
            "UPDATE": f"UPDATE {table} SET {column} = {column} WHERE false",
            "DELETE": f"DELETE FROM {table} WHERE false",
            "TRUNCATE": f"TRUNCATE {table}",
        }[verb]
        if verb in MAY[table]:
            cursor.execute(statement)
        else:
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(statement)


@pytest.mark.django_db
def test_the_application_may_not_reach_a_partition_or_a_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'base_evidence_entry'::regclass"
        )
        partitions = [row[0] for row in cursor.fetchall()]
        assert "base_evidence_entry_default" in partitions
        for name in partitions:
            for statement in (f"UPDATE {name} SET action = 'x'", f"DELETE FROM {name}", f"SELECT 1 FROM {name}"):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
        for statement in (
            "ALTER TABLE base_evidence_entry DISABLE TRIGGER ALL",
            "DROP TRIGGER base_evidence_wait ON base_evidence_entry",
            "CREATE OR REPLACE FUNCTION base_evidence_wait() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        ):
            with pytest.raises(Error), transaction.atomic():
                cursor.execute(statement)


@pytest.mark.django_db
def test_new_monthly_partitions_are_closed_to_the_application() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT city1361_ensure_partitions(5)")
        cursor.execute(
            "SELECT count(*) FROM pg_inherits WHERE inhparent = 'base_evidence_entry'::regclass"
            " AND has_table_privilege(inhrelid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_a_temporary_table_does_not_deceive_the_function_that_gives_places() -> None:
    """The function runs as the owner; it must not write into tables of the same name that the caller brings."""
    identifier = write(1)[0]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE base_evidence_pending (entry_id uuid)")
        cursor.execute(
            "INSERT INTO base_evidence_entry (id, at, action, subject_kind, subject_id, canon)"
            " VALUES (%s, now(), 'x', 'y', 'z', '{}')",
            [UUID(int=78)],
        )
        cursor.execute(
            "SELECT count(*) FROM public.base_evidence_pending WHERE entry_id = ANY(%s)", [[identifier, UUID(int=78)]]
        )
        assert cursor.fetchone() == (2,)


@pytest.mark.django_db
def test_the_application_cannot_give_places_that_do_not_follow(installation: Path) -> None:
    write(1)
    size = evidence.sequence_all()["size"]  # type: ignore[index]
    waiting = write(1)[0]
    call = """SELECT base_evidence_append(%s, %s::uuid[], '{}'::smallint[], '{}'::bigint[], '{}'::bytea[], '{}'::bytea[],
        %s, decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex'),
        decode(repeat('00', 32), 'hex'), decode(repeat('00', 64), 'hex'))"""
    wrong = [
        (size + 1, [waiting], "now"),  # a gap
        (size - 1, [waiting], "now"),  # over an existing place
        (size, [], "now"),  # nothing
        (size, [UUID(int=99)], "now"),  # no such entry
        (size, [waiting, waiting], "now"),  # twice
        (size, [waiting], "2020-01-01"),  # before the last head
    ]
    for values in wrong:
        with pytest.raises(Error, match=r"evidence:|duplicate"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(call, values)
    assert evidence.standing().waiting == 1
