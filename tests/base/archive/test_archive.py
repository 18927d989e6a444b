"""A month of history leaves the data base and comes back bit for bit, or nothing happens at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from pyarrow import parquet

from city1361.base.archive import api as archive
from city1361.base.archive import doctor, store
from city1361.base.archive.commands import archive as commands
from city1361.base.archive.terms import MANIFEST, Manifest, Part
from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock, ids
from city1361.base.kernel.archivable import archivable
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Unavailable
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import MatterStep
from city1361.centres.situation import api as situation
from tests import cast
from tests.centres.execution import matters

BY = By.system("测试")
ODD = ["", '"', "\\N", "a\r\nb\n,;\t", "NULL", "null", "{}", "\u2028 井盖 𠮷", "\\x00", "'; --", " \\", "t"]
YEARS = timedelta(days=800)


class World:
    """Two closed matters with words of every kind, one that is open, and the month they were reported in."""

    def __init__(self) -> None:
        self.closed = [matters.closed(), matters.closed()]
        self.open = matters.handling()
        self.month = archive.Month.of(ids.moment_of(self.closed[0].id))
        with database.scoped(Scope.everything()):
            steps = list(MatterStep.objects.filter(matter=self.closed[0].id).order_by("id"))
            for step, text in zip(steps * 3, ODD, strict=False):
                MatterStep.objects.filter(id=step.id).update(text=step.text + text, client_key="")
            with connection.cursor() as cursor:  # as if every reaction had run
                cursor.execute("DELETE FROM base_outbox_pending")


@pytest.fixture
def world(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Today becomes a day two years later once the matters stand; ids made then are forgotten afterwards."""
    settings.ARCHIVE_DIR = tmp_path / "archive"
    monkeypatch.setattr(ids, "_last", 0)
    made = World()
    with clock.frozen(clock.now() + YEARS):
        yield made


def quiet(_what: str, _rows: int) -> None:
    """Nobody listens."""


def write(world: World) -> Part:
    return archive.month_write(by=BY, month=world.month, heard=quiet)


def rows() -> dict[str, list[str]]:
    """Every row of every table that archives, as PostgreSQL writes it."""
    found = {}
    with database.scoped(Scope.everything()), connection.cursor() as cursor:
        for one in archivable():
            cursor.execute(f"SELECT t::text FROM {one.table} t ORDER BY 1")
            found[one.table] = [row[0] for row in cursor.fetchall()]
    return found


def steps_of(matter: Any) -> int:
    with database.scoped(Scope.everything()):
        return MatterStep.objects.filter(matter=matter.id).count()


class TestRoundTrip:
    def test_what_is_over_goes_and_comes_back_as_it_was(self, world: World) -> None:
        before = rows()
        assert {name for name, found in before.items() if found} >= {
            "centres_execution_matterstep", "platform_processes_processinstance", "platform_processes_processpassage",
            "platform_processes_workitem", "base_outbox_event",
        }  # fmt: skip
        part = write(world)
        assert rows() == before
        cleared = archive.month_clear(by=BY, month=world.month, heard=quiet)
        after = rows()
        assert sum(map(len, before.values())) - sum(map(len, after.values())) == part.rows > 30
        for name in ("processinstance", "processpassage", "workitem"):  # the process waits for the reporter's word
            there = [
                one
                for one in after[f"platform_processes_{name}"]
                if str(world.open.id) in one or name == "processpassage"
            ]
            assert len(there) == len(after[f"platform_processes_{name}"]) < len(before[f"platform_processes_{name}"])
        assert [steps_of(one) for one in [*world.closed, world.open]] == [0, 0, world.open.version]
        assert cleared.stands == "cleared"
        back = archive.part_restore(by=BY, part=cleared, heard=quiet)
        assert rows() == before
        assert back.stands == "restored"
        assert archive.verify(by=BY, part=back, heard=quiet) == ""

    def test_figures_stay_and_evidence_tells_of_each_act(self, world: World) -> None:
        situation.fold()
        figures = situation.check(BY)
        part = write(world)
        archive.month_clear(by=BY, month=world.month, heard=quiet)
        again = situation.check(BY)
        assert (again.differing, again.compared) == (figures.differing, figures.compared) == (0, figures.compared)
        [cleared] = archive.parts(world.month)
        archive.part_restore(by=BY, part=cleared, heard=quiet)
        with database.scoped(Scope.everything()):
            told = [one for one in evidence.latest_entries(20) if one.subject["kind"] == "archived_month"]
        assert {one.action for one in told} == {"archive.write_month", "archive.clear_month", "archive.restore_month"}
        assert all(one.facts["manifest"] == part.manifest for one in told)

    def test_what_could_not_go_at_first_goes_with_a_second_part(self, world: World) -> None:
        write(world)
        first = archive.month_clear(by=BY, month=world.month, heard=quiet)
        with pytest.raises(Conflict, match="没有可以归档"):
            write(world)
        matters.closed(matters.checked(matters.close_requested(world.open)))
        with clock.frozen(clock.now() + YEARS):
            second = write(world)
            archive.month_clear(by=BY, month=world.month, heard=quiet)
        assert (first.name[-2:], second.name[-2:]) == ("-1", "-2")
        with database.scoped(Scope.everything()):
            left = MatterStep.objects.filter(matter=world.open.id).order_by("version")
            assert list(left.values_list("version", flat=True)) == [4, 5, 6]  # of another month

    def test_the_files_are_plain_parquet_that_says_what_it_holds(self, world: World) -> None:
        part = write(world)
        folder = Path(str(store.root())) / part.name
        told = Manifest.read((folder / MANIFEST).read_bytes())
        assert told.rows == part.rows
        for table in told.tables:
            if table.rows:
                file = parquet.read_table(folder / table.file)
                assert file.num_rows == table.rows
                field = file.schema.field(table.columns[0].name)
                assert field.metadata[b"data"].decode() == table.columns[0].data
        assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}
        assert not {column.data for table in told.tables for column in table.columns} & {"secret"}


