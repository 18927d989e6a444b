"""Giving places: late commits, one at a time, time that jumps back, keys, heads outside the database."""

from __future__ import annotations

import json
import logging
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from city1361.base.evidence import api as evidence
from city1361.base.evidence import heads_file, signing
from city1361.base.evidence.canonical import entry as canonical_entry
from city1361.base.evidence.doctor import findings
from city1361.base.evidence.models import EvidenceSequence
from city1361.base.evidence.verifier.evidence_verify import line_of, parsed_head
from city1361.base.kernel import clock
from city1361.base.kernel.by import Subject
from city1361.base.kernel.errors import Unavailable
from city1361.base.kernel.ids import new_id
from tests.base.evidence.writing import OFFICER, write, write_log

pytestmark = pytest.mark.usefixtures("committed", "installation")


@contextmanager
def other_connection(databases: object) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A second application connection, in a transaction of its own."""
    with psycopg.connect(databases.app_url, dbname=databases.name) as connection:  # type: ignore[attr-defined]
        yield connection


def insert(connection: psycopg.Connection[tuple[object, ...]], identifier: UUID) -> None:
    subject, at = Subject("matter", "late"), clock.now()
    canon = canonical_entry(
        identifier=identifier, at=at, by=OFFICER, action="late", subject=subject, facts={}, personal=None
    )
    connection.execute(
        "INSERT INTO base_evidence_entry (id, at, action, subject_kind, subject_id, canon) VALUES (%s,%s,%s,%s,%s,%s)",
        [identifier, at, "late", "matter", "late", canon],
    )


def places(*ids: UUID) -> list[int]:
    found = dict(EvidenceSequence.objects.filter(entry_id__in=ids).values_list("entry_id", "seq"))
    return [found[identifier] for identifier in ids]


def test_places_follow_each_other_without_gap() -> None:
    first, second = write(3), write(2)
    head = evidence.sequence_once()
    assert head is not None
    start = head["size"] - 5
    assert places(*first, *second) == list(range(start, start + 5))
    assert evidence.sequence_once() is None
    assert evidence.standing().waiting == 0
    assert evidence.verify_log().problems == []


def test_a_late_commit_gets_its_place_though_younger_entries_have_theirs(committed: object) -> None:
    with other_connection(committed) as late:
        early_id = new_id()
        insert(late, early_id)
        younger = write(3)
        evidence.sequence_all()
        late.commit()
    head = evidence.sequence_once()
    assert head is not None
    assert early_id < younger[0]
    assert places(early_id) == [head["size"] - 1]
    assert evidence.verify_log().problems == []


def test_a_batch_takes_no_more_than_its_limit() -> None:
    evidence.sequence_all()
    write(5)
    heads = [evidence.sequence_once(limit=2) for _ in range(4)]
    assert [head["size"] - heads[0]["size"] for head in heads[:3] if head and heads[0]] == [0, 2, 3]
    assert heads[3] is None
    assert evidence.verify_log().heads >= 3


def test_only_one_process_gives_places(committed: object) -> None:
    write(1)
    with other_connection(committed) as other:
        assert other.execute("SELECT base_evidence_lock()").fetchone() == (True,)
        assert evidence.sequence_once() is None
        assert evidence.standing().waiting >= 1
    assert evidence.sequence_once() is not None


def test_heads_never_go_back_in_time_even_if_the_clock_does() -> None:
    now = clock.now()
    heads = []
    for moment in (now, now + timedelta(hours=2), now - timedelta(days=1), now + timedelta(hours=1)):
        with clock.frozen(moment):
            write(2)
            heads.append(evidence.sequence_all())
    times = [head["at"] for head in heads if head]
    assert times == sorted(times)
    assert times[1] == times[2] == times[3]
    assert evidence.verify_log().problems == []


def test_an_unusable_key_leaves_everything_waiting(installation: Path) -> None:
    write(2)
    waiting = evidence.standing().waiting
    signing.private_file().parent.mkdir()
    signing.private_file().write_text("nonsense")
    with pytest.raises(Unavailable, match="evidence_key_unusable"):
        evidence.sequence_once()
    assert evidence.standing().waiting == waiting
    assert evidence.latest_head() is None
    signing.private_file().unlink()
    assert evidence.sequence_once() is not None


def test_the_key_is_made_once_and_for_its_owner_alone() -> None:
    write_log(parts=2)
    assert stat.S_IMODE(signing.private_file().stat().st_mode) == 0o600
    assert len(signing.known_keys()) == 1
    assert {finding.level for finding in findings()} == {"ok"}
    signing.private_file().chmod(0o644)
    assert [finding.level for finding in findings() if "signing key" in finding.what] == ["fail"]


def test_a_new_key_continues_the_log() -> None:
    old = write_log(parts=1)
    signing.private_file().unlink()
    new = write_log(parts=1)
    assert old["key"] != new["key"]
    report = evidence.verify_log([old, new])
    assert report.problems == []
    assert report.held == [old["size"], new["size"]]


def test_a_head_signed_with_a_foreign_key_is_found() -> None:
    write_log(parts=1)
    signing.private_file().unlink()
    write_log(parts=1)
    own = signing.public_file().read_text().split()
    signing.public_file().write_text(own[0] + "\n")
    assert any("unknown key" in problem for problem in evidence.verify_log().problems)


def test_each_head_reaches_the_file_outside(installation: Path) -> None:
    last = write_log(parts=3)
    lines = (installation / "heads.jsonl").read_bytes().splitlines()
    assert len(lines) == 3
    assert parsed_head(lines[-1]) == last
    assert lines[-1] == line_of(last)


def test_the_file_catches_up_after_a_crash_and_a_cut_off_line(installation: Path) -> None:
    write_log(parts=4)
    file = installation / "heads.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[1][:100])
    heads_file.catch_up()
    heads_file.catch_up()
    whole = [line for line in file.read_bytes().splitlines() if len(line) > 100]
    assert [json.loads(line)["size"] for line in whole] == [json.loads(line)["size"] for line in lines]
    assert heads_file.disagreement() == ""


def test_a_file_moved_away_begins_anew(installation: Path) -> None:
    write_log(parts=2)
    (installation / "heads.jsonl").rename(installation / "kept.jsonl")
    last = write_log(parts=1)
    assert (installation / "heads.jsonl").read_bytes() == line_of(last) + b"\n"


def test_a_file_that_contradicts_the_log_is_left_alone(installation: Path, caplog: pytest.LogCaptureFixture) -> None:
    head = write_log(parts=1)
    file = installation / "heads.jsonl"
    for other in ({**head, "root_sm3": "0" * 64}, {**head, "size": head["size"] + 1000}):
        file.write_bytes(line_of(other) + b"\n")
        with caplog.at_level(logging.CRITICAL, "city1361.evidence"):
            write_log(parts=1)
        assert file.read_bytes() == line_of(other) + b"\n"
        assert "evidence verify" in caplog.text
        assert any(finding.level == "fail" for finding in findings())
        caplog.clear()


def test_a_file_that_cannot_be_written_does_not_stop_the_log(
    installation: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (installation / "heads.jsonl").mkdir()
    write(2)
    with caplog.at_level(logging.ERROR, "city1361.evidence"):
        assert evidence.sequence_once() is not None
    assert "cannot be written" in caplog.text


def test_the_running_sequencer_gives_places_until_it_is_stopped() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=evidence.run_sequencer, args=(stop, 0.02))
    thread.start()
    try:
        ids = write(3)
        for _ in range(500):
            if EvidenceSequence.objects.filter(entry_id__in=ids).count() == 3:
                break
            stop.wait(0.02)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()
    assert EvidenceSequence.objects.filter(entry_id__in=ids).count() == 3


def test_the_lag_is_the_age_of_the_oldest_that_waits() -> None:
    evidence.sequence_all()
    now = clock.now()
    assert evidence.standing().lag == 0
    with clock.frozen(now + timedelta(hours=1)):
        write(1)
    with clock.frozen(now + timedelta(hours=1, seconds=90)):
        assert 89 < evidence.standing().lag < 91
        assert [finding.level for finding in findings() if "wait" in finding.what] == ["fail"]
