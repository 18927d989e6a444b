"""The built front end: which files belong to an entry, the icons, and what to say when it was never built."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from city1361.base.kernel.registry import Finding

DIST = Path(__file__).parent / "static" / "dist"
REMEDY = "run `pip install -e .` (or `./run`) again without CITY1361_SKIP_FRONTEND, or install a released wheel"


@cache
def _read(path: Path, changed: float) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return content


def _load(path: Path) -> dict[str, Any]:
    """The file as an object; empty when it is not there. Read again only when it was built again."""
    try:
        return _read(path, path.stat().st_mtime)
    except FileNotFoundError:
        return {}


def manifest(dist: Path = DIST) -> dict[str, Any]:
    """Vite's manifest: source name → built file and what it imports. Empty when nothing was built."""
    return _load(dist / ".vite" / "manifest.json")


def files_of(entry: str, dist: Path = DIST) -> tuple[list[str], list[str]]:
    """Addresses of the style sheets and scripts of an entry; the entry's own script comes last.

    Raises KeyError for an entry that the built front end does not have.
    """
    built = manifest(dist)
    styles: list[str] = []
    scripts: list[str] = []

    def walk(name: str) -> None:
        chunk = built[name]
        for imported in chunk.get("imports", []):
            walk(imported)
        for style in chunk.get("css", []):
            if style not in styles:
                styles.append(style)
        if chunk["file"] not in scripts:
            scripts.append(chunk["file"])

    walk(f"src/{entry}.js")
    return [address(style) for style in styles], [address(script) for script in scripts]


def address(file: str) -> str:
    """The address of a built file."""
    return f"{settings.STATIC_URL}dist/{file}"


def icon_shapes(dist: Path = DIST) -> dict[str, str]:
    """SVG children by icon name."""
    return _load(dist / "icons.json")


def is_built(dist: Path = DIST) -> bool:
    return bool(manifest(dist))


def typeface_folder(dist: Path = DIST) -> Path | None:
    """Where the parts of the printed typeface are; None when nothing was built."""
    return dist / "typeface" if (dist / "typeface" / "parts.json").exists() else None


def findings() -> list[Finding]:
    """For `city1361 doctor`."""
    if is_built():
        return [Finding("ok", "the front end is built", str(DIST))]
    return [Finding("warn", "the front end is not built: pages have no styling", str(DIST), REMEDY)]


def entry_files(entry: str, dist: Path = DIST) -> list[str]:
    """Every address that an entry needs: styles, scripts and their fonts. Empty when nothing was built."""
    if not is_built(dist):
        return []
    styles, scripts = files_of(entry, dist)
    fonts = [address(file) for file in sorted(_assets(entry, dist)) if file.endswith(".woff2")]
    return [*styles, *scripts, *fonts]


def _assets(entry: str, dist: Path) -> set[str]:
    built = manifest(dist)
    found: set[str] = set()

    def walk(name: str) -> None:
        found.update(built[name].get("assets", []))
        for imported in built[name].get("imports", []):
            walk(imported)

    walk(f"src/{entry}.js")
    return found