class TestReader:
    def test_a_matter_says_that_its_history_is_in_the_archive_and_takes_no_step(self, world: World) -> None:
        write(world)
        archive.month_clear(by=BY, month=world.month, heard=quiet)
        matter = world.closed[0]
        with clock.frozen(matter.reported_at + timedelta(minutes=5)):  # sessions live by the same clock
            officer = cast.client(cast.TOWN_DUTY_OFFICER)
            assert officer.get(f"/api/v1/matters/{matter.id}").json()["archived"] == [world.month.text]
            assert officer.get(f"/api/v1/matters/{world.open.id}").json()["archived"] == []
            assert f"{world.month.text}的办理经过已归档" in officer.get(f"/desk/matters/{matter.id}/").content.decode()
            reporter = cast.client(cast.RESIDENT)
            assert "办理经过已归档" in reporter.get(f"/my/reports/{matter.id}/").content.decode()
        with pytest.raises(Conflict) as refused:
            execution.matter_reopen(by=cast.by(cast.RESIDENT), matter_id=matter.id, expected_version=matter.version, reason="又坏了")  # fmt: skip
        assert refused.value.code == "matter_archived"


class TestRefused:
    def test_an_altered_file_clears_nothing_and_restores_nothing(self, world: World) -> None:
        part, before = write(world), rows()
        file = store.root() / part.name / "centres_execution_matterstep.parquet"
        whole = file.read_bytes()
        for spoilt in (whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], whole[:-1], b""):
            file.write_bytes(spoilt)
            with pytest.raises(Unavailable, match="已被改动"):
                archive.month_clear(by=BY, month=world.month, heard=quiet)
        file.unlink()
        with pytest.raises(Unavailable, match="缺失"):
            archive.verify(by=BY, part=part, heard=quiet)
        assert rows() == before
        file.write_bytes(whole)
        cleared = archive.month_clear(by=BY, month=world.month, heard=quiet)
        file.write_bytes(whole[:-1])
        with pytest.raises(Unavailable):
            archive.part_restore(by=BY, part=cleared, heard=quiet)
        assert steps_of(world.closed[0]) == 0

    def test_a_manifest_that_is_not_the_recorded_one_is_found_by_the_doctor(self, world: World) -> None:
        part = write(world)
        path = store.root() / part.name / MANIFEST
        told = json.loads(path.read_bytes())
        told["tables"][0]["rows"] += 1
        path.write_text(json.dumps(told))
        with pytest.raises(Unavailable):
            archive.month_clear(by=BY, month=world.month, heard=quiet)
        assert doctor.findings()[0].level == "warn"

    def test_rows_that_changed_since_are_not_cleared(self, world: World) -> None:
        part = write(world)
        with database.scoped(Scope.everything()):
            MatterStep.objects.filter(matter=world.closed[0].id, version=2).update(text="改过")
        assert archive.verify(by=BY, part=part, heard=quiet) == "centres_execution_matterstep"
        with pytest.raises(Conflict, match="有变化"):
            archive.month_clear(by=BY, month=world.month, heard=quiet)
        assert steps_of(world.closed[0]) == world.closed[0].version
        write(world)
        assert archive.month_clear(by=BY, month=world.month, heard=quiet).stands == "cleared"

    def test_a_write_that_dies_leaves_nothing(self, world: World) -> None:
        def die(_what: str, _rows: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            archive.month_write(by=BY, month=world.month, heard=die)
        assert list(store.root().iterdir()) == []
        assert archive.parts() == []

    def test_a_young_month_a_wrong_word_and_anybody_else_are_refused(self, world: World) -> None:
        young = archive.Month.of(clock.now())
        with pytest.raises(Conflict, match="24"):
            archive.month_write(by=BY, month=young, heard=quiet)
        for word in ("2026-13", "2026-1", "202601", "../2026-01"):
            with pytest.raises(Invalid):
                archive.Month.parse(word)
        with pytest.raises(Missing):
            archive.month_write(by=cast.by(cast.SYSTEM_ADMIN), month=world.month, heard=quiet)
        with pytest.raises(Missing):
            archive.month_clear(by=BY, month=world.month, heard=quiet)

    def test_a_month_has_twelve_followers(self) -> None:
        month = archive.Month.parse("2026-11")
        assert [month.plus(count).text for count in (1, 2, -10, -11, 14)] == ["2026-12", "2027-01", "2026-01", "2025-12", "2028-01"]  # fmt: skip
        assert month.ends == month.plus(1).begins


def test_the_operator_sees_it_through_at_the_terminal(as_owner: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("CITY1361_DATABASE_ROLE", "owner")
    monkeypatch.setattr(ids, "_last", 0)
    settings.ARCHIVE_DIR = tmp_path / "archive"
    made = World()
    with clock.frozen(clock.now() + YEARS):
        before = rows()

        def run(*words: str) -> str:
            done = CliRunner().invoke(commands, words, catch_exceptions=False)
            assert done.exit_code == 0, done.output
            return done.output

        assert f"old enough: {made.month.text}" in run("list")
        assert "rows," in run("write", made.month.text)
        assert "rows as they were" in run("verify")
        assert "given back" in (said := run("clear", made.month.text))
        assert "  0.0 MB" not in said
        assert "cleared" in run("list")
        assert "rows are back" in run("restore", made.month.text)
        assert rows() == before
