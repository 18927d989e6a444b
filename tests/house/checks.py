"""Checks of the house that no linter knows. Each takes the folder of the package and returns what is wrong.

They read files and never import them, so a mutated copy of the tree can be checked just like the real one.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

FORBIDDEN_NAMES = {"utils", "util", "common", "core", "lib", "helpers", "misc"}
FILE_LIMIT, FUNCTION_LIMIT = 400, 50
# Modules that hold more than one room's worth of doors: their files may be imported directly.
OPEN = ("city1361.base.kernel", "city1361.configuration", "city1361.settings", "city1361.cli")
# The second door holds what must run before or beside Django.
DOORS = ("api", "without_django")
BANNED_FEATURES = re.compile(r"打卡|积分|排行榜|(个人|人员|网格员)排名|在线时长|活跃度|安装率|登录率|轨迹|leaderboard")
BANNED_COLUMNS = re.compile(
    r"(^|_)(points?|score|ranking|leaderboard|check_?in|clock_?in|trajectory|tracks?|gps|online_\w+)(_|$)"
)


def python_files(package: Path) -> Iterator[Path]:
    return (path for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts)


def dotted(package: Path, path: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules(package: Path) -> list[str]:
    """Dotted names of the modules: folders with an apps.py."""
    return [dotted(package, path.parent / "__init__.py") for path in sorted(package.rglob("apps.py"))]


def _imports(package: Path, path: Path) -> Iterator[tuple[int, str]]:
    """Line and full dotted target of every import, `from x import y` giving x.y when that is a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                exists = (package.parent / full.replace(".", "/")).with_suffix(".py").is_file()
                folder = (package.parent / full.replace(".", "/")).is_dir()
                yield node.lineno, full if exists or folder else node.module


def names(package: Path) -> list[str]:
    """No file or folder is named after nothing."""
    return [
        f"{path}: a name that explains nothing; say what it holds"
        for path in sorted(package.rglob("*"))
        if path.stem in FORBIDDEN_NAMES and (path.is_dir() or path.suffix == ".py")
    ]


def doors(package: Path) -> list[str]:
    """A module is entered by its api only."""
    owners = sorted(modules(package), key=len, reverse=True)

    def owner(name: str) -> str:
        return next((module for module in owners if name == module or name.startswith(module + ".")), "")

    wrong = []
    for path in python_files(package):
        here = dotted(package, path)
        for line, target in _imports(package, path):
            there = owner(target)
            if not there or there == owner(here) or target.startswith(OPEN):
                continue
            room = target.removeprefix(there).lstrip(".").split(".")[0]
            if room not in ("", *DOORS):
                wrong.append(f"{path}:{line}: {target} is private to {there}; import its api")
    return wrong


def sizes(package: Path) -> list[str]:
    """Files and functions stay small enough to read."""
    wrong = []
    for path in python_files(package):
        lines = [line for line in path.read_text("utf-8").splitlines() if line.strip()]
        if len(lines) > FILE_LIMIT:
            wrong.append(f"{path}: {len(lines)} non-blank lines; {FILE_LIMIT} are allowed")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LIMIT:
                    wrong.append(f"{path}:{node.lineno}: {node.name} has {length} lines; {FUNCTION_LIMIT} are allowed")
    return wrong


def labels(package: Path) -> list[str]:
    """A module's label is `<floor>_<module>`."""
    wrong = []
    for path in sorted(package.rglob("apps.py")):
        module = dotted(package, path.parent / "__init__.py")
        expected = f"{module.split('.')[1]}_{module.split('.')[-1]}"
        if f'label = "{expected}"' not in path.read_text("utf-8"):
            wrong.append(f'{path}: the label must be "{expected}"')
    return wrong


def upward_foreign_keys(package: Path) -> list[str]:
    """A foreign key named by string escapes import checks; its target's floor must not be above."""
    order = {"base": 0, "platform": 1, "centres": 2, "grassroots": 3, "systems": 4}
    wrong = []
    for path in python_files(package):
        floor = dotted(package, path).split(".")[1] if path.parent != package else ""
        if floor not in order:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            target = _string_target(node)
            if target and order.get(target.split("_")[0], -1) > order[floor]:
                wrong.append(f"{path}:{node.lineno}: a key from {floor} up to {target}")  # type: ignore[attr-defined]
    return wrong


