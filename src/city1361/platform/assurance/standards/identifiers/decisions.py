"""Check characters and formats of national identifiers. Pure: a text in, the problems found out.

Every `…_explain` returns an empty list for a valid identifier, else one Invalid per thing wrong, whose `where` names
the characters meant, counted from 1. The identifier itself is never put into a message: it may be personal data.
"""

from __future__ import annotations

import re
from datetime import date

from city1361.base.kernel.errors import Invalid

# GB 11643-1999, table 1: weights of characters 1-17, and the check character by remainder.
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
# GB 32100-2015: the alphabet leaves out I, O, S, V and Z; the weights are 3^(i-1) mod 31.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
# GB 32100-2015, table 1: registering departments.
CREDIT_DEPARTMENTS = "123456789ANY"
# GB 11714-1997: the organisation code inside a credit code (characters 9-17) ends with a check of its own.
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# GB/T 2260: the first two digits, by large region.
PROVINCES = frozenset(
    str(number)
    for region in (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66))
    for number in region
) | {"71", "81", "82"}
DIVISION_LENGTHS = (6, 9, 12)


def resident_identity_check(first17: str) -> str:
    """The 18th character of a resident identity number (GB 11643-1999). Raises ValueError unless 17 digits come."""
    if not re.fullmatch(r"[0-9]{17}", first17):
        raise ValueError("17 digits are needed")
    return RESIDENT_CHECKS[sum(int(d) * w for d, w in zip(first17, RESIDENT_WEIGHTS, strict=True)) % 11]


def unified_social_credit_check(first17: str) -> str:
    """The 18th character of a unified social credit code (GB 32100-2015). Raises ValueError for other characters."""
    if len(first17) != 17 or any(c not in CREDIT_ALPHABET for c in first17):
        raise ValueError("17 characters of the alphabet of GB 32100 are needed")
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def organisation_code_check(first8: str) -> str:
    """The 9th character of an organisation code (GB 11714-1997): modulus 11, 10 is X, 11 is 0."""
    if len(first8) != 8 or any(c not in ORGANISATION_ALPHABET for c in first8):
        raise ValueError("8 digits or capital letters are needed")
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def resident_identity_explain(text: str, *, today: date | None = None) -> list[Invalid]:
    """What is wrong with a resident identity number. `today` (given by the caller) refuses births after it."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return [_identity_format(text)]
    problems = []
    if text[:2] not in PROVINCES:
        problems.append(
            _invalid("identity_region", "公民身份号码的地址码不是有效的行政区划代码", "1-6", "请核对前六位")
        )
    born = _date(text[6:14])
    if born is None or (today is not None and born > today):
        problems.append(_invalid("identity_birth", "公民身份号码中的出生日期无效", "7-14", "请核对出生日期"))
    if resident_identity_check(text[:17]) != text[17]:
        problems.append(_invalid("identity_check", "公民身份号码的校验码不符", "18", "请逐位核对号码"))
    return problems


def _identity_format(text: str) -> Invalid:
    if re.fullmatch(r"[0-9]{17}x", text):
        return _invalid("identity_case", "公民身份号码末位应为大写字母X", "18", "请改为大写X")
    if re.fullmatch(r"[0-9]{15}", text):
        return _invalid("identity_fifteen", "十五位旧号码已停止使用", "1-15", "请填写十八位公民身份号码")
    return _invalid("identity_format", "公民身份号码应为十七位数字加一位校验码", "1-18", "请核对位数与字符")


def resident_identity_valid(text: str, *, today: date | None = None) -> bool:
    return not resident_identity_explain(text, today=today)


def unified_social_credit_explain(text: str) -> list[Invalid]:
    """What is wrong with a unified social credit code (GB 32100-2015)."""
    if len(text) != 18:
        return [_invalid("credit_length", "统一社会信用代码应为十八位", "1-18", "请核对位数")]
    unknown = [str(place) for place, c in enumerate(text, 1) if c not in CREDIT_ALPHABET]
    if unknown:
        remedy = "只用数字和大写字母，且不含I、O、S、V、Z"
        return [_invalid("credit_character", "统一社会信用代码含有不允许的字符", ",".join(unknown), remedy)]
    problems = []
    if text[0] not in CREDIT_DEPARTMENTS:
        problems.append(_invalid("credit_department", "登记管理部门代码无效", "1", "请核对第一位"))
    if not text[2:8].isdigit() or text[2:4] not in PROVINCES | {"10"}:
        problems.append(_invalid("credit_region", "登记管理机关行政区划码无效", "3-8", "请核对第三至八位"))
    if unified_social_credit_check(text[:17]) != text[17]:
        problems.append(_invalid("credit_check", "统一社会信用代码的校验码不符", "18", "请逐位核对代码"))
    return problems


def unified_social_credit_valid(text: str) -> bool:
    return not unified_social_credit_explain(text)


def division_code_explain(text: str) -> list[Invalid]:
    """What is wrong with a division code: 6 digits (GB/T 2260), 9 (town) or 12 (village, statistics code)."""
    if not (text.isascii() and text.isdigit()) or len(text) not in DIVISION_LENGTHS:
        remedy = "区县六位、镇街九位、村社区十二位数字"
        return [_invalid("division_format", "行政区划代码应为六、九或十二位数字", f"1-{len(text)}", remedy)]
    if text[:2] not in PROVINCES:
        return [_invalid("division_province", "行政区划代码的前两位不是省级代码", "1-2", "请核对前两位")]
    return []


def division_code_valid(text: str) -> bool:
    return not division_code_explain(text)


def _date(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _invalid(code: str, message: str, where: str, remedy: str) -> Invalid:
    return Invalid(code, message, where=where, remedy=remedy)
