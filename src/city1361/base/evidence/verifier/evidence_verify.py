#!/usr/bin/env python3
"""Verify an exported evidence log or a receipt, offline, with Python 3.9 or later and nothing else.

    python -I -S evidence_verify.py FOLDER [--head FILE] [--key HEX]     an export: entries.jsonl and heads.jsonl
    python -I -S evidence_verify.py receipt FILE|- [--head FILE] [--key HEX]

Exit status: 0 everything holds, 1 something does not, 2 the input cannot be read.

Give --head a head that was kept where the operator of the log cannot change it: only then is a log found out that
was rewritten or cut as a whole, with new heads under the same key. Tree and proofs: RFC 9162 section 2.1, over SHA-256
and SM3 (GB/T 32905); signatures: Ed25519, RFC 8032. A log cannot prove that something was recorded at all, and what
is younger than its newest head (about five seconds) is not in an export.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

Digest = Callable[[bytes], bytes]
Head = dict[str, Any]
Proof = Sequence[bytes]
Point = tuple[int, int, int, int]

HEAD_KIND = "city1361-evidence-head-1"
RECEIPT_KIND = "city1361-evidence-receipt-1"
_HEAD_FORM = {
    "kind": HEAD_KIND,
    "at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "root_sha256": "[0-9a-f]{64}",
    "root_sm3": "[0-9a-f]{64}",
    "previous": "[0-9a-f]{64}",
    "key": "[0-9a-f]{64}",
    "signature": "[0-9a-f]{128}",
}
REPORTED = 20  # so many findings are told one by one; the rest are counted


class Refused(ValueError):
    """A proof, head, signature or receipt that does not hold, and why."""


def sha256(data: bytes) -> bytes:
    """SHA-256 of bytes: 32 bytes."""
    return hashlib.sha256(data).digest()


def _rotate(word: int, by: int) -> int:
    return ((word << by) | (word >> (32 - by))) & 0xFFFFFFFF


def _sm3_block(state: Sequence[int], block: bytes) -> list[int]:
    w = [int.from_bytes(block[i : i + 4], "big") for i in range(0, 64, 4)]
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _rotate(w[j - 3], 15)
        w.append(x ^ _rotate(x, 15) ^ _rotate(x, 23) ^ _rotate(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        early = j < 16
        ss1 = _rotate((_rotate(a, 12) + e + _rotate(0x79CC4519 if early else 0x7A879D8A, j % 32)) & 0xFFFFFFFF, 7)
        ff = a ^ b ^ c if early else (a & b) | (a & c) | (b & c)
        gg = e ^ f ^ g if early else (e & f) | (~e & 0xFFFFFFFF & g)
        tt1 = (ff + d + (ss1 ^ _rotate(a, 12)) + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
        tt2 = (gg + h + ss1 + w[j]) & 0xFFFFFFFF
        a, b, c, d = tt1, a, _rotate(b, 9), c
        e, f, g, h = tt2 ^ _rotate(tt2, 9) ^ _rotate(tt2, 17), e, _rotate(f, 19), g
    return [before ^ now for before, now in zip(state, (a, b, c, d, e, f, g, h))]  # noqa: B905


def sm3_slow(data: bytes) -> bytes:
    """SM3 of bytes in plain Python (GB/T 32905-2016): 32 bytes, about a thousand times slower than OpenSSL's."""
    state = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + (len(data) * 8).to_bytes(8, "big")
    for start in range(0, len(padded), 64):
        state = _sm3_block(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)


def sm3(data: bytes) -> bytes:
    """SM3 of bytes by OpenSSL where it has it (see `SM3_IS_SLOW`)."""
    return sm3_slow(data) if SM3_IS_SLOW else hashlib.new("sm3", data).digest()


SM3_IS_SLOW = "sm3" not in hashlib.algorithms_available
ALGORITHMS: dict[str, Digest] = {"sha256": sha256, "sm3": sm3}


