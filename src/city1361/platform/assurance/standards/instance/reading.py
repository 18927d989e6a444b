"""Read YAML, CSV and gzip of an instance folder so that every fault names file, line, reason and remedy."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from city1361.base.kernel.errors import Invalid

Model = TypeVar("Model", bound=BaseModel)
MOST_PARTS = 40_000  # keys, values, lists and maps of a YAML file: each costs memory again where it is judged
DEEPEST = 40  # levels of nesting of a YAML file
LARGEST = 64 * 1024 * 1024  # bytes of one file, unpacked: a compressed bomb is refused before it fills the memory


class Mapping(dict[str, Any]):
    """A YAML mapping that knows the line of each key."""

    line: int = 1
    lines: dict[str, int]


class Sequence(list[Any]):
    """A YAML sequence that knows the line of each item."""

    line: int = 1
    lines: list[int]


class _Refused(yaml.YAMLError):
    """A document that is YAML but not read. Carries what the parser's own errors carry."""

    def __init__(self, problem: str, mark: Any) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, mark


class _LineLoader(yaml.CSafeLoader):
    """The safe C loader, with lines and without silently overwritten keys."""


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> Iterator[Mapping]:
    made = Mapping()
    made.line, made.lines = node.start_mark.line + 1, {}
    yield made
    loader.flatten_mapping(node)
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        if key in made:
            raise yaml.constructor.ConstructorError(None, None, f"键“{key}”重复", key_node.start_mark)
        made.lines[key] = key_node.start_mark.line + 1
        made[key] = loader.construct_object(value_node, deep=True)


def _sequence(loader: _LineLoader, node: yaml.SequenceNode) -> Iterator[Sequence]:
    made = Sequence()
    made.line, made.lines = node.start_mark.line + 1, [item.start_mark.line + 1 for item in node.value]
    yield made
    made.extend(loader.construct_object(item, deep=True) for item in node.value)


def _timestamp(loader: _LineLoader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        raise yaml.constructor.ConstructorError(None, None, f"没有“{node.value}”这一天", node.start_mark) from None


_LineLoader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)
_LineLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
_LineLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)


