"""`city1361 doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

from city1361 import configuration
from city1361.base.kernel.registry import Finding, doctor_checks
from city1361.base.kernel.terminal import tell

MARKS = {"ok": "✓", "warn": "!", "fail": "✗"}


@click.command()
def doctor() -> None:
    """Every setting with its source, and everything that is wrong, with what to do about it."""
    for name in configuration.SETTINGS:
        found = configuration.value(name)
        shown = ("••••••" if found.text else "") if found.setting.secret else found.text
        click.echo(f"  {name} = {shown or tell('（空）')}  [{found.source}] {found.setting.meaning}")
    failed = 0
    for name, check in doctor_checks().items():
        for finding in _findings(name, check):
            failed += finding.level == "fail"
            click.echo("\n".join(_lines(finding)))
    if failed:
        raise SystemExit(1)


def _findings(name: str, check: Callable[[], list[Finding]]) -> list[Finding]:
    """What a check finds; one that cannot be done is a finding itself, and the others go on."""
    try:
        return check()
    except Exception as error:
        what = tell("检查 {name} 未能完成：{error}", name=name, error=error)
        return [Finding("fail", what, name, tell("请查看数据库是否可用"))]


def _lines(finding: Finding) -> Iterator[str]:
    yield f"{MARKS[finding.level]} {finding.what}" + (f"  [{finding.where}]" if finding.where else "")
    if finding.remedy and finding.level != "ok":
        yield f"    → {finding.remedy}"


commands = [doctor]
