"""What leaves the installation verifies offline with the one file of the standard library: exports and receipts."""

from __future__ import annotations

import ast
import json
import random
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from city1361.base.evidence import api as evidence
from city1361.base.evidence import exporting, tampering
from city1361.base.evidence.verifier import evidence_verify
from city1361.base.evidence.verifier.evidence_verify import Refused, line_of, parsed_head
from city1361.base.kernel.errors import Invalid, Missing, Unavailable
from tests.base.evidence.writing import write, write_log

on_a_database = pytest.mark.usefixtures("committed", "installation")


def run(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """The verifier of an export, alone: no site packages, no environment, no current folder on the path."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(folder / "evidence_verify.py"), *words],
        input=stdin,
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        env={"PYTHONUTF8": "1"},
    )


@pytest.fixture
def exported(committed: object, installation: Path) -> Path:
    write_log()
    folder = installation / "export"
    exporting.export(folder)
    return folder


def test_the_verifier_imports_the_standard_library_alone() -> None:
    tree = ast.parse(Path(evidence_verify.__file__).read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""])
    }
    assert imported <= set(sys.stdlib_module_names)


def test_the_verifier_keeps_to_the_syntax_of_python_3_9() -> None:
    ast.parse(Path(evidence_verify.__file__).read_text("utf-8"), feature_version=(3, 9))


@pytest.mark.parametrize(("words", "hashes"), [([], "hashes sha256 \n"), (["--sm3"], "hashes sha256 sm3 \n")])
def test_without_sm3_in_openssl_the_verifier_says_what_it_left_out(
    exported: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], hashes: str
) -> None:
    monkeypatch.setattr(evidence_verify, "SM3_IS_SLOW", True)
    assert evidence_verify.main([str(exported), *words]) == 0
    assert hashes in capsys.readouterr().out


def test_an_export_verifies_offline(exported: Path) -> None:
    result = run(exported, str(exported))
    assert result.returncode == 0, result.stderr
    assert "everything holds" in result.stdout
    assert "no head from outside was given" in result.stdout
    lines = (exported / "entries.jsonl").read_bytes().splitlines()
    assert len(lines) == evidence.standing().size
    assert json.loads(lines[0])["v"] == 1


def test_an_export_verifies_against_a_kept_head_and_every_signature(exported: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_bytes((exported / "heads.jsonl").read_bytes().splitlines(keepends=True)[1])
    result = run(exported, str(exported), "--head", str(kept), "--every-signature")
    assert result.returncode == 0, result.stderr
    assert "kept heads that hold: 1" in result.stdout
    assert "signatures checked 4" in result.stdout
    other = run(exported, str(exported), "--key", "0" * 64)
    assert other.returncode == 1
    assert "unknown key" in other.stderr


def test_no_personal_part_is_in_an_export(exported: Path) -> None:
    for file in exported.iterdir():
        assert "13800000000" not in file.read_text("utf-8")


def test_every_kind_of_alteration_of_an_export_is_found(exported: Path) -> None:
    outcome = tampering.tamper(exported, 64, random.Random(1361))
    assert outcome.missed == []
    assert set(outcome.made) == set(tampering.KINDS)
    assert run(exported, str(exported)).returncode == 0


def test_the_tamper_test_can_fail(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An alteration that is none is reported as missed, and a log that is broken beforehand is refused."""
    monkeypatch.setattr(tampering, "KINDS", {"nothing": lambda log, dice: "nothing"})
    assert tampering.tamper(exported, 3, random.Random(0)).missed == ["nothing: nothing"] * 3
    (exported / "entries.jsonl").write_bytes(b"{}\n")
    with pytest.raises(Refused, match="before any alteration"):
        tampering.tamper(exported, 1, random.Random(0))


def test_a_rewrite_of_an_export_under_the_same_key_needs_the_kept_head(exported: Path) -> None:
    from city1361.base.evidence import signing
    from city1361.base.evidence.verifier.evidence_verify import verify_export

    log = tampering.read(exported)
    kept = log.heads[-1]
    tampering.flip_a_byte(log, random.Random(3))
    log.heads = tampering.resigned(log, signing._private_key())
    log.write(exported)
    assert verify_export(exported, every=True).problems == []
    assert verify_export(exported, kept=[kept]).problems


@pytest.mark.parametrize(
    ("file", "text", "status", "said"),
    [
        ("heads.jsonl", "{}\n", 1, "exactly the fields"),
        ("heads.jsonl", "nonsense\n", 1, "one line of JSON"),
        ("heads.jsonl", "", 1, "stand under no head"),
        ("entries.jsonl", "", 1, "reach beyond the 0 rows"),
        ("entries.jsonl", "\n\n", 1, "reach beyond the 2 rows"),
    ],
)
def test_broken_files_are_told_apart(exported: Path, file: str, text: str, status: int, said: str) -> None:
    (exported / file).write_text(text)
    result = run(exported, str(exported))
    assert result.returncode == status
    assert said in result.stderr


def test_missing_files_are_not_taken_for_an_empty_log(exported: Path) -> None:
    (exported / "heads.jsonl").unlink()
    result = run(exported, str(exported))
    assert result.returncode == 2
    assert "cannot read" in result.stderr


def test_an_empty_log_is_nothing_to_object_to(exported: Path) -> None:
    for name in ("entries.jsonl", "heads.jsonl"):
        (exported / name).write_text("")
    assert run(exported, str(exported)).returncode == 0


def test_a_folder_in_use_is_refused(exported: Path) -> None:
    with pytest.raises(Invalid, match="folder_not_empty"):
        exporting.export(exported)


@pytest.mark.parametrize(
    "change",
    [
        {"size": 0},
        {"size": -1},
        {"size": True},
        {"size": "1"},
        {"size": 1.0},
        {"root_sha256": ""},
        {"root_sha256": "0" * 62},
        {"root_sm3": "0" * 66},
        {"root_sm3": "G" * 64},
        {"previous": None},
        {"signature": "0" * 126},
        {"at": "2026-11-22"},
        {"at": "２026-11-22T00:00:00.000000Z"},
        {"kind": "city1361-evidence-head-2"},
        {"more": 1},
    ],
)
def test_a_head_of_another_form_is_refused(change: dict[str, object]) -> None:
    whole = {
        "kind": evidence_verify.HEAD_KIND,
        "size": 1,
        "at": "2026-11-22T00:00:00.000000Z",
        "root_sha256": "0" * 64,
        "root_sm3": "0" * 64,
        "previous": "0" * 64,
        "key": "0" * 64,
        "signature": "0" * 128,
    }
    assert parsed_head(line_of(whole)) == whole
    with pytest.raises(Refused):
        parsed_head(line_of({**whole, **change}))


@on_a_database
def test_each_entry_has_a_receipt_that_verifies_offline(installation: Path) -> None:
    write_log()
    exporting.export(installation / "export")
    for entry in evidence.latest_entries(30):
        made = json.loads(json.dumps(evidence.receipt(entry.id)))
        assert made["index"] == entry.seq
        assert json.loads(made["canon"])["id"] == str(entry.id)
        evidence_verify.verify_receipt(made)
    result = run(installation / "export", "receipt", "-", stdin=json.dumps(made))
    assert result.returncode == 0, result.stderr
    assert str(entry.id) in result.stdout
    assert "anybody could have made this receipt" in result.stdout
    for key, status in ((made["head"]["key"], 0), ("00" * 32, 1)):
        known = run(installation / "export", "receipt", "-", "--key", key, stdin=json.dumps(made))
        assert (known.returncode, "anybody" in known.stdout) == (status, False)


@on_a_database
def test_a_receipt_leads_to_the_head_its_holder_has_kept(installation: Path) -> None:
    ids = write(3)
    older = evidence.sequence_all()
    newer_ids = write(300)
    newer = evidence.sequence_all()
    assert older
    assert newer
    exporting.export(installation / "export")
    kept = installation / "kept.json"
    kept.write_bytes(line_of(older))
    for identifier in (ids[1], newer_ids[-1]):
        text = json.dumps(evidence.receipt(identifier, older))
        assert run(installation / "export", "receipt", "-", "--head", str(kept), stdin=text).returncode == 0
    assert evidence.receipt(ids[1], older)["head"] == older
    assert evidence.receipt(newer_ids[-1], older)["head"] == newer
    without = json.dumps(evidence.receipt(newer_ids[-1]))
    refused = run(installation / "export", "receipt", "-", "--head", str(kept), stdin=without)
    assert refused.returncode == 1
    assert "made with --head" in refused.stderr


@on_a_database
def test_an_altered_receipt_is_refused() -> None:
    ids = write(5)
    kept = evidence.sequence_all()
    last = write(6)[-1]
    evidence.sequence_all()
    for identifier in (ids[2], last):
        made = evidence.receipt(identifier, kept)
        evidence_verify.verify_receipt(made, kept=[kept])
        changes = [
            {"canon": made["canon"].replace("值班员", "局长")},
            {"canon": 5},
            {"index": made["index"] + 1},
            {"index": -1},
            {"index": True},
            {"index": "1"},
            {"kind": "receipt"},
            {"head": {**made["head"], "size": made["head"]["size"] + 1}},
            {"head": {**made["head"], "at": "2026-01-01T00:00:00.000000Z"}},
            {"head": {}},
            {"inclusion": {}},
            {"inclusion": {**made["inclusion"], "sm3": made["inclusion"]["sm3"][:-1]}},
            {"inclusion": {**made["inclusion"], "sha256": [*made["inclusion"]["sha256"], "00" * 32]}},
            {"inclusion": {**made["inclusion"], "sha256": ["zz"]}},
            {"inclusion": {"sha256": 5, "sm3": []}},
        ]
        for number, change in enumerate(changes):
            with pytest.raises(Refused):
                evidence_verify.verify_receipt({**made, **change}, kept=[kept])
                pytest.fail(f"change {number} passed")
    for steps in (
        None,
        {},
        {"from": kept["size"]},
        {**made["consistency"], "from": 1},
        {**made["consistency"], "sm3": []},
    ):
        with pytest.raises(Refused):
            evidence_verify.verify_receipt({**made, "consistency": steps}, kept=[kept])
    for other in (None, [], 5, "x"):
        with pytest.raises(Refused, match="a receipt is"):
            evidence_verify.verify_receipt(other)
    with pytest.raises(Refused, match="unknown key"):
        evidence_verify.verify_receipt(made, keys={"0" * 64})


@on_a_database
def test_no_receipt_for_what_is_unknown_or_not_yet_signed() -> None:
    with pytest.raises(Missing):
        evidence.receipt(UUID(int=1))
    waiting = write(1)[0]
    with pytest.raises(Unavailable, match="evidence_not_yet_signed"):
        evidence.receipt(waiting)
