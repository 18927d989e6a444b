"""`city1361 evidence`: verify the log, take it away, prove that it can be trusted."""

from __future__ import annotations

import json
import random
import sys
import tempfile
from pathlib import Path
from uuid import UUID

import click

from city1361.base.evidence import exporting, heads_file, queries, receipts, tampering, verification
from city1361.base.evidence.stress import stress as run_stress
from city1361.base.evidence.verifier.evidence_verify import Head, Refused, Report, kept_heads, line_of

SAMPLE = 2000  # entries altered at most by tamper-test
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def evidence() -> None:
    """The log of evidence (存证): verify, export, receipts."""


@evidence.command()
@click.option("--head", "files", multiple=True, type=FILE, help="heads kept outside, one a line; may be repeated")
def verify(files: tuple[Path, ...]) -> None:
    """Verify every row, head and signature; the status is 0 only when everything holds.

    Without a head kept where the operator cannot change it, a log rewritten as a whole under the same key is not found
    out. What is younger than the newest head (about five seconds) is not covered yet.
    """
    kept = _kept(files)
    own = heads_file.last_head()
    report = verification.verify_log([*kept, *([own] if own else [])], _progress)
    click.echo("", err=True)
    _tell(report)
    waiting = queries.standing()
    click.echo(f"not covered yet: {waiting.waiting} entries that wait for their place")
    if not kept:
        click.echo("note: no head from outside was given; a log rewritten as a whole would not be found out (--head)")
    _conclude(report)


@evidence.command()
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Write entries, heads, public keys and the verifier into a new FOLDER."""
    count = exporting.export(folder, progress=_progress)
    click.echo(f"\n{count} entries in {folder}; verify: python -I -S {folder}/evidence_verify.py {folder}")


@evidence.command()
def head() -> None:
    """Print the newest signed head: one line, to be kept where the operator cannot change it."""
    newest = queries.latest_head()
    if newest is None:
        raise click.ClickException("nothing has been sequenced yet; is `city1361 worker` running?")
    click.echo(line_of(newest).decode())


@evidence.command()
@click.argument("entry_id", type=click.UUID)
@click.option("--head", "file", type=FILE, help="a head kept outside that the receipt shall lead to")
def receipt(entry_id: UUID, file: Path | None) -> None:
    """Print the receipt of an entry: verify it offline with `evidence_verify.py receipt FILE`."""
    kept = _kept((file,)) if file else []
    click.echo(json.dumps(receipts.receipt(entry_id, kept[-1] if kept else None), ensure_ascii=False, indent=1))


@evidence.command()
@click.option("--max-lag", type=float, help="fail when an entry has waited longer for its place (seconds)")
def status(max_lag: float | None) -> None:
    """How far the log has come and how long the oldest entry waits."""
    stands = queries.standing()
    click.echo(f"entries under a head {stands.size}  newest head {stands.head_at or '-'}")
    click.echo(f"waiting {stands.waiting}  lag {stands.lag:.1f} s (an entry is covered after about five seconds)")
    reason = heads_file.disagreement()
    click.echo(f"heads file {heads_file.path()}  {reason or 'agrees'}")
    if max_lag is not None and stands.lag > max_lag:
        click.echo(f"✗ the lag is above {max_lag} s; is `city1361 worker` running?", err=True)
        sys.exit(1)
    sys.exit(1 if reason else 0)


@evidence.command(name="list")
@click.option("--about", help="only of one subject, as KIND:ID")
@click.option("--limit", default=50, show_default=True, help="how many at most")
def list_entries(about: str | None, limit: int) -> None:
    """The newest entries: id, place, time, action, who, about what."""
    kind, _, identifier = (about or "").partition(":")
    found = queries.entries_about(kind, identifier, limit) if about else queries.latest_entries(limit)
    for entry in found:
        subject = f"{entry.subject['kind']}:{entry.subject['id']} {entry.subject['label']}"
        place = "-" if entry.seq is None else entry.seq
        click.echo(f"{entry.id}  {place}  {entry.at:%Y-%m-%d %H:%M:%S}  {entry.action}  {entry.by['label']}  {subject}")


@evidence.command(name="tamper-test")
@click.option("--n", "times", default=200, show_default=True, help="how many alterations")
@click.option("--seed", type=int, help="repeat an earlier run")
def tamper_test(times: int, seed: int | None) -> None:
    """Alter an exported copy N times; every alteration must be found. The log itself is not touched."""
    seed = random.SystemRandom().randrange(2**32) if seed is None else seed
    sizes = [found["size"] for _, found in zip(range(SAMPLE), queries.heads(), strict=False)]
    if not sizes:
        raise click.ClickException("nothing has been sequenced yet: there is nothing to alter")
    with tempfile.TemporaryDirectory(prefix="city1361-tamper-") as folder:
        copy = Path(folder) / "copy"
        exporting.export(copy, limit=max([size for size in sizes if size <= SAMPLE], default=sizes[0]))
        try:
            outcome = tampering.tamper(copy, times, random.Random(seed), _progress)  # noqa: S311 - no secret
        except Refused as refused:
            raise click.ClickException(str(refused)) from refused
    click.echo("", err=True)
    click.echo("  ".join(f"{kind} {count}" for kind, count in outcome.made.items()))
    for missed in outcome.missed:
        click.echo(f"✗ not found: {missed}", err=True)
    click.echo(f"{times - len(outcome.missed)} of {times} alterations found (seed {seed})")
    sys.exit(1 if outcome.missed else 0)


@evidence.command()
@click.option("--writers", default=32, show_default=True, help="connections that write at once")
@click.option("--each", default=50, show_default=True, help="entries of each")
@click.option("--yes", is_flag=True, help="do not ask")
def stress(writers: int, each: int, yes: bool) -> None:
    """Record from many connections at once, then verify everything. The entries stay in the log for ever."""
    if not yes:
        click.confirm(f"{writers * each} test entries will stay in this log for ever. Go on?", abort=True)
    click.echo(f"{writers} connections record {each} entries each; then everything is verified …", err=True)
    report = run_stress(writers, each)
    _tell(report)
    _conclude(report)


def _kept(files: tuple[Path, ...]) -> list[Head]:
    try:
        return kept_heads(files)
    except (Refused, UnicodeDecodeError) as refused:
        raise click.ClickException(f"{', '.join(map(str, files))}: {refused}") from refused


def _progress(done: int, total: int) -> None:
    if done == total or sys.stderr.isatty():  # a log file needs the end only
        click.echo(f"\r{done} / {total}", nl=False, err=True)


def _tell(report: Report) -> None:
    click.echo(
        f"rows {report.rows}  heads {report.heads}  signatures {report.signatures}  "
        f"kept heads that hold {len(report.held)}  hashes SHA-256 and SM3"
    )
    if report.newest:
        click.echo(f"newest head: {line_of(report.newest).decode()}")


def _conclude(report: Report) -> None:
    for problem in report.problems:
        click.echo(f"✗ {problem}", err=True)
    if report.unnamed:
        click.echo(f"✗ and {report.unnamed} more", err=True)
    click.echo("✗ 核验未通过 · does not hold" if report.problems else "✓ 核验通过 · everything holds")
    sys.exit(1 if report.problems else 0)


commands = [evidence]
