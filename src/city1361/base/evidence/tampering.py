"""Proving that alterations are found: an exported copy is altered again and again and given to the verifier."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from city1361.base.evidence.verifier.evidence_verify import (
    ALGORITHMS,
    Frontier,
    Head,
    Refused,
    head_digest,
    line_of,
    parsed_head,
    verify_export,
)


@dataclass(slots=True)
class Copy:
    """An exported log in memory."""

    rows: list[bytes]
    heads: list[Head]

    def write(self, folder: Path) -> None:
        (folder / "entries.jsonl").write_bytes(b"".join(row + b"\n" for row in self.rows))
        (folder / "heads.jsonl").write_bytes(b"".join(line_of(head) + b"\n" for head in self.heads))


@dataclass(slots=True)
class Outcome:
    """How many alterations of each kind were made, and the descriptions of those that were not found."""

    made: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


def read(folder: Path) -> Copy:
    """The log exported to `folder`."""
    rows = (folder / "entries.jsonl").read_bytes().split(b"\n")[:-1]
    return Copy(rows, [parsed_head(line) for line in (folder / "heads.jsonl").read_bytes().splitlines()])


def flip_a_byte(log: Copy, dice: random.Random) -> str:
    row, bit = dice.randrange(len(log.rows)), dice.randrange(8)
    place = dice.randrange(len(log.rows[row]))
    changed = bytearray(log.rows[row])
    changed[place] ^= 1 << bit
    log.rows[row] = bytes(changed).replace(b"\n", b" ")
    return f"bit {bit} of byte {place} of row {row}"


def drop_a_row(log: Copy, dice: random.Random) -> str:
    row = dice.randrange(len(log.rows))
    del log.rows[row]
    return f"row {row}"


def insert_a_row(log: Copy, dice: random.Random) -> str:
    row = dice.randrange(len(log.rows) + 1)
    log.rows.insert(row, dice.choice(log.rows))
    return f"before row {row}"


def exchange_two_rows(log: Copy, dice: random.Random) -> str:
    if len(log.rows) < 2:
        return drop_a_row(log, dice)
    one, other = dice.sample(range(len(log.rows)), 2)
    log.rows[one], log.rows[other] = log.rows[other], log.rows[one]
    return f"rows {one} and {other}"


def truncate(log: Copy, dice: random.Random) -> str:
    size = log.heads[dice.randrange(len(log.heads))]["size"] if len(log.heads) > 1 else len(log.rows)
    size = size if size < len(log.rows) else dice.randrange(len(log.rows))
    log.rows = log.rows[:size]
    log.heads = [head for head in log.heads if head["size"] <= size]
    return f"after {size} rows, heads as well"


def alter_a_head(log: Copy, dice: random.Random) -> str:
    number = dice.randrange(len(log.heads))
    name = dice.choice(["root_sha256", "root_sm3", "previous", "key", "signature"])
    digits = list(log.heads[number][name])
    place = dice.randrange(len(digits))
    digits[place] = dice.choice([digit for digit in "0123456789abcdef" if digit != digits[place]])
    log.heads[number] = {**log.heads[number], name: "".join(digits)}
    return f"{name} of head {number}"


def drop_a_head(log: Copy, dice: random.Random) -> str:
    number = dice.randrange(len(log.heads))
    del log.heads[number]
    return f"head {number}"


def rewrite_everything(log: Copy, dice: random.Random) -> str:
    """Alter a row and sign the whole log anew with another key: flawless in itself."""
    what = drop_a_row(log, dice) if dice.random() < 0.5 and len(log.rows) > 1 else flip_a_byte(log, dice)
    log.heads = resigned(log)
    return f"{what}, all heads made anew"


KINDS: dict[str, Callable[[Copy, random.Random], str]] = {
    "flip": flip_a_byte,
    "drop": drop_a_row,
    "insert": insert_a_row,
    "reorder": exchange_two_rows,
    "truncate": truncate,
    "head altered": alter_a_head,
    "head dropped": drop_a_head,
    "rewrite": rewrite_everything,
}


def resigned(log: Copy, key: Ed25519PrivateKey | None = None) -> list[Head]:
    """New heads for the rows as they are, as somebody with all rights over the database would make them."""
    key = key or Ed25519PrivateKey.generate()
    trees = {name: Frontier(digest) for name, digest in ALGORITHMS.items()}
    at = {head["size"]: head for head in log.heads}
    at.setdefault(len(log.rows), log.heads[-1])
    heads: list[Head] = []
    for size, row in enumerate(log.rows, 1):
        for tree in trees.values():
            tree.add(row)
        if size in at:
            previous = head_digest(heads[-1]) if heads else "0" * 64
            roots = {f"root_{name}": tree.root().hex() for name, tree in trees.items()}
            body = {**at[size], **roots, "size": size, "previous": previous}
            body["key"] = key.public_key().public_bytes_raw().hex()
            del body["signature"]
            heads.append({**body, "signature": key.sign(line_of(body)).hex()})
    return heads


def tamper(
    folder: Path, times: int, dice: random.Random, progress: Callable[[int, int], None] | None = None
) -> Outcome:
    """Alter the export in `folder` `times` times, each time afresh, and verify it with its last head kept outside.

    Raises Refused when the unaltered copy does not verify: then the test would prove nothing.
    """
    whole = read(folder)
    kept = [whole.heads[-1]]
    clean = verify_export(folder, kept=kept)
    if clean.problems:
        raise Refused(f"the log does not verify before any alteration: {clean.problems[0]}")
    outcome, kinds = Outcome(), list(KINDS)
    for number in range(times):
        kind = kinds[number % len(kinds)]
        altered = Copy(list(whole.rows), list(whole.heads))
        what = KINDS[kind](altered, dice)
        altered.write(folder)
        outcome.made[kind] += 1
        if not _found(folder, kept):
            outcome.missed.append(f"{kind}: {what}")
        if progress:
            progress(number + 1, times)
    whole.write(folder)
    return outcome


def _found(folder: Path, kept: list[Head]) -> bool:
    try:
        return bool(verify_export(folder, kept=kept).problems)
    except Refused:
        return True
