"""What somebody with all rights over the database can do to the log, and that verification finds each of it.

The owner of the tables alters them; one head, kept outside, is what he cannot reach.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from city1361.base.evidence import api as evidence
from city1361.base.evidence import exporting, signing
from city1361.base.evidence.verifier.evidence_verify import verify_export
from tests.base.evidence.writing import OFFICER, write, write_log

pytestmark = pytest.mark.usefixtures("committed", "installation")
Owner = psycopg.Connection[Any]
Alteration = Callable[[Owner, int], None]

FLIP = """UPDATE base_evidence_entry SET canon = set_byte(canon, 40, get_byte(canon, 40) # 1)
WHERE id = (SELECT entry_id FROM base_evidence_sequence WHERE seq = %s)"""
FORGE = """INSERT INTO base_evidence_entry (id, at, action, subject_kind, subject_id, canon)
SELECT gen_random_uuid(), at, action, subject_kind, subject_id, canon FROM base_evidence_entry LIMIT 1 RETURNING id"""


def entry_at(owner: Owner, seq: int) -> Any:
    row = owner.execute("SELECT entry_id FROM base_evidence_sequence WHERE seq = %s", [seq]).fetchone()
    assert row
    return row[0]


def shift(owner: Owner, seq: int, by: int) -> None:
    """Move the places from `seq` on; in two steps, so that no place is taken twice meanwhile."""
    owner.execute("UPDATE base_evidence_sequence SET seq = seq + 1000000 WHERE seq >= %s", [seq])
    owner.execute("UPDATE base_evidence_sequence SET seq = seq - 1000000 + %s WHERE seq >= 1000000", [by])


def flip_a_byte(owner: Owner, seq: int) -> None:
    owner.execute(FLIP, [seq])


def change_the_time_column(owner: Owner, seq: int) -> None:
    owner.execute("UPDATE base_evidence_entry SET at = at - interval '1 day' WHERE id = %s", [entry_at(owner, seq)])


def change_the_subject_column(owner: Owner, seq: int) -> None:
    owner.execute("UPDATE base_evidence_entry SET subject_id = 'other' WHERE id = %s", [entry_at(owner, seq)])


def change_the_action_column(owner: Owner, seq: int) -> None:
    owner.execute("UPDATE base_evidence_entry SET action = 'other' WHERE id = %s", [entry_at(owner, seq)])


def drop_the_entry(owner: Owner, seq: int) -> None:
    owner.execute("DELETE FROM base_evidence_entry WHERE id = %s", [entry_at(owner, seq)])


def drop_entry_and_place(owner: Owner, seq: int) -> None:
    drop_the_entry(owner, seq)
    owner.execute("DELETE FROM base_evidence_sequence WHERE seq = %s", [seq])


def drop_a_row_and_close_the_gap(owner: Owner, seq: int) -> None:
    drop_entry_and_place(owner, seq)
    shift(owner, seq + 1, -1)


def take_a_place_away(owner: Owner, seq: int) -> None:
    owner.execute("DELETE FROM base_evidence_sequence WHERE seq = %s", [seq])
    shift(owner, seq + 1, -1)


def insert_a_row_in_the_middle(owner: Owner, seq: int) -> None:
    row = owner.execute(FORGE).fetchone()
    assert row
    owner.execute("DELETE FROM base_evidence_pending WHERE entry_id = %s", row)
    shift(owner, seq, 1)
    owner.execute("INSERT INTO base_evidence_sequence VALUES (%s, %s)", [seq, row[0]])


def append_a_row_under_no_head(owner: Owner, _seq: int) -> None:
    row = owner.execute(FORGE).fetchone()
    assert row
    owner.execute("DELETE FROM base_evidence_pending WHERE entry_id = %s", row)
    owner.execute("INSERT INTO base_evidence_sequence SELECT max(seq) + 1, %s FROM base_evidence_sequence", row)


def move_a_place_far_away(owner: Owner, seq: int) -> None:
    owner.execute("UPDATE base_evidence_sequence SET seq = 9223372036854775807 WHERE seq = %s", [seq])


def put_an_entry_beside_the_log(owner: Owner, _seq: int) -> None:
    owner.execute("ALTER TABLE base_evidence_entry DISABLE TRIGGER base_evidence_wait")
    owner.execute(FORGE)
    owner.execute("ALTER TABLE base_evidence_entry ENABLE TRIGGER base_evidence_wait")


def exchange_two_rows(owner: Owner, seq: int) -> None:
    one, other = entry_at(owner, seq), entry_at(owner, seq + 1)
    owner.execute("DELETE FROM base_evidence_sequence WHERE seq IN (%s, %s)", [seq, seq + 1])
    owner.execute("INSERT INTO base_evidence_sequence VALUES (%s, %s), (%s, %s)", [seq, other, seq + 1, one])


def drop_the_last_rows(owner: Owner, _seq: int) -> None:
    owner.execute("DELETE FROM base_evidence_sequence WHERE seq > (SELECT max(seq) - 2 FROM base_evidence_sequence)")


def drop_the_last_head(owner: Owner, _seq: int) -> None:
    owner.execute("DELETE FROM base_evidence_head WHERE size = (SELECT max(size) FROM base_evidence_head)")


def drop_a_head_in_the_middle(owner: Owner, _seq: int) -> None:
    owner.execute(
        "DELETE FROM base_evidence_head WHERE size = (SELECT size FROM base_evidence_head ORDER BY size OFFSET 1 LIMIT 1)"
    )


def _change_a_head(column: str) -> Alteration:
    def change(owner: Owner, _seq: int) -> None:
        owner.execute(
            f"UPDATE base_evidence_head SET {column} = set_byte({column}, 5, get_byte({column}, 5) # 1)"
            " WHERE size = (SELECT size FROM base_evidence_head ORDER BY size OFFSET 1 LIMIT 1)"
        )

    change.__name__ = f"change_{column}_of_a_head"
    return change


def date_a_head_back(owner: Owner, _seq: int) -> None:
    owner.execute(
        "UPDATE base_evidence_head SET at = at - interval '1 hour' WHERE size = (SELECT max(size) FROM base_evidence_head)"
    )


def change_a_tile(owner: Owner, seq: int) -> None:
    owner.execute(
        "UPDATE base_evidence_tile SET sm3 = set_byte(sm3, %s, get_byte(sm3, %s) # 1) WHERE (level, position) = (0, 0)",
        [seq * 32, seq * 32],
    )


def drop_a_tile(owner: Owner, _seq: int) -> None:
    owner.execute("DELETE FROM base_evidence_tile WHERE (level, position) = (0, 0)")


def drop_a_personal_part(owner: Owner, _seq: int) -> None:
    owner.execute(
        "DELETE FROM base_evidence_personal WHERE entry_id = (SELECT min(entry_id::text)::uuid FROM base_evidence_personal)"
    )


def change_a_salt(owner: Owner, _seq: int) -> None:
    owner.execute("UPDATE base_evidence_personal SET salt = set_byte(salt, 0, get_byte(salt, 0) # 1)")


def change_a_personal_part(owner: Owner, _seq: int) -> None:
    owner.execute("UPDATE base_evidence_personal SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)")


def attach_a_personal_part(owner: Owner, seq: int) -> None:
    owner.execute("INSERT INTO base_evidence_personal VALUES (%s, %s, 'x')", [entry_at(owner, seq), bytes(32)])


FOUND_WITHIN = [
    flip_a_byte,
    change_the_time_column,
    change_the_subject_column,
    change_the_action_column,
    drop_the_entry,
    drop_entry_and_place,
    drop_a_row_and_close_the_gap,
    take_a_place_away,
    insert_a_row_in_the_middle,
    append_a_row_under_no_head,
    move_a_place_far_away,
    put_an_entry_beside_the_log,
    exchange_two_rows,
    drop_the_last_rows,
    drop_the_last_head,
    drop_a_head_in_the_middle,
    *(_change_a_head(column) for column in ("root_sha256", "root_sm3", "previous", "key", "signature")),
    date_a_head_back,
    change_a_tile,
    drop_a_tile,
    drop_a_personal_part,
    change_a_salt,
    change_a_personal_part,
    attach_a_personal_part,
]


TABLES = ("entry", "personal", "pending", "sequence", "tile", "head")
COLUMNS = {"entry": "id, at, action, subject_kind, subject_id, canon"}


def save(owner: Owner) -> None:
    for table in TABLES:
        owner.execute(f"CREATE TABLE saved_{table} AS SELECT {COLUMNS.get(table, '*')} FROM base_evidence_{table}")


def restore(owner: Owner) -> None:
    owner.execute("TRUNCATE " + ", ".join(f"base_evidence_{table}" for table in TABLES))
    owner.execute(f"INSERT INTO base_evidence_entry ({COLUMNS['entry']}) SELECT * FROM saved_entry")
    owner.execute("TRUNCATE base_evidence_pending")  # the trigger has put every entry back into it
    for table in TABLES[1:]:
        owner.execute(f"INSERT INTO base_evidence_{table} SELECT * FROM saved_{table}")


def test_every_alteration_is_found_from_the_log_itself(committed: Any) -> None:
    head = write_log()
    missed = []
    with committed.owner() as owner:
        save(owner)
        for alter in FOUND_WITHIN:
            assert evidence.verify_log([head]).problems == [], f"the log is not whole before {alter.__name__}"
            alter(owner, head["size"] - 9)
            missed += [] if evidence.verify_log().problems else [alter.__name__]
            restore(owner)
    assert missed == []


def cut_rows_and_heads(owner: Owner) -> None:
    """Remove the newest rows and every trace of them."""
    size = owner.execute("SELECT size FROM base_evidence_head ORDER BY size OFFSET 1 LIMIT 1").fetchone()
    assert size
    owner.execute(
        "DELETE FROM base_evidence_entry WHERE id IN (SELECT entry_id FROM base_evidence_sequence WHERE seq >= %s)",
        size,
    )
    owner.execute("DELETE FROM base_evidence_sequence WHERE seq >= %s", size)
    owner.execute("DELETE FROM base_evidence_head WHERE size > %s", size)
    owner.execute(
        "DELETE FROM base_evidence_personal p WHERE NOT EXISTS (SELECT FROM base_evidence_entry e WHERE e.id = p.entry_id)"
    )
    owner.execute(
        "UPDATE base_evidence_tile SET sha256 = substr(sha256, 1, %s * 32), sm3 = substr(sm3, 1, %s * 32)"
        " WHERE (level, position) = (0, 0)",
        [size[0], size[0]],
    )


def rewrite(owner: Owner) -> None:
    """Alter a row and have the whole log sequenced and signed anew."""
    row = owner.execute(
        "SELECT id, convert_from(canon, 'UTF8') FROM base_evidence_entry WHERE action = 'execution.admit_matter' LIMIT 1"
    ).fetchone()
    assert row
    forged = row[1].replace("值班员", "局长").encode()
    assert forged != row[1].encode()
    owner.execute("UPDATE base_evidence_entry SET canon = %s WHERE id = %s", [forged, row[0]])
    owner.execute("TRUNCATE base_evidence_sequence, base_evidence_tile, base_evidence_head, base_evidence_pending")
    owner.execute("INSERT INTO base_evidence_pending SELECT id FROM base_evidence_entry")
    for _ in range(4):
        evidence.sequence_once(limit=9)
    evidence.sequence_all()


def start_over(owner: Owner) -> None:
    """Throw the log away and begin another, with as many rows."""
    owner.execute(
        "TRUNCATE base_evidence_entry, base_evidence_personal, base_evidence_sequence, base_evidence_tile,"
        " base_evidence_head, base_evidence_pending"
    )
    write_log(parts=6)


@pytest.mark.parametrize("forge", [cut_rows_and_heads, rewrite, start_over], ids=lambda forge: forge.__name__)
def test_a_flawless_forgery_under_the_same_key_is_found_by_one_head_kept_outside(
    forge: Callable[[Owner], None], committed: Any
) -> None:
    """The honest limit first: without the kept head such a log looks whole."""
    kept = write_log()
    with committed.owner() as owner:
        forge(owner)
    assert evidence.verify_log().problems == []
    assert evidence.verify_log([kept]).problems


def test_a_forgery_under_another_key_is_found_from_the_keys_alone(committed: Any, installation: Path) -> None:
    kept = write_log()
    own = signing.public_file().read_text()
    signing.private_file().unlink()
    with committed.owner() as owner:
        rewrite(owner)
    signing.public_file().write_text(own)
    assert any("unknown key" in problem for problem in evidence.verify_log().problems)
    signing.public_file().unlink()  # even when the list of keys is replaced as well
    assert any("kept head" in problem for problem in evidence.verify_log([kept]).problems)


def test_an_older_kept_head_finds_alterations_before_it_and_confirms_growth_after_it(committed: Any) -> None:
    kept = write_log()
    write_log()
    report = evidence.verify_log([kept])
    assert report.problems == []
    assert report.held == [kept["size"]]
    with committed.owner() as owner:
        rewrite(owner)
    assert evidence.verify_log([kept]).problems


def test_a_kept_head_of_another_log_is_refused() -> None:
    head = write_log()
    foreign = {**head, "root_sha256": secrets.token_hex(32)}
    assert evidence.verify_log([foreign]).problems
    renamed = {**head, "at": "2020-01-01T00:00:00.000000Z"}
    assert any("not among the heads" in problem for problem in evidence.verify_log([renamed]).problems)


def test_erasing_personal_parts_leaves_the_tree_valid() -> None:
    ids = write(3, personal={"name": "张某"})
    kept = write_log()
    evidence.erase_personal(ids[:2], by=OFFICER, reason="个人申请")
    report = evidence.verify_log([kept])
    assert report.problems == []
    evidence.sequence_all()
    assert evidence.verify_log([kept]).problems == []
    evidence.receipt(ids[0], kept)


def test_many_findings_are_counted_not_listed() -> None:
    write(30, personal={"name": "张某"})
    evidence.sequence_all()
    from city1361.base.evidence.models import EvidencePersonal

    EvidencePersonal.objects.all().delete()
    report = evidence.verify_log()
    assert len(report.problems) == 20
    assert report.unnamed >= 10


def test_what_the_database_finds_the_export_shows_as_well(committed: Any, installation: Path) -> None:
    """A damaged log can still be exported; the verifier then says what is wrong with it."""
    head = write_log()
    with committed.owner() as owner:
        save(owner)
        for number, alter in enumerate((flip_a_byte, drop_the_entry, drop_entry_and_place, move_a_place_far_away)):
            alter(owner, head["size"] - 9)
            exporting.export(installation / str(number))
            assert verify_export(installation / str(number)).problems, f"{alter.__name__} was not found"
            restore(owner)
    exporting.export(installation / "whole")
    assert verify_export(installation / "whole", kept=[head]).problems == []


def test_verifying_twice_gives_the_same_and_alters_nothing() -> None:
    write_log()
    before = evidence.standing()
    one, two = evidence.verify_log(), evidence.verify_log()
    assert (one.rows, one.heads, one.newest) == (two.rows, two.heads, two.newest)
    assert evidence.standing() == before