class Frontier:
    """A growing tree of which only the roots of its perfect subtrees are kept, the largest first."""

    def __init__(self, digest: Digest) -> None:
        self.digest, self.size = digest, 0
        self.roots: list[bytes] = []

    def add(self, data: bytes) -> None:
        """Append one leaf: the bytes of an entry."""
        node, size = self.digest(b"\x00" + data), self.size
        while size & 1:
            node, size = self.digest(b"\x01" + self.roots.pop() + node), size >> 1
        self.roots.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The Merkle tree hash of all leaves so far; at least one is needed."""
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = self.digest(b"\x01" + left + node)
        return node


def _hashes(*hashes: bytes) -> None:
    if any(not isinstance(value, bytes) or len(value) != 32 for value in hashes):
        raise Refused("a hash must be 32 bytes long")


def verify_inclusion(digest: Digest, leaf: bytes, at: tuple[int, int], proof: Proof, root: bytes) -> None:
    """Raise Refused unless `leaf` (a hash) stands at (index, size): at index in the tree of size (2.1.3.2)."""
    _hashes(leaf, root, *proof)
    index, size = at
    if not 0 <= index < size:
        raise Refused(f"there is no leaf {index} in a tree of size {size}")
    fn, sn, node = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            raise Refused("the inclusion proof is too long")
        if fn & 1 or fn == sn:
            node = digest(b"\x01" + step + node)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = digest(b"\x01" + node + step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Refused("the inclusion proof is too short")
    if node != root:
        raise Refused("the inclusion proof leads to another root")


def verify_consistency(digest: Digest, sizes: tuple[int, int], proof: Proof, roots: tuple[bytes, bytes]) -> None:
    """Raise Refused unless the first of two trees is a beginning of the second (2.1.4.2)."""
    _hashes(*roots, *proof)
    first, second = sizes
    if not 1 <= first <= second:
        raise Refused(f"sizes {first} and {second} cannot be compared: 1 ≤ first ≤ second")
    if first == second:
        if proof or roots[0] != roots[1]:
            raise Refused("two trees of one size need equal roots and an empty proof")
        return
    path = [roots[0], *proof] if first & (first - 1) == 0 else list(proof)
    if not proof:
        raise Refused("the consistency proof is too short")
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = path[0]
    for step in path[1:]:
        if sn == 0:
            raise Refused("the consistency proof is too long")
        if fn & 1 or fn == sn:
            old, new = digest(b"\x01" + step + old), digest(b"\x01" + step + new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = digest(b"\x01" + new + step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Refused("the consistency proof is too short")
    if (old, new) != roots:
        raise Refused("the consistency proof leads to other roots")


_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P


def _point(data: bytes) -> Point:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= _P:
        raise Refused("not a point of Ed25519")
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if (x * x - square) % _P or (x == 0 and sign):
        raise Refused("not a point of Ed25519")
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % _P, (p[1] + p[0]) * (q[1] + q[0]) % _P
    c, d = 2 * p[3] * q[3] * _D % _P, 2 * p[2] * q[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], -1, _P)
    x, y = point[0] * inverse % _P, point[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_BASE = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little"))


def verify_ed25519(key: bytes, message: bytes, signature: bytes) -> None:
    """Raise Refused unless `signature` (64 bytes) of `message` was made by the holder of `key` (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        raise Refused("an Ed25519 key is 32 bytes long and a signature 64")
    public, neutral = _point(key), (0, 1, 1, 0)
    twice = _add(public, public)
    four = _add(twice, twice)
    if _encoded(_add(four, four)) == _encoded(neutral):
        raise Refused("a key of small order signs anything")
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= _ORDER:
        raise Refused("the signature is not in its one form")
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % _ORDER
    minus = (_P - public[0], public[1], 1, _P - public[3])
    total = neutral
    terms = (neutral, _BASE, minus, _add(_BASE, minus))
    for bit in range(252, -1, -1):
        total = _add(_add(total, total), terms[(scalar >> bit & 1) | (challenge >> bit & 1) << 1])
    if _encoded(total) != signature[:32]:
        raise Refused("the signature is wrong")


def line_of(values: dict[str, Any]) -> bytes:
    """The one form in which heads are signed and hashed: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def parsed_head(line: str | bytes) -> Head:
    """A head from its line of JSON. Raises Refused for anything but the exact form, a size of zero included."""
    try:
        head = json.loads(line)
    except ValueError:
        raise Refused("a head must be one line of JSON") from None
    if not isinstance(head, dict) or set(head) != {*_HEAD_FORM, "size"}:
        raise Refused(f"a head has exactly the fields {', '.join(_HEAD_FORM)} and size")
    for name, form in _HEAD_FORM.items():
        if not isinstance(head[name], str) or not re.fullmatch(form, head[name], re.ASCII):
            raise Refused(f"{name} of a head must look like {form}")
    if type(head["size"]) is not int or head["size"] < 1:
        raise Refused("the size of a head is a whole number above zero")
    return head


def head_digest(head: Head) -> str:
    """What the next head names as `previous`: SHA-256 of the whole line, signature included; hexadecimal."""
    return sha256(line_of(head)).hex()


def verify_head(head: Head) -> None:
    """Raise Refused unless the head's own key signed it."""
    body = {name: value for name, value in head.items() if name != "signature"}
    verify_ed25519(bytes.fromhex(head["key"]), line_of(body), bytes.fromhex(head["signature"]))


class Report:
    """What a verification found. `problems` is empty when everything holds."""

    def __init__(self) -> None:
        self.rows = self.heads = self.signatures = self.unnamed = 0
        self.problems: list[str] = []
        self.held: list[int] = []  # sizes of the kept heads that hold
        self.newest: Head | None = None

    def add(self, problem: str) -> None:
        """Keep a problem; beyond the first ones they are only counted."""
        self.unnamed += len(self.problems) >= REPORTED
        self.problems += [problem] if len(self.problems) < REPORTED else []


class HeadCheck:
    """Follows a log while it grows and holds each head, in the log or kept outside, against the tree of its size."""

    def __init__(self, heads: Iterable[Head], trees: dict[str, Any], report: Report, **known: Any) -> None:
        """`known`: kept (heads), keys (that alone may sign), every (signature, not the last only), verify (a head)."""
        self.heads, self.trees, self.report = iter(heads), trees, report
        self.kept: dict[int, list[Head]] = {}
        for head in known.get("kept", ()):
            self.kept.setdefault(head["size"], []).append(head)
        self.keys, self.every, self.verify = known.get("keys"), known.get("every"), known.get("verify", verify_head)
        self.previous: Head | None = None
        self.good, self.broken = 0, False
        self.next = next(self.heads, None)

    def grown(self, size: int) -> None:
        """The log now holds `size` rows."""
        while self.next and self.next["size"] <= size:
            self._head(self.next, size)
            self.next = next(self.heads, None)
        for head in self.kept.pop(size, ()):
            self._kept(head)

    def finish(self, size: int) -> None:
        """The log is at its end."""
        if self.previous and not self.every:
            self._signature(self.previous)
        if self.next:
            rest = 1 + sum(1 for _ in self.heads)
            self.report.add(f"rows are missing at the end: {rest} heads reach beyond the {size} rows that are there")
        under = self.previous["size"] if self.previous else 0
        if size > under:
            self.report.add(f"rows {under}–{size - 1} stand under no head")
        for kept in sorted(self.kept):
            self.report.add(f"rows are missing at the end: the kept head has size {kept}, the log only {size}")

    def _head(self, head: Head, size: int) -> None:
        previous = self.previous
        self.report.heads += 1
        if previous and (head["size"] <= previous["size"] or head["at"] < previous["at"]):
            self.report.add(f"head of size {head['size']}: size and time must grow from head to head")
        if head["previous"] != (head_digest(previous) if previous else "0" * 64):
            self.report.add(f"head of size {head['size']}: it does not follow from the head before it")
        if self.keys is not None and head["key"] not in self.keys:
            self.report.add(f"head of size {head['size']}: signed with an unknown key {head['key']}")
        # A signed body names the hash of the head before, so the last signature of a key covers all earlier ones.
        if self.every:
            self._signature(head)
        elif previous and previous["key"] != head["key"]:
            self._signature(previous)
        if head["size"] == size:
            self._roots(head)
        self.previous = self.report.newest = head

    def _other_roots(self, head: Head) -> list[str]:
        return [name for name, tree in self.trees.items() if tree.root().hex() != head["root_" + name]]

    def _roots(self, head: Head) -> None:
        wrong = self._other_roots(head)
        if wrong and not self.broken:
            self.broken = True
            names, last = " and ".join(wrong), head["size"] - 1
            self.report.add(f"rows {self.good}–{last} are not what was signed: another {names} root at size {last + 1}")
        if not wrong:
            self.good = head["size"]

    def _kept(self, head: Head) -> None:
        own = self.previous
        if self._other_roots(head):
            self.report.add(f"the log is not the one of the kept head of size {head['size']}: another root")
        elif not own or own["size"] != head["size"] or head_digest(own) != head_digest(head):
            self.report.add(f"the kept head of size {head['size']} is not among the heads of the log")
        else:
            self.report.held.append(head["size"])

    def _signature(self, head: Head) -> None:
        self.report.signatures += 1
        try:
            self.verify(head)
        except Refused as refused:
            self.report.add(f"head of size {head['size']}: {refused}")


def verify_export(folder: Path, algorithms: Sequence[str] = ("sha256", "sm3"), **known: Any) -> Report:
    """Verify the export in `folder`; `known` is that of HeadCheck. Raises OSError when a file is missing."""
    report = Report()
    trees = {name: Frontier(ALGORITHMS[name]) for name in algorithms}
    with (folder / "heads.jsonl").open("rb") as heads, (folder / "entries.jsonl").open("rb") as entries:
        check = HeadCheck((parsed_head(line) for line in heads), trees, report, **known)
        for line in entries:
            for tree in trees.values():
                tree.add(line.rstrip(b"\n"))
            report.rows += 1
            check.grown(report.rows)
            if report.rows % 10_000 == 0 and sys.stderr.isatty():
                print(f"\r{report.rows} rows", end="", file=sys.stderr)
        check.finish(report.rows)
    return report


def _steps(proofs: Any, algorithms: Sequence[str]) -> dict[str, list[bytes]]:
    try:
        return {name: [bytes.fromhex(step) for step in proofs[name]] for name in algorithms}
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"the proof is not whole: {error!r}") from None


