"""What `city1361 doctor` says of the log."""

from __future__ import annotations

from city1361.base.evidence import heads_file, queries, signing
from city1361.base.kernel.registry import Finding

LATE = 60.0  # seconds


def findings() -> list[Finding]:
    """Lag of the sequencer, the key's file mode, heads outside the database."""
    return [_lag(), _key(), _heads()]


def _lag() -> Finding:
    stands = queries.standing()
    late = stands.lag > LATE
    return Finding(
        "fail" if late else "ok",
        f"evidence: {stands.size} entries under a head, {stands.waiting} wait, the oldest for {stands.lag:.0f} s",
        "base_evidence_pending",
        "is `city1361 worker` running? Its log tells why it does not sequence" if late else "",
    )


def _key() -> Finding:
    path = signing.private_file()
    if not path.is_file():
        return Finding("ok", "evidence: no signing key yet; the first head makes it", str(path))
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding("fail", f"evidence: others can read the signing key (mode {mode:o})", str(path), "chmod 600")
    return Finding("ok", "evidence: the signing key is readable by its owner alone", str(path))


def _heads() -> Finding:
    where = str(heads_file.path())
    reason = heads_file.disagreement()
    if reason:
        remedy = "run `city1361 evidence verify`; after a restore, move the file away as a record and a new one begins"
        return Finding("fail", f"evidence: {reason}", where, remedy)
    last, newest = heads_file.last_head(), queries.latest_head()
    behind = (newest["size"] if newest else 0) - (last["size"] if last else 0)
    if newest and behind and queries.standing().lag > LATE:
        return Finding("warn", f"evidence: the heads file is {behind} entries behind", where, "can it be written?")
    return Finding("ok", "evidence: the heads file agrees with the log", where)