def _string_target(node: ast.AST) -> str:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)):
        return ""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
    if name not in ("ForeignKey", "OneToOneField", "ManyToManyField") or not node.args:
        return ""
    first = node.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def direct_writes_of_time_and_ids(package: Path) -> list[str]:
    """The clock and the ids come from the kernel."""
    pattern = re.compile(r"datetime\.now\(|timezone\.now\(|utcnow\(|uuid\.uuid[147]\(|uuid4\(\)")
    return [
        f"{path}:{number}: ask base.kernel.clock or base.kernel.ids"
        for path in python_files(package)
        if "kernel" not in path.parts and "verifier" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line) and "# wall clock:" not in line
    ]


def executed_code(package: Path) -> list[str]:
    """Nothing anybody uploads is ever executed, and neither is text of ours."""
    wrong = []
    for path in python_files(package):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec"):
                wrong.append(f"{path}:{node.lineno}: {node.func.id} is not for this house")
    return wrong


def names_of_one_city(package: Path) -> list[str]:
    """One installation is one city; the product's source knows none of them."""
    pattern = re.compile(r"重庆|渝|chongqing|\b500\d{3}\b", re.IGNORECASE)
    allowed = re.compile(r"渝快|Setting\(\"CITY1361_INSTANCE\"")
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for suffix in ("*.py", "*.html", "*.sql", "*.js")
        for path in sorted(package.rglob(suffix))
        if "dist" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line) and not allowed.search(line)
    ]


UNLIMITED = (
    "base/kernel/scope.py",
    "base/database/resealing.py",
    "base/files/keeping.py",
    "base/kernel/registry.py",
    "base/outbox/drainer.py",
    "centres/command/lapsing.py",
    "centres/execution/listings/export_actions.py",
    "centres/execution/duplicates/following.py",
    "centres/execution/demonstration/days.py",
    "centres/execution/demonstration/generation.py",
    "centres/execution/road/presuming.py",
    "centres/execution/packages/scenario_steps.py",
    "centres/execution/duplicates/similar.py",
    "centres/execution/external/ticket_sending.py",
    "centres/execution/external/tickets.py",
    "centres/situation/folding.py",
    "centres/situation/measures.py",
    "centres/supervision/radar/scanning.py",
    "running/metrics.py",
)


def unlimited_scopes(package: Path) -> list[str]:
    """Only these jobs of our own see everything; a new one is added here, in a review."""
    return [
        f"{path}:{number}: sees everything without being listed"
        for path in python_files(package)
        if not str(path).endswith(UNLIMITED)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if "Scope.everything()" in line or "unlimited=True" in line
    ]


# Where `Outcome(write=…)` stands, and the test that proves its entry and events are there afterwards.
WRITERS = {
    "centres/execution/duplicates/following.py": "centres/execution/test_merging.py",
    "centres/execution/steps/recording.py": "centres/execution/test_matter_apply.py",
    "platform/components/processes/applying.py": "platform/components/processes/test_apply.py",
}


def own_writers(package: Path) -> list[str]:
    """Only these hand their evidence to a SQL function of their own; a new one is added here, with its test."""
    return [
        f"{path}:{node.lineno}: writes its evidence itself without being listed"
        for path in python_files(package)
        if not str(path).endswith((*WRITERS, "base/action/decorator.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == "Outcome" or getattr(node.func, "attr", "") == "Outcome")
        and any(word.arg in ("write", None) for word in node.keywords)
    ]


def banned_features(package: Path) -> list[str]:
    """No clocking-in, no points, no ranking or tracking of grid workers (国办函〔2026〕12号, see docs)."""
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for suffix in ("*.py", "*.html", "*.js", "*.po", "*.sql")
        for path in sorted(package.rglob(suffix))
        if "dist" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if BANNED_FEATURES.search(line)
    ]


def banned_columns(package: Path) -> list[str]:
    """No table could hold points, ranks, attendance or tracks of persons."""
    return [
        f"{path}:{node.lineno}: {target.id}"
        for path in python_files(package)
        if "models" in (path.stem, path.parent.name)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and BANNED_COLUMNS.search(target.id)
    ]


ALL = (
    names,
    doors,
    sizes,
    labels,
    upward_foreign_keys,
    direct_writes_of_time_and_ids,
    executed_code,
    names_of_one_city,
    unlimited_scopes,
    own_writers,
    banned_features,
    banned_columns,
)
