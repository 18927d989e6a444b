"""`city1361 evidence` as an operator uses it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from city1361.base.evidence import api as evidence
from city1361.base.evidence.commands import commands
from city1361.base.evidence.models import EvidenceEntry
from city1361.base.evidence.verifier.evidence_verify import line_of
from tests.base.evidence.writing import write, write_log

pytestmark = pytest.mark.usefixtures("committed", "installation")


def city1361(*words: str) -> Result:
    [group] = commands
    return CliRunner().invoke(group, list(words))


def test_verify_says_what_it_verified_and_what_is_not_covered_yet(installation: Path) -> None:
    head = write_log()
    write(2)
    kept = installation / "kept.json"
    kept.write_bytes(line_of(head))
    result = city1361("verify", "--head", str(kept))
    assert result.exit_code == 0, result.output
    assert f"rows {head['size']}" in result.output
    assert "not covered yet: 2 entries" in result.output
    assert "everything holds" in result.output
    assert "no head from outside" in city1361("verify").output


def test_verify_names_the_rows_and_fails(committed: Any) -> None:
    head = write_log()
    with committed.owner() as owner:
        owner.execute(
            "UPDATE base_evidence_entry SET canon = set_byte(canon, 40, 33) WHERE id ="
            " (SELECT entry_id FROM base_evidence_sequence WHERE seq = %s)",
            [head["size"] - 1],
        )
    result = city1361("verify")
    assert result.exit_code == 1
    assert re.search(r"rows \d+–\d+ are not what was signed", result.output)
    assert "does not hold" in result.output


def test_verify_finds_a_cut_by_the_heads_file_alone(committed: Any) -> None:
    write_log()
    with committed.owner() as owner:
        owner.execute(
            "TRUNCATE base_evidence_entry, base_evidence_personal, base_evidence_sequence, base_evidence_tile,"
            " base_evidence_head, base_evidence_pending"
        )
    result = city1361("verify")
    assert result.exit_code == 1
    assert "rows are missing at the end" in result.output
    assert city1361("status").exit_code == 1


@pytest.mark.parametrize("text", ["nonsense", "{}", '{"size": 0}'])
def test_a_broken_kept_head_is_refused_by_name(installation: Path, text: str) -> None:
    write_log(parts=1)
    (installation / "kept.json").write_text(text)
    result = city1361("verify", "--head", str(installation / "kept.json"))
    assert result.exit_code == 1
    assert "kept.json" in result.output


def test_a_head_printed_and_kept_verifies_an_export(installation: Path) -> None:
    write_log()
    kept = installation / "kept.json"
    kept.write_text(city1361("head").output)
    write_log()
    folder = installation / "out"
    assert city1361("export", str(folder)).exit_code == 0
    verifier = [sys.executable, "-I", "-S", str(folder / "evidence_verify.py"), str(folder), "--head", str(kept)]
    done = subprocess.run(verifier, capture_output=True, text=True, check=False, env={"PYTHONUTF8": "1"})
    assert done.returncode == 0, done.stderr


def test_there_is_no_head_before_the_first_entry_has_its_place(committed: Any) -> None:
    assert city1361("head").exit_code == 1
    assert city1361("tamper-test").exit_code == 1


def test_a_receipt_is_one_json_object(installation: Path) -> None:
    ids = write(2)
    kept = evidence.sequence_all()
    assert kept
    made = json.loads(city1361("receipt", str(ids[0])).output)
    assert json.loads(made["canon"])["id"] == str(ids[0])
    (installation / "kept.json").write_bytes(line_of(kept))
    late = write(1)[0]
    evidence.sequence_all()
    led = json.loads(city1361("receipt", str(late), "--head", str(installation / "kept.json")).output)
    assert led["consistency"]["from"] == kept["size"]


def test_status_fails_beyond_the_lag_it_was_given() -> None:
    write_log(parts=1)
    assert city1361("status", "--max-lag", "60").exit_code == 0
    write(1)
    assert city1361("status", "--max-lag", "-1").exit_code == 1
    assert "waiting 1" in city1361("status").output


def test_entries_are_listed_by_subject() -> None:
    write(3)
    write(2, kind="account")
    lines = city1361("list", "--about", "account:account-1").output.splitlines()
    assert len(lines) == 1
    assert "account:account-1" in lines[0]
    assert len(city1361("list", "--limit", "4").output.splitlines()) == 4


def test_the_tamper_test_finds_everything_and_touches_nothing() -> None:
    head = write_log()
    result = city1361("tamper-test", "--n", "24", "--seed", "7")
    assert result.exit_code == 0, result.output
    assert "24 of 24 alterations found" in result.output
    assert evidence.verify_log([head]).problems == []


def test_stress_asks_before_it_writes_for_ever() -> None:
    before = EvidenceEntry.objects.count()
    [group] = commands
    refused = CliRunner().invoke(group, ["stress", "--writers", "2", "--each", "2"], input="n\n")
    assert refused.exit_code == 1
    assert EvidenceEntry.objects.count() == before
    assert city1361("stress", "--writers", "3", "--each", "2", "--yes").exit_code == 0
    assert EvidenceEntry.objects.count() == before + 6
