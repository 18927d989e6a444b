"""Ids, codes and validity of organisations. Pure."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID, uuid5

from city1361.platform.assurance.standards.identifiers.api import organisation_code_check, unified_social_credit_check
from city1361.platform.assurance.standards.organisations.terms import Category

DEPARTMENT = "1"  # 机构编制: the department that registers public bodies (GB 32100-2015, table 1)
CATEGORIES = {
    Category.AUTHORITY: "1",
    Category.INSTITUTION: "2",
    Category.MASS_ORGANISATION: "3",
    Category.OTHER_BODY: "9",
}
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def organisation_code(area_code: str, kind: str) -> str:
    return f"{area_code}/{kind}"


def organisation_id(namespace: UUID, code: str) -> UUID:
    return uuid5(namespace, f"organisation:{code}")


def post_id(namespace: UUID, code: str) -> UUID:
    return uuid5(namespace, f"post:{code}")


def invented_credit_code(code: str, category: Category, region: str, attempt: int = 0) -> str:
    """A well-formed unified social credit code for an organisation whose real one is not at hand.

    Both checks hold (GB 32100-2015 and, inside, GB 11714-1997); it depends on `code` alone, so every load gives the
    same. `attempt` gives another when two fall together. It must be stored as synthetic: it may exist elsewhere.
    """
    number = int.from_bytes(hashlib.sha256(f"{code}#{attempt}".encode()).digest()[:8], "big")
    digits = []
    for _ in range(8):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    body = "".join(digits)
    first17 = f"{DEPARTMENT}{CATEGORIES[category]}{region}{body}{organisation_code_check(body)}"
    return first17 + unified_social_credit_check(first17)


def period(placements: list[tuple[date, date | None]]) -> tuple[date, date | None]:
    """From the first day an area is governed to the last, whatever moves there were between. Needs one at least."""
    begins = min(begin for begin, _ in placements)
    ends = [end for _, end in placements]
    return begins, None if None in ends else max(end for end in ends if end is not None)
