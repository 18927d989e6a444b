"""A package is refused with file and line before anything of it is used; nothing in it can crash or exhaust the check."""

from __future__ import annotations

import io
import os
import stat
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from city1361.platform.applications.packages import api, enclosure
from city1361.platform.applications.packages.commands import package
from tests.platform.applications.packages.folders import FORM, TYPES, change, lifts, write

LIST = """\
pages:
  - {key: lifts, title: {zh: 电梯, en: Lifts}, kind: list, source: matters, columns: [number, title], filters: [state]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lifts(tmp_path)


def faults(path: Path) -> set[tuple[str, str]]:
    return {(problem.code, problem.where) for problem in api.check(path)}


def test_a_whole_package_has_no_faults_as_a_folder_and_as_an_archive(folder: Path, tmp_path: Path) -> None:
    assert faults(folder) == set()
    archive = tmp_path / "lifts.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in folder.rglob("*"):
            made.write(path, f"lifts/{path.relative_to(folder)}")
    assert faults(archive) == set()


@pytest.mark.parametrize("name", ["government/city-management", "grassroots/dispute-mediation"])
def test_the_shipped_packages_are_whole(name: str) -> None:
    assert api.check(api.locate(name)) == []


def replace(name: str, before: str, after: str) -> Callable[[Path], None]:
    return lambda folder: change(folder, name, before, after)


def add(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: write(folder, name, text)


@pytest.mark.parametrize(
    ("spoil", "code", "where"),
    [
        (replace("manifest.yaml", "entries: []", "entries: []\npriority: 1"), "declaration", "manifest.yaml:15"),
        (replace("manifest.yaml", "levels: [town]", "levels: [galaxy]"), "declaration", "manifest.yaml:9"),
        (replace("manifest.yaml", "system: society", "system: law"), "declaration", "manifest.yaml:2"),
        (replace("manifest.yaml", "levels: [town]", "levels: 3"), "declaration", "manifest.yaml:9"),
        (replace("manifest.yaml", "components: [forms]", "components: []"), "component_undeclared", "forms/lift.yaml:1"),
        (replace("manifest.yaml", "[forms]", "[forms, teleport]"), "name_unknown", "manifest.yaml:11"),
        (replace("manifest.yaml", "permissions: []", "permissions: [root]"), "name_unknown", "manifest.yaml:13"),
        (
            replace("manifest.yaml", "permissions: []", "permissions: [execution.admit_matter]"),
            "permission_unneeded",
            "manifest.yaml:13",
        ),
        (replace("manifest.yaml", "datasets: []", "datasets: [people]"), "dataset_unneeded", "manifest.yaml:11"),
        (replace("manifest.yaml", "services: []", "services: [sms.send]"), "service_unneeded", "manifest.yaml:11"),
        (replace("manifest.yaml", "packages: []", "packages: [society/lifts]"), "uses_itself", "manifest.yaml:11"),
        (replace("manifest.yaml", "entries: []", "entries: [{page: x, icon: x}]"), "page_unknown", "manifest.yaml:14"),
        (add("pages.yaml", LIST), "permission_undeclared", "pages.yaml:2"),
        (add("pages.yaml", LIST.replace("matters", "secrets")), "source_unknown", "pages.yaml:2"),
        (add("pages.yaml", LIST.replace("title]", "salary]")), "column_unknown", "pages.yaml:2"),
        (add("pages.yaml", LIST.replace("kind: list", "kind: hologram")), "declaration", "pages.yaml:2"),
        (add("matters.yaml", TYPES.replace("form: lift", "form: stairs")), "part_missing", "matters.yaml:1"),
        (add("matters.yaml", TYPES.replace("form: lift", "form: law/x:lift")), "package_undeclared", "matters.yaml:1"),
        (add("matters.yaml", TYPES.replace("L02", "L01")), "type_twice", "matters.yaml:4"),
        (add("matters.yaml", TYPES.replace("L02", "../../L")), "declaration", "matters.yaml:4"),
        (add("forms/lift.yaml", FORM.replace("kind: number", "kind: script")), "declaration", "forms/lift.yaml:3"),
        (add("quality.yaml", "catalogue: {state: done}\n"), "declaration", "quality.yaml:1"),
        (add("messages.yaml", "messages: {a: {zh: '{n}件', en: some}}\n"), "text_places", "messages.yaml:1"),
        (add("demo/salaries.csv", "a,b\n1,2\n"), "table_unknown", "demo/salaries.csv"),
        (add("tests/a.yaml", "scenarios: [{name: a, at: 'monday 10:00', when: [{who: a, does: fly}]}]\n"), "step_unknown", "tests/a.yaml:1"),
        (add("actions.py", "import os\n"), "file_unknown", "actions.py"),
        (add("forms/deep/lift.yaml", FORM), "file_unknown", "forms/deep/lift.yaml"),
        (add("forms/a b.yaml", FORM), "file_name", "forms/a b.yaml"),
        (add("a/b/c/d/e.yaml", ""), "too_deep", "a/b/c/d"),
        (add("forms/lift.yaml", "a: [1,\n"), "yaml_syntax", "forms/lift.yaml:2"),
        (add("forms/lift.yaml", "a: !!python/object/apply:os.system ['true']\n"), "yaml_syntax", "forms/lift.yaml:1"),
        (add("forms/lift.yaml", "[" * 100_000), "yaml_syntax", "forms/lift.yaml:1"),
        (add("forms/lift.yaml", "a: &a [x]\nb: *a\n"), "yaml_syntax", "forms/lift.yaml:2"),
        (add("forms/lift.yaml", "#" * (enclosure.LARGEST_FILE + 1)), "file_too_large", "forms/lift.yaml"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_where_it_stands(
    folder: Path, spoil: Callable[[Path], None], code: str, where: str
) -> None:
    spoil(folder)
    found = api.check(folder)
    assert (code, where) in {(problem.code, problem.where) for problem in found}
    assert all(problem.remedy for problem in found)


ROAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="lift_definitions" targetNamespace="https://example.org/">
  <process id="lift" name="电梯" isExecutable="true">
    <startEvent id="start"/>
    <scriptTask id="open_doors" name="开门"><script>open()</script></scriptTask>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="open_doors"/>
    <sequenceFlow id="f2" sourceRef="open_doors" targetRef="end"/>
  </process>
</definitions>
"""


