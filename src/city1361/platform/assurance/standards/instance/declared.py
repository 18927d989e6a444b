"""The instance folder as a whole: its declaration, its files, their digests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from city1361 import __version__
from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.registry import InstanceSection, instance_sections
from city1361.platform.assurance.standards.instance.reading import Folder
from city1361.platform.assurance.standards.instance.terms import InstanceDeclaration

FILE = "instance.yaml"
IGNORED = {"README.md"}


class BrokenInstance(Invalid):
    """The folder cannot be loaded. `problems` holds one Invalid per fault, each with file, line and remedy."""

    def __init__(self, problems: list[Invalid]) -> None:
        super().__init__(
            "broken_instance",
            "实例目录有{count}处错误，未载入任何内容",
            remedy="请逐条改正后再次载入",
            params={"count": len(problems)},
        )
        self.problems = problems


def declaration(path: Path) -> InstanceDeclaration:
    """`instance.yaml` of the folder. Raises BrokenInstance."""
    folder = Folder(path)
    found = folder.declaration(InstanceDeclaration, FILE)
    if found is None:
        raise BrokenInstance(folder.problems)
    return found


def check(path: Path) -> list[Invalid]:
    """Everything wrong with the folder, found without the database."""
    folder = Folder(path)
    found = folder.declaration(InstanceDeclaration, FILE)
    if found is None:
        return folder.problems
    sections = instance_sections()
    _check_files(folder, found, {section.name for section in sections})
    problems = list(folder.problems)
    if not problems:
        for section in sections:
            problems += section.check(path)
    return problems


def _check_files(folder: Folder, declared: InstanceDeclaration, sections: set[str]) -> None:
    """Every file is declared once, with a known section; every declared file is there."""
    listed = [file.path for file in declared.files]
    licences = [file.licence_file for file in declared.files if file.licence_file]
    for file in declared.files:
        if file.section not in sections:
            folder.fault(
                "section_unknown", "“{path}”属于未知分区“{section}”", FILE,
                remedy="可用的分区：{known}", path=file.path, section=file.section, known=" ".join(sorted(sections)),
            )  # fmt: skip
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        folder.fault("file_twice", "“{path}”登记了两次", FILE, remedy="只保留一条", path=name)
    present = {
        str(path.relative_to(folder.path))
        for path in folder.path.rglob("*")
        if path.is_file() and path.name not in IGNORED and not path.name.startswith(".")
    }
    for name in sorted(set(listed + licences) - present):
        folder.fault("file_missing", "登记的文件“{path}”不存在", FILE, remedy="请补上文件或删去登记", path=name)
    for name in sorted(present - set(listed) - set(licences) - {FILE}):
        folder.fault("file_undeclared", "文件没有登记来源和许可", name, remedy="请在instance.yaml的files中登记")


def digests(path: Path, declared: InstanceDeclaration) -> dict[str, str]:
    """A digest per section. Each includes those of the sections loaded before it, since it may build on them, and
    the version of the product, since a new one may read the same files differently."""
    digest = hashlib.sha256(f"{__version__} {declared.code} {declared.namespace}".encode())
    made = {}
    for section in instance_sections():
        _add(digest, path, declared, section)
        made[section.name] = digest.hexdigest()
    return made


def _add(digest: hashlib._Hash, path: Path, declared: InstanceDeclaration, section: InstanceSection) -> None:
    digest.update(section.name.encode())
    if section.digest is not None:
        digest.update(section.digest(path).encode())
    for file in sorted(declared.files, key=lambda file: file.path):
        if file.section == section.name:
            digest.update(file.path.encode())
            digest.update(hashlib.sha256((path / file.path).read_bytes()).digest())