def _refuse_bombs(text: str) -> None:
    """Nested too deeply, a document exhausts the stack of the C loader and ends the process; with references to
    references it grows without end when it is read."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.CSafeLoader)):
        if count > MOST_PARTS:
            raise _Refused(f"内容超过{MOST_PARTS}项", event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("不能使用引用（*）", event.start_mark)
        if depth > DEEPEST:
            raise _Refused(f"嵌套超过{DEEPEST}层", event.start_mark)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: the line it stands on (the head is line 1) and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


class Folder:
    """An instance folder being read. Faults gather in `problems`; reading goes on as far as it makes sense."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Invalid] = []
        self._contents: dict[str, Any] = {}

    def fault(self, code: str, message: str, file: str, line: int = 0, /, *, remedy: str, **params: Any) -> None:
        """Note a fault. `message` and `remedy` are zh-Hans with `{name}` places filled from `params`."""
        where = f"{file}:{line}" if line else file
        self.problems.append(Invalid(code, message, where=where, remedy=remedy, params=params))

    def text(self, file: str) -> str | None:
        """The text of a file, unpacked when its name ends in .gz; None, and a fault, when it cannot be read."""
        path = (self.path / file).resolve()
        if not path.is_relative_to(self.path.resolve()):
            self.fault("file_outside", "文件不在实例目录之内", file, remedy="只引用实例目录内的文件")
            return None
        try:
            with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
                data = stream.read(LARGEST + 1)
        except (OSError, EOFError) as error:
            self.fault(
                "file_unreadable",
                "文件无法读取：{reason}",
                file,
                remedy="请补上该文件或检查权限",
                reason=_reason(error),
            )
            return None
        if len(data) > LARGEST:
            self.fault("file_too_large", "文件过大", file, remedy="单个文件解压后不超过64 MiB")
            return None
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self.fault("file_encoding", "文件不是UTF-8编码", file, line, remedy="请另存为UTF-8")
            return None

    def yaml(self, file: str) -> Any:
        """The content of a YAML file as Mapping and Sequence; None, and a fault, when it is not YAML."""
        text = self.text(file)
        if text is None:
            return None
        try:
            _refuse_bombs(text)
            self._contents[file] = yaml.load(text, Loader=_LineLoader)  # noqa: S506 - a subclass of the safe loader
            return self._contents[file]
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            reason = getattr(error, "problem", None) or _reason(error)
            self.fault(
                "yaml_syntax", "YAML语法错误：{reason}", file, line, remedy="请检查缩进、冒号和引号", reason=reason
            )
            return None

    def line_of(self, file: str, *place: int | str) -> int:
        """The line of a part of a YAML file read before: `line_of("x.yaml", "changes", 0, "on")`."""
        return _line(self._contents.get(file), place)

    def declaration(self, model: type[Model], file: str) -> Model | None:
        """A YAML file as `model`; None, and one fault for each thing wrong with it."""
        content = self.yaml(file)
        if content is None:
            if not self.problems:
                self.fault("yaml_empty", "文件是空的", file, 1, remedy="请按说明填写")
            return None
        try:
            return model.model_validate(content)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                message, remedy = _explain(detail)
                place = ".".join(str(part) for part in detail["loc"])
                self.fault(
                    "declaration", message, file, _line(content, detail["loc"]),
                    remedy=remedy, key=place, reason=detail["msg"],
                )  # fmt: skip
            return None

    def rows(self, file: str, columns: Collection[str]) -> Iterator[Row]:
        """The rows of a CSV file with exactly these columns, in any order; rows that do not fit are faults."""
        text = self.text(file)
        if text is None:
            return
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        try:
            head = next(reader, [])
            if not self._head_fits(file, head, columns):
                return
            for cells in reader:
                if len(cells) != len(head):
                    self.fault(
                        "csv_cells", "应有{wanted}列，实有{found}列", file, reader.line_num,
                        remedy="请检查逗号和引号", wanted=len(head), found=len(cells),
                    )  # fmt: skip
                    continue
                yield Row(reader.line_num, dict(zip(head, (cell.strip() for cell in cells), strict=True)))
        except csv.Error as error:
            self.fault(
                "csv_syntax", "CSV语法错误：{reason}", file, reader.line_num, remedy="请检查引号", reason=_reason(error)
            )

    def _head_fits(self, file: str, head: list[str], columns: Collection[str]) -> bool:
        missing = sorted(set(columns) - set(head))
        unknown = sorted(set(head) - set(columns))
        repeated = sorted({column for column in head if head.count(column) > 1})
        if missing or unknown or repeated:
            self.fault(
                "csv_columns", "列名不符：缺少[{missing}]，多出[{unknown}]，重复[{repeated}]", file, 1,
                remedy="表头应为：{columns}", missing=" ".join(missing), unknown=" ".join(unknown),
                repeated=" ".join(repeated), columns=",".join(columns),
            )  # fmt: skip
        return not (missing or unknown or repeated)


def _line(content: Any, place: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `place` that exists in `content`."""
    line = getattr(content, "line", 1)
    for part in place:
        if isinstance(content, Mapping) and part in content.lines:
            line, content = content.lines[str(part)], content[str(part)]
        elif isinstance(content, Sequence) and isinstance(part, int) and part < len(content):
            line, content = content.lines[part], content[part]
        else:
            break
    return line


def _explain(detail: Any) -> tuple[str, str]:
    kind = detail["type"]
    if kind == "missing":
        return "缺少“{key}”", "请补上该项"
    if kind == "extra_forbidden":
        return "未知的键“{key}”", "请检查拼写，或删去该项"
    return "“{key}”的值不正确：{reason}", "请按说明改正该值"


def _reason(error: BaseException) -> str:
    return (getattr(error, "strerror", None) or str(error)).replace("\n", " ")
