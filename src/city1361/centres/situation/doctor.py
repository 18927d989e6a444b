"""What `city1361 doctor` says of the counts."""

from __future__ import annotations

from datetime import timedelta

from city1361.base.kernel import clock
from city1361.base.kernel.registry import Finding
from city1361.centres.situation import checking, folding, queries

LATE = timedelta(minutes=1)
OLD = timedelta(days=2)


def findings() -> list[Finding]:
    """Whether the last check agreed, and whether changes are added up."""
    with folding.seeing_everything():
        return [_check(), _waiting()]


def _check() -> Finding:
    last = checking.last_check()
    if last is None:
        return Finding("ok", "计数尚未核对（每夜一次）", "centres.situation")
    if last.differing:
        said = f"计数与重算不一致：{last.differing}处，如{last.differences[0]}"
        return Finding("fail", said, "centres.situation", "运行 city1361 counters rebuild，再运行 counters check")
    if clock.now() - last.at > OLD:
        return Finding("warn", f"计数上次核对于 {last.at:%Y-%m-%d}", "centres.situation", "city1361 worker 在运行吗？")
    return Finding("ok", f"计数与重算一致，核对{last.compared}处", "centres.situation")


def _waiting() -> Finding:
    since = queries.waiting_since()
    if since is not None and clock.now() - since > LATE:
        return Finding("warn", "计数没有及时汇总", "centres.situation", "city1361 worker 在运行吗？")
    return Finding("ok", "计数已汇总", "centres.situation")
