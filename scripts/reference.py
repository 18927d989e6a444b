"""Write docs/reference from the code: settings, commands, areas of the API. A test fails when they differ."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"


def settings() -> str:
    """Every setting with its default and meaning."""
    from city1361 import configuration

    lines = [
        "# Settings",
        "",
        "Looked up in the environment, then in `<data>/city1361.env`, then the default. `NAME_FILE` names a file that",
        "holds the value. `city1361 doctor` shows each value with its source.",
        "",
        "| name | default | meaning |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{setting.name}` | {f'`{setting.default}`' if setting.default else '—'} | {setting.meaning} |"
        for setting in configuration.SETTINGS.values()
    ]
    return "\n".join(lines) + "\n"


def _walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(command)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found is not None:
                yield from _walk(found, (*words, name))
    else:
        yield words, command


def commands() -> str:
    """Every verb with its help, as the terminal shows it in English."""
    from city1361.cli import city1361

    parts = ["# Commands", ""]
    for words, command in sorted(_walk(city1361, ("city1361",)), key=lambda found: found[0]):
        context = click.Context(command, info_name=" ".join(words), terminal_width=100, max_content_width=100)
        parts += [f"## {' '.join(words)}", "", "```", command.get_help(context).strip(), "```", ""]
    return "\n".join(parts).rstrip() + "\n"


def pages() -> dict[Path, str]:
    return {REFERENCE / "settings.md": settings(), REFERENCE / "commands.md": commands()}


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    for page, text in pages().items():
        page.write_text(text, "utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
