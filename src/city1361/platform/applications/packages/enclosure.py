"""A private copy of a package's files, taken before anything reads them: regular files within limits and nothing else.

What is checked is then exactly what is installed. Nothing outside the folder is reached: no link is followed, no name
of an archive leads out of it, and no file is unpacked beyond its limit.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from city1361.base.kernel.errors import Invalid

MOST_FILES = 300
LARGEST_FILE = 1024 * 1024
LARGEST_PACKAGE = 8 * 1024 * 1024
DEEPEST = 3  # folders below the package's own
DIRECTORY_ENTRY = b"PK\x01\x02"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


class BrokenPackage(Invalid):
    """The package is refused. `problems` holds one Invalid per fault, each with file, line and remedy."""

    def __init__(self, problems: list[Invalid]) -> None:
        super().__init__(
            "broken_package",
            "应用包有{count}处错误，未安装任何内容",
            remedy="请逐条改正后再次检查",
            params={"count": len(problems)},
        )
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The copy: `path` holds the files, `files` their digests by name, `digest` stands for all of them."""

    path: Path
    files: dict[str, str]

    @property
    def digest(self) -> str:
        lines = "".join(f"{name} {digest}\n" for name, digest in sorted(self.files.items()))
        return hashlib.sha256(lines.encode()).hexdigest()


@contextmanager
def enclosed(source: Path) -> Iterator[Enclosed]:
    """The files of a folder or a .zip, copied for as long as the block runs. Raises BrokenPackage."""
    with tempfile.TemporaryDirectory(prefix="city1361-package-") as place:
        copy = _Copy(Path(place))
        if source.is_dir():
            copy.folder(source)
        elif source.is_file():
            copy.archive(source)
        else:
            copy.fault("package_missing", "没有应用包“{path}”", source.name, "请核对路径或包的编号", path=str(source))
        if copy.problems:
            raise BrokenPackage(copy.problems)
        yield Enclosed(copy.place, copy.files)


class _Copy:
    """The copy being made. Faults gather in `problems`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.files: dict[str, str] = {}
        self.problems: list[Invalid] = []
        self._bytes = 0

    def fault(self, code: str, message: str, where: str, remedy: str, **params: object) -> None:
        self.problems.append(Invalid(code, message, where=where[:200], remedy=remedy, params=params))

    def folder(self, source: Path, below: str = "", depth: int = 0) -> None:
        """Every file below `source`. Names that begin with a dot are an editor's and stay behind."""
        for entry in sorted(os.scandir(source), key=lambda entry: entry.name):
            name = f"{below}{entry.name}"
            if entry.name.startswith(".") or entry.name == "__pycache__" or self._enough():
                continue
            if entry.is_symlink():
                self.fault("link_refused", "应用包内不能有链接", name, "请放入文件本身")
            elif entry.is_dir(follow_symlinks=False):
                if depth >= DEEPEST:
                    self.fault("too_deep", "文件夹超过{most}层", name, "请减少层次", most=DEEPEST)
                else:
                    self.folder(Path(entry.path), f"{name}/", depth + 1)
            else:
                self._file(Path(entry.path), name)

    def _file(self, path: Path, name: str) -> None:
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            reason = error.strerror or ""
            self.fault("file_unreadable", "文件无法读取：{reason}", name, "请检查权限", reason=reason)
            return
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                self.fault("file_special", "不是普通文件", name, "请放入普通文件")
                return
            self._keep(name, stream.read(LARGEST_FILE + 1))

    def archive(self, source: Path) -> None:
        """Every file of a .zip. One folder around everything is taken off."""
        if source.stat().st_size > LARGEST_PACKAGE:
            self.fault("package_too_large", "应用包过大", source.name, "压缩包不超过8 MiB")
            return
        if source.read_bytes().count(DIRECTORY_ENTRY) > 4 * MOST_FILES:  # before anything is made of each
            self.fault("too_many_files", "文件过多：超过{most}个", "", "请拆分为几个应用包", most=MOST_FILES)
            return
        try:
            with zipfile.ZipFile(source) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                around = _folder_around([entry.filename for entry in entries])
                for entry in entries:
                    if self._enough():
                        break
                    self._entry(archive, entry, entry.filename.removeprefix(around))
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
            self.fault(
                "archive_broken", "压缩包无法读取：{reason}", source.name, "请重新打包为zip", reason=str(error)[:200]
            )

    def _entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> None:
        if stat.S_ISLNK(entry.external_attr >> 16):
            self.fault("link_refused", "应用包内不能有链接", name, "请放入文件本身")
        elif len(Path(name).parts) > DEEPEST + 1:
            self.fault("too_deep", "文件夹超过{most}层", name, "请减少层次", most=DEEPEST)
        elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # The others unpack all of what they are given at once, however little is asked for.
            self.fault("archive_method", "压缩方式不能使用", name, "请用普通的zip方式（deflate）重新打包")
        else:
            with archive.open(entry) as stream:
                self._keep(name, stream.read(LARGEST_FILE + 1))

    def _enough(self) -> bool:
        """Whether reading on makes no sense: there is too much of it."""
        if len(self.files) >= MOST_FILES and not self.problems:
            self.fault("too_many_files", "文件过多：超过{most}个", "", "请拆分为几个应用包", most=MOST_FILES)
        if self._bytes > LARGEST_PACKAGE and not self.problems:
            self.fault("package_too_large", "应用包过大", "", "全部文件不超过8 MiB")
        return len(self.files) >= MOST_FILES or self._bytes > LARGEST_PACKAGE

    def _keep(self, name: str, data: bytes) -> None:
        parts = name.split("/")
        if not all(NAME.fullmatch(part) for part in parts):
            self.fault(
                "file_name", "文件名不能使用：{name}", name, "文件名只用字母、数字、点、横线和下划线", name=name[:200]
            )
        elif name in self.files:
            self.fault("file_twice", "“{path}”出现了两次", name, "只保留一个", path=name)
        elif len(data) > LARGEST_FILE:
            self.fault("file_too_large", "文件过大", name, "单个文件不超过1 MiB")
        else:
            self._bytes += len(data)
            target = self.place / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            self.files[name] = hashlib.sha256(data).hexdigest()


def _folder_around(names: list[str]) -> str:
    """The one folder that everything stands in, when the manifest stands in it too: `name/`, else nothing."""
    tops = {name.split("/")[0] for name in names}
    top = f"{tops.pop()}/" if len(tops) == 1 else ""
    return top if top and f"{top}manifest.yaml" in names else ""