def verify_receipt(receipt: Any, algorithms: Sequence[str] = ("sha256", "sm3"), **known: Any) -> Head:
    """Verify one entry's receipt against its head, and that against `kept` heads. Raises Refused; returns the head."""
    form: dict[str, tuple[type, ...]] = {"kind": (str,), "canon": (str,), "index": (int,), "head": (dict,)}
    form["inclusion"] = (dict,)
    form["consistency"] = (dict, type(None))
    if not isinstance(receipt, dict) or any(type(receipt.get(name)) not in kinds for name, kinds in form.items()):
        raise Refused(f"a receipt is a JSON object with the fields {', '.join(form)}")
    if receipt["kind"] != RECEIPT_KIND:
        raise Refused(f"the kind of a receipt is {RECEIPT_KIND}")
    head, proofs = parsed_head(json.dumps(receipt["head"])), _steps(receipt["inclusion"], algorithms)
    verify_head(head)
    if known.get("keys") is not None and head["key"] not in known["keys"]:
        raise Refused(f"signed with an unknown key {head['key']}")
    for name in algorithms:
        digest, root = ALGORITHMS[name], bytes.fromhex(head["root_" + name])
        leaf = digest(b"\x00" + receipt["canon"].encode())
        verify_inclusion(digest, leaf, (receipt["index"], head["size"]), proofs[name], root)
    for other in known.get("kept", ()):
        if head_digest(other) != head_digest(head):
            _consistent(receipt["consistency"] or {}, other, head, algorithms)
    return head


