"""Write docs/reference from the code: settings, commands, areas of the API. A test fails when they differ."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import yaml

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


def processes() -> str:
    """What a diagram may hold, and what is refused with which remedy."""
    from city1361.platform.components.processes.bpmn import elements, events, extensions, repetition, words
    from city1361.platform.components.processes.expressions import ITERATIONS, LONGEST, MOST_REPEATING, MOST_VARIABLES
    from city1361.platform.components.processes.moving.repeating import MOST_INSTANCES
    from city1361.platform.components.processes.moving.run import MOST_STEPS, MOST_TOKENS
    from city1361.platform.components.processes.reading import LARGEST

    glossary = yaml.load((ROOT / "GLOSSARY.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    chinese = {str(entry["term"]): entry["zh"] for entry in glossary}
    lines = [
        "# Elements of processes",
        "",
        "A process is a file in BPMN 2.0 with its drawing (diagram interchange), holding one executable process. How it",
        "runs is told in [the explanation](../explanation/processes.md).",
        "",
        "## Accepted",
        "",
        "| BPMN | 中文 | causes | our extension elements | several times |",
        "|---|---|---|---|---|",
    ]
    for name, kind in words.NODES.items():
        causes = ", ".join(sorted(events.POSSIBLE.get(kind, ()))) or "—"
        ours = ", ".join(f"`city:{one}`" for one in sorted(elements.EXTENSIONS.get(kind, ()))) or "—"
        several = "yes" if kind in words.ACTIVITIES else "—"
        lines.append(f"| `{name}` | {chinese.get(kind.value, '—')} | {causes} | {ours} | {several} |")
    lines += [
        "",
        "Besides: `sequenceFlow` with `conditionExpression` behind an exclusive gateway, `message`, `error`, and notes",
        "that change nothing: documentation, lanes, text annotations, groups, colours.",
        "",
        f'## Extension elements (`xmlns:city="{words.CITY}"`)',
        "",
        "| element | needs | may have |",
        "|---|---|---|",
    ]
    for name, (needed, more) in sorted(extensions.ALLOWED.items()):
        row = (", ".join(f"`{one}`" for one in sorted(keys)) or "—" for keys in (needed, more))
        lines.append(f"| `city:{name}` | {' | '.join(row)} |")
    lines += ["", "## Refused", "", "| BPMN | reason | instead |", "|---|---|---|"]
    lines += [f"| `{name}` | {reason} | {remedy} |" for name, (reason, remedy) in sorted(words.REASONS.items())]
    lines += [
        "",
        "Every other element or attribute is refused as well, and so is anything of another engine that it would execute.",
        "",
        "## Limits",
        "",
        "| what | most |",
        "|---|---|",
        f"| bytes of a file | {LARGEST:,} |",
        f"| elements, flows, depth of sub-processes | {elements.MOST_ELEMENTS:,}, {elements.MOST_FLOWS:,}, {elements.DEEPEST} |",
        f"| arrivals that one event may cause, tokens at once | {MOST_STEPS:,}, {MOST_TOKENS:,} |",
        f"| instances of one activity, rounds of a loop | {MOST_INSTANCES}, {repetition.MOST_ROUNDS} |",
        f"| characters of an expression, its repetitions over lists, rounds of those | {LONGEST:,}, {MOST_REPEATING}, {ITERATIONS:,} |",
        f"| variables of a process | {MOST_VARIABLES} |",
    ]
    return "\n".join(lines) + "\n"


def pages() -> dict[Path, str]:
    return {
        REFERENCE / "settings.md": settings(),
        REFERENCE / "commands.md": commands(),
        REFERENCE / "processes.md": processes(),
    }


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    for page, text in pages().items():
        page.write_text(text, "utf-8")
        sys.stdout.write(f"{page.relative_to(ROOT)}\n")
