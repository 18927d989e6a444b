"""Where packages are found: the shipped folder, installed distributions, a path. Nothing of theirs is imported."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from city1361 import configuration
from city1361.base.kernel.errors import Missing

GROUP = "city1361.packages"
MANIFEST = "manifest.yaml"


def shipped() -> Path:
    """The folder of the packages that come with the product."""
    return configuration.shipped("applications")


def available() -> dict[str, Path]:
    """Every package that can be installed by its id. What is shipped comes before what a distribution brings."""
    found: dict[str, Path] = {}
    for folder in (*_folders(), shipped()):
        found.update({_id_of(path): path for path in _packages_in(folder)})
    return dict(sorted(found.items()))


def locate(name: str) -> Path:
    """The folder or archive of a package by path or by id. Raises Missing."""
    path = Path(name)
    if path.exists():
        return path
    found = available().get(name)
    if found is None:
        raise Missing(
            "package_missing", "没有应用包“{path}”", remedy="请核对路径或包的编号", params={"path": name[:200]}
        )
    return found


def _id_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _packages_in(folder: Path) -> Iterator[Path]:
    """A package folder itself, or those two levels below: `<system>/<name>`."""
    if (folder / MANIFEST).is_file():
        yield folder
        return
    for path in sorted(folder.glob(f"*/*/{MANIFEST}")):
        yield path.parent


def _folders() -> Iterator[Path]:
    for entry in entry_points(group=GROUP):
        folder = _folder_of(entry)
        if folder is not None and folder.is_dir():
            yield folder


def _folder_of(entry: EntryPoint) -> Path | None:
    """The folder that an entry point names, `top.folder.below`. Only the finder of the top name is asked where it lies:
    finding a name below would import what stands above it."""
    top, *below = entry.module.split(".")
    if entry.dist is not None:
        installed = Path(str(entry.dist.locate_file("/".join([top, *below]))))
        if installed.is_dir():
            return installed
    spec = importlib.util.find_spec(top)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]).joinpath(*below) if places else None