def _consistent(steps: dict[str, Any], other: Head, head: Head, algorithms: Sequence[str]) -> None:
    if steps.get("from") != other["size"]:
        raise Refused(f"nothing leads from the kept head of size {other['size']}; ask for a receipt made with --head")
    proofs = _steps(steps, algorithms)
    for name in algorithms:
        roots = bytes.fromhex(other["root_" + name]), bytes.fromhex(head["root_" + name])
        verify_consistency(ALGORITHMS[name], (other["size"], head["size"]), proofs[name], roots)


def _arguments(words: list[str]) -> argparse.Namespace:
    receipt = words[:1] == ["receipt"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", help="a receipt, or - for standard input" if receipt else "folder of the export")
    parser.add_argument("--head", action="append", default=[], help="file with heads kept outside, one a line")
    parser.add_argument("--key", action="append", help="public key that alone may sign (64 hexadecimal digits)")
    parser.add_argument("--every-signature", action="store_true", help="the last of a key covers all; check each")
    parser.add_argument("--sm3", action="store_true", help="also over SM3 where OpenSSL has none: slow")
    chosen = parser.parse_args(words[1:] if receipt else words)
    chosen.receipt = receipt
    chosen.algorithms = ("sha256",) if SM3_IS_SLOW and not chosen.sm3 else ("sha256", "sm3")
    return chosen


def kept_heads(paths: Iterable[str | Path]) -> list[Head]:
    """The heads in files of one head a line."""
    return [parsed_head(line) for path in paths for line in Path(path).read_text("utf-8").splitlines() if line.strip()]


def _receipt(chosen: argparse.Namespace, kept: list[Head], keys: set[str] | None) -> list[str]:
    receipt = json.loads(sys.stdin.read() if chosen.what == "-" else Path(chosen.what).read_text("utf-8"))
    head = verify_receipt(receipt, chosen.algorithms, kept=kept, keys=keys)
    print(
        receipt["canon"],
        f"\nindex {receipt['index']} under the head of size {head['size']}, {head['at']}, key {head['key']}",
    )
    if not kept and keys is None:
        print(
            "note: anybody could have made this receipt with a key of his own; give the operator's (--key) or a --head"
        )
    return []


def _export(chosen: argparse.Namespace, kept: list[Head], keys: set[str] | None) -> list[str]:
    folder = Path(chosen.what)
    if keys is None and (folder / "public-keys.txt").is_file():
        keys = set((folder / "public-keys.txt").read_text("utf-8").split())
    report = verify_export(folder, chosen.algorithms, kept=kept, keys=keys, every=chosen.every_signature)
    print(f"rows {report.rows}, heads {report.heads}, signatures checked {report.signatures}, hashes", end=" ")
    print(*chosen.algorithms, f"\nkept heads that hold: {len(report.held)}\nnewest head: {json.dumps(report.newest)}")
    if not kept:
        print("note: no head from outside was given; a log rewritten as a whole would not be found out (--head FILE)")
    return report.problems + ([f"and {report.unnamed} more"] if report.unnamed else [])


def main(words: list[str]) -> int:
    """Run the command line; returns the exit status."""
    chosen = _arguments(words)
    try:
        kept, keys = kept_heads(chosen.head), set(chosen.key) if chosen.key else None
        problems = (_receipt if chosen.receipt else _export)(chosen, kept, keys)
    except Refused as refused:
        problems = [str(refused)]
    except (OSError, ValueError) as error:
        print(f"✗ cannot read: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        print(f"✗ {problem}", file=sys.stderr)
    print("✗ 核验未通过 · does not hold" if problems else "✓ 核验通过 · everything holds")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
