"""Every sentence the product may show: from templates, from Python, and from the names of an instance's categories."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src" / "city1361"
ENGLISH = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
# Chinese in the source that neither pages nor the API show: tables of signs and patterns, the words of evidence, and
# what commands print to the operator of the installation.
NOT_SHOWN = re.compile(
    r"/migrations/|/running/|/(cli|configuration|settings|doctor|commands|cast|seed|jobs|beginning)\.py|base/search/|base/evidence/"
    r"|base/database/|accounts/roles\.py|execution/(packages/(declarations|loading)|entry/(chat|chat_moments))\.py|situation/layout\.py|rules/(instance|actions|commands|terms|models)\.py"
    r"|standards/(instance|organisations|codes)/(?!queries|http)"
    r"|components/documents/measures\.py|standards/areas/(?!queries|http)|standards/[a-z_]+\.py|packages/(texts|listed)\.py"
)
DECLARED = {"verbose_name", "verbose_name_plural"}


def templates() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.html") if "dist" not in path.parts)


def of_templates() -> Iterator[tuple[str, str]]:
    keywords = {"gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "_": None}
    for path in templates():
        text = templatize(path.read_text("utf-8"), origin=str(path))
        for _line, message, _comments, _context in extract("python", io.BytesIO(text.encode()), keywords=keywords):
            for one in message if isinstance(message, tuple) else (message,):
                yield str(one), path.relative_to(ROOT).as_posix()


def _docstrings(tree: ast.AST) -> set[int]:
    """Ids of the nodes that are documentation: strings standing alone as a statement."""
    return {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _field_names(tree: ast.AST) -> set[int]:
    """Ids of the strings that name columns and tables: shown to nobody but administrators of the database."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") in DECLARED for target in node.targets):
            found.add(id(node.value))
        if isinstance(node, ast.Call) and re.search(r"Field$|^ForeignKey$", _called(node)):
            found |= {id(argument) for argument in node.args}
            found |= {id(keyword.value) for keyword in node.keywords if keyword.arg in DECLARED}
    return found


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def of_python() -> Iterator[tuple[str, str]]:
    """Chinese strings of the source. A joined string cannot be translated: it comes empty, with its line."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if NOT_SHOWN.search(place):
            continue
        tree = ast.parse(path.read_text("utf-8"))
        left_out = _docstrings(tree) | _field_names(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                left_out |= {id(part) for part in node.values}
                if any(isinstance(part, ast.Constant) and CHINESE.search(str(part.value)) for part in node.values):
                    yield "", f"{place}:{node.lineno}"
        for node in ast.walk(tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in left_out else ""
            if isinstance(text, str) and CHINESE.search(text):
                yield text, f"{place}:{node.lineno}"


def of_instances() -> Iterator[tuple[str, str]]:
    """Names of the large categories and of the shifts: an instance may bring its own, the shipped ones are translated."""
    for path in sorted((ROOT / "instances").glob("*/matters.yaml")):
        declared = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for category in declared.get("categories", []):
            yield category["name"], path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "instances").glob("*/instance.yaml")):
        declared = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        for shift in declared.get("shifts", []):
            yield shift["name"], path.relative_to(ROOT).as_posix()


def wanted() -> dict[str, str]:
    """Message → where it is said first."""
    found: dict[str, str] = {}
    for message, place in [*of_templates(), *of_python(), *of_instances()]:
        if message:
            found.setdefault(message, place)
    return found


def untranslatable() -> list[str]:
    """Chinese sentences put together with f-strings: their places must be named and filled after translating."""
    return [place for message, place in of_python() if not message]


def english() -> dict[str, str]:
    with ENGLISH.open("rb") as text:
        return {str(message.id): str(message.string) for message in read_po(text, locale="en") if message.id}


if __name__ == "__main__":  # the sentences that still need an English entry, as .po text
    have = english() if ENGLISH.exists() else {}
    for message, place in sorted(wanted().items(), key=lambda item: item[1]):
        if message not in have:
            escaped = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            print(f'#: {place}\nmsgid "{escaped}"\nmsgstr ""\n')
