"""Cases of other cities replayed as matters, compressed in time, and checked against a count that knows nothing of us.

    python benchmarks/replay.py FILE… [--most N]

Each FILE (CSV, may be gzipped) is one of two kinds, told by its columns:

requests    service requests with `unique_key, created_date, closed_date, complaint_type …`: the steps between report and
            close are spread evenly; a request still open is admitted at its last update
event log   `case:concept:name, concept:name, time:timestamp, case:startdate` of a permit process: the start is the report,
            "Confirmation of receipt" admits, whatever comes next acknowledges, T02 asks to close, T03 fails the check,
            T04 passes it, T05 closes; any other activity is a note of progress while the matter is handled. What the road
            of a matter has no place for is counted, not hidden

Every step happens at its own moment of a frozen clock, in the order of all cases. Checked after each: the total and the
stage limit, against tests/scenarios/replaying.py, which reads the instance's calendar and rules itself and walks minute
by minute (rework goes on with what was left). Checked at the end: every step stands in the history once, at its moment
and in its order, and has one entry in the log of evidence. Exit status 1 when anything is lost or wrong.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import city

sys.path.insert(0, str(city.ROOT))


def inside(files: list[Path], most: int) -> bool:
    """In the installation's environment."""
    import django

    django.setup()
    from replay_cases import replay

    kept = [replay(file, most) for file in files]
    return all(kept)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=1_000_000, help="cases of each file")
    chosen = parser.parse_args()
    with city.installation("tiny") as environment:
        os.environ.update(environment)
        return 0 if inside(chosen.files, chosen.most) else 1


if __name__ == "__main__":
    sys.exit(main())
