"""Every fault of a file is named by file and line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from pydantic import Field

from city1361.platform.assurance.standards.instance import reading
from city1361.platform.assurance.standards.instance.api import Declaration, Folder


class Inner(Declaration):
    code: str
    number: int = Field(gt=0)


class Outer(Declaration):
    name: str
    items: list[Inner]


def _folder(tmp_path: Path, **files: str | bytes) -> Folder:
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / name.replace("__", ".")).write_bytes(data)
    return Folder(tmp_path)


def _faults(folder: Folder) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in folder.problems]


def test_a_declaration_comes_back_typed(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__yaml="name: x\nitems:\n  - {code: a, number: 1}\n")
    found = folder.declaration(Outer, "a.yaml")
    assert found == Outer(name="x", items=[Inner(code="a", number=1)])
    assert folder.problems == []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("name: x\nitems:\n  - code: a\n    number: 0\n", 4, "greater than 0"),
        ("name: x\nitems:\n  - code: a\n", 3, "items.0.number"),
        ("name: x\nitems: []\nnickname: y\n", 3, "nickname"),
        ("items: []\n", 1, "name"),
        ("name: x\nname: y\nitems: []\n", 2, "重复"),
        ("name: [x\nitems: []\n", 2, ""),
        ("name: 'x\n", 2, ""),
        ("- a\n", 1, ""),
        ("", 1, "空"),
        ("name: &a x\nitems: [*a, *a]\n", 2, "引用"),
        ("name: !!python/object/apply:os.system ['true']\nitems: []\n", 1, "tag"),
    ],
)
def test_a_broken_declaration_is_named_by_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    folder = _folder(tmp_path, a__yaml=text)
    assert folder.declaration(Outer, "a.yaml") is None
    problem = folder.problems[0]
    assert problem.where == f"a.yaml:{line}"
    assert reason in str(problem)
    assert problem.remedy


def test_yaml_nested_without_end_is_refused(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__yaml="[" * 100_000)
    assert folder.yaml("a.yaml") is None
    assert [where for _, where in _faults(folder)] == ["a.yaml:1"]


def test_several_faults_of_one_file_are_all_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__yaml="items:\n  - {code: a, number: 0}\n  - {cod: b, number: 1}\n")
    folder.declaration(Outer, "a.yaml")
    assert sorted(where for _, where in _faults(folder)) == ["a.yaml:1", "a.yaml:2", "a.yaml:3", "a.yaml:3"]


def test_rows_know_their_line_also_after_a_quoted_line_break(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv='code,name\n1,"a\nb"\n2, c \n')
    assert [(row.line, row["code"], row["name"]) for row in folder.rows("a.csv", ("code", "name"))] == [
        (3, "1", "a\nb"),
        (4, "2", "c"),
    ]


def test_columns_may_come_in_any_order_but_must_be_these(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv="name,code\nx,1\n", b__csv="code,title\n1,x\n", c__csv="")
    assert [row["code"] for row in folder.rows("a.csv", ("code", "name"))] == ["1"]
    assert list(folder.rows("b.csv", ("code", "name"))) == []
    assert list(folder.rows("c.csv", ("code", "name"))) == []
    assert _faults(folder) == [("csv_columns", "b.csv:1"), ("csv_columns", "c.csv:1")]
    assert "name" in str(folder.problems[0])
    assert "title" in str(folder.problems[0])


def test_a_row_with_a_cell_too_many_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv="code,name\n1,a\n2,b,c\n3,d\n")
    assert [row["code"] for row in folder.rows("a.csv", ("code", "name"))] == ["1", "3"]
    assert _faults(folder) == [("csv_cells", "a.csv:3")]


def test_an_unclosed_quote_is_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv='code,name\n1,"a\n')
    assert list(folder.rows("a.csv", ("code", "name"))) == []
    assert [code for code, _ in _faults(folder)] == ["csv_syntax"]


def test_text_that_is_not_utf8_is_named_by_line(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv="code,name\n1,街道\n".encode("gb18030"))
    assert list(folder.rows("a.csv", ("code", "name"))) == []
    assert _faults(folder) == [("file_encoding", "a.csv:2")]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    folder = _folder(tmp_path, a__csv="code,name\n1,x\n".encode("utf-8-sig"))
    assert [row["code"] for row in folder.rows("a.csv", ("code", "name"))] == ["1"]


def test_packed_files_are_read_and_damaged_ones_named(tmp_path: Path) -> None:
    packed = gzip.compress(b"code,name\n1,x\n")
    (tmp_path / "a.csv.gz").write_bytes(packed)
    (tmp_path / "b.csv.gz").write_bytes(packed[:-9])
    (tmp_path / "c.csv.gz").write_bytes(b"not packed")
    folder = Folder(tmp_path)
    assert [row["code"] for row in folder.rows("a.csv.gz", ("code", "name"))] == ["1"]
    for name in ("b.csv.gz", "c.csv.gz"):
        assert list(folder.rows(name, ("code", "name"))) == []
    assert [code for code, _ in _faults(folder)] == ["file_unreadable", "file_unreadable"]


def test_a_small_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 1000)
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * 100_000))
    folder = Folder(tmp_path)
    assert folder.text("a.csv.gz") is None
    assert _faults(folder) == [("file_too_large", "a.csv.gz")]


def test_a_missing_file_and_one_outside_the_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    inner = tmp_path / "city"
    inner.mkdir()
    (inner / "link").symlink_to(tmp_path / "secret")
    folder = Folder(inner)
    assert [folder.text(name) for name in ("none.yaml", "../secret", "link")] == [None, None, None]
    assert [code for code, _ in _faults(folder)] == ["file_unreadable", "file_outside", "file_outside"]