def test_a_process_that_is_refused_says_its_element_and_line(folder: Path) -> None:
    change(folder, "manifest.yaml", "components: [forms]", "components: [forms, processes]")
    write(folder, "processes.yaml", "processes: {lift: {title: 电梯, variables: {step: string}}}\n")
    write(folder, "processes/lift.bpmn", ROAD)
    found = {(fault.where, fault.params.get("element")) for fault in api.check(folder)}
    assert ("processes/lift.bpmn:5", "open_doors") in found


def test_a_package_of_a_distribution_is_found_without_running_anything_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lifts(tmp_path / "our_lifts" / "applications")
    write(tmp_path / "our_lifts", "__init__.py", "raise SystemExit('imported')\n")
    information = tmp_path / "our_lifts-1.0.dist-info"
    write(information, "METADATA", "Metadata-Version: 2.1\nName: our-lifts\nVersion: 1.0\n")
    write(information, "entry_points.txt", "[city1361.packages]\nlifts = our_lifts.applications\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert api.available()["society/lifts"] == tmp_path / "our_lifts" / "applications" / "society" / "lifts"
    assert api.check(api.locate("society/lifts")) == []
    assert "our_lifts" not in sys.modules


def test_a_link_is_not_followed_and_a_pipe_is_not_waited_for(folder: Path) -> None:
    (folder / "messages.yaml").symlink_to("/etc/passwd")
    (folder / "forms" / "more").symlink_to("/etc")
    os.mkfifo(folder / "pages.yaml")
    assert faults(folder) == {
        ("link_refused", "messages.yaml"),
        ("link_refused", "forms/more"),
        ("file_special", "pages.yaml"),
    }


def test_too_many_files_end_the_reading(folder: Path) -> None:
    for number in range(enclosure.MOST_FILES + 50):
        write(folder, f"forms/f{number}.yaml", FORM)
    assert [problem.code for problem in api.check(folder)] == ["too_many_files"]


def archived(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return made.getvalue()


def a_link() -> zipfile.ZipInfo:
    made = zipfile.ZipInfo("manifest.yaml")
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    return made


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (archived(("../../manifest.yaml", b"x")), "file_name"),
        (archived(("/etc/manifest.yaml", b"x")), "file_name"),
        (archived(("..\\manifest.yaml", b"x")), "file_name"),
        (archived((a_link(), b"/etc/passwd")), "link_refused"),
        (archived(("manifest.yaml", b"0" * (40 * 1024 * 1024))), "file_too_large"),
        (archived(*((f"forms/f{n}.yaml", b"x") for n in range(enclosure.MOST_FILES + 5))), "too_many_files"),
        (archived(*((f"forms/f{n}.yaml", b"x" * enclosure.LARGEST_FILE) for n in range(20))), "package_too_large"),
        (b"PK\x03\x04 not an archive", "archive_broken"),
        (b"", "archive_broken"),
    ],
)  # fmt: skip
def test_an_archive_reaches_nothing_outside_and_fills_nothing(tmp_path: Path, data: bytes, code: str) -> None:
    archive = tmp_path / "in" / "bad.zip"
    archive.parent.mkdir()
    archive.write_bytes(data)
    assert code in {problem.code for problem in api.check(archive)}
    assert sorted(tmp_path.rglob("*")) == [archive.parent, archive]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    name=st.sampled_from(["manifest.yaml", "matters.yaml", "forms/lift.yaml", "quality.yaml"]),
    at=st.floats(0, 1, exclude_max=True),
    piece=st.sampled_from(["\x00", "{", "]", ": ", "- ", "\t", "&x", "*x", "!!", "'", "\U0001f480", "1e999", "~", "\n\n"]),
)  # fmt: skip
def test_a_spoiled_file_is_whole_or_named_with_its_fault(folder: Path, name: str, at: float, piece: str) -> None:
    text = (folder / name).read_text("utf-8")
    place = int(at * len(text))
    write(folder, name, text[:place] + piece + text[place:])
    began = time.monotonic()
    found = api.check(folder)
    write(folder, name, text)
    assert all(problem.where and problem.remedy for problem in found)
    assert time.monotonic() - began < 20


def test_the_command_names_faults_without_a_database(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    good = CliRunner().invoke(package, ["check", str(folder)])
    assert (good.exit_code, good.output) == (0, f"✓ {folder}\n")
    write(folder, "actions.py", "")
    bad = CliRunner().invoke(package, ["check", str(folder)])
    assert bad.exit_code == 1
    assert "✗ actions.py: No part of a package reads this file" in bad.output
