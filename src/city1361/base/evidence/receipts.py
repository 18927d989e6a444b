"""A receipt: one entry, its head and the proof between them, to be verified offline by whoever holds it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from city1361.base.evidence import queries
from city1361.base.evidence.hashing import ALGORITHMS
from city1361.base.evidence.models import EvidenceEntry, EvidenceSequence
from city1361.base.evidence.tree import Proofs
from city1361.base.evidence.verifier.evidence_verify import RECEIPT_KIND, Head, Refused, head_digest, verify_receipt
from city1361.base.kernel.errors import Conflict, Missing, Unavailable


def receipt(entry_id: UUID, kept: Head | None = None) -> dict[str, Any]:
    """The receipt of an entry under the newest head, or leading to a head the holder has kept.

    Raises Missing for an unknown entry, Unavailable while it is not yet under a head (about five seconds), Conflict
    when the log no longer gives a valid proof: it was altered.
    """
    place = EvidenceSequence.objects.filter(entry_id=entry_id).first()
    newest = queries.latest_head()
    if place is None or newest is None:
        raise _without_place(entry_id)
    # A kept head that already covers the entry is the best witness: the proof goes straight to it.
    direct = kept is not None and kept["size"] > place.seq and _is_ours(kept)
    head = kept if kept is not None and direct else newest
    proofs = {name: Proofs(digest, queries.tile_loader(name)) for name, digest in ALGORITHMS.items()}
    try:
        made: dict[str, Any] = {
            "kind": RECEIPT_KIND,
            "canon": queries.canon_of(place.seq).decode(),
            "index": place.seq,
            "head": head,
            "inclusion": {name: _hex(proof.inclusion(place.seq, head["size"])) for name, proof in proofs.items()},
            "consistency": None if kept is None or direct else _leading(proofs, kept, head),
        }
        verify_receipt(made, kept=[kept] if kept else [])
    except (Refused, ValueError) as error:
        raise _altered(entry_id, error) from error
    return made


def _leading(proofs: dict[str, Proofs], kept: Head, head: Head) -> dict[str, Any]:
    steps = {name: _hex(proof.consistency(kept["size"], head["size"])) for name, proof in proofs.items()}
    return {"from": kept["size"], **steps}


def _is_ours(kept: Head) -> bool:
    own = queries.head_of(kept["size"])
    return own is not None and head_digest(own) == head_digest(kept)


def _hex(hashes: list[bytes]) -> list[str]:
    return [value.hex() for value in hashes]


def _without_place(entry_id: UUID) -> Missing | Unavailable:
    if not EvidenceEntry.objects.filter(id=entry_id).exists():
        return Missing(where=str(entry_id))
    return Unavailable(
        "evidence_not_yet_signed",
        "该存证条目尚未纳入签名树头",
        where=str(entry_id),
        remedy="请约五秒后重试；如持续出现，请检查后台进程是否运行",
    )


def _altered(entry_id: UUID, error: Exception) -> Conflict:
    return Conflict(
        "evidence_altered",
        "存证日志无法给出有效证明：{error}",
        where=str(entry_id),
        remedy="日志可能已被改动，请立即运行 city1361 evidence verify 并保留现场",
        params={"error": error},
    )
