"""Published vectors and the faults a typist makes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.platform.assurance.standards.identifiers import api as identifiers
from city1361.platform.assurance.standards.identifiers.decisions import CREDIT_ALPHABET

# GB 11643-1999 prints the first two as examples, and 1880 as a birth year that was still in use.
PUBLISHED_IDENTITIES = ["11010519491231002X", "34052419800101001X", "440524188001010014"]
# GB 32100-2015: the prefix is the standard's worked example (sum 1640, check 3); the second is a published index code.
PUBLISHED_CREDIT_CODES = ["91350100M000100Y43", "11500000009275780L"]


@pytest.mark.parametrize("number", PUBLISHED_IDENTITIES)
def test_published_identity_numbers_pass(number: str) -> None:
    assert identifiers.resident_identity_explain(number) == []
    assert identifiers.resident_identity_check(number[:17]) == number[17]


@pytest.mark.parametrize("code", PUBLISHED_CREDIT_CODES)
def test_published_credit_codes_pass(code: str) -> None:
    assert identifiers.unified_social_credit_explain(code) == []
    assert identifiers.unified_social_credit_check(code[:17]) == code[17]


@pytest.mark.parametrize(
    ("number", "code", "where"),
    [
        ("110105194912310021", "identity_check", "18"),
        ("11010519491231002x", "identity_case", "18"),
        ("110105491231002", "identity_fifteen", "1-15"),
        ("1101051949123100", "identity_format", "1-18"),
        ("", "identity_format", "1-18"),
        ("１１010519491231002X", "identity_format", "1-18"),
        ("11010519490231002X", "identity_birth", "7-14"),
        ("99010519491231002X", "identity_region", "1-6"),
    ],
)
def test_a_wrong_identity_number_is_explained_by_place(number: str, code: str, where: str) -> None:
    found = {problem.code: problem for problem in identifiers.resident_identity_explain(number)}
    assert found[code].where == where
    assert found[code].remedy
    assert not identifiers.resident_identity_valid(number)


def test_a_birth_after_today_is_refused_only_when_today_is_given() -> None:
    assert identifiers.resident_identity_valid("34052419800101001X")
    assert not identifiers.resident_identity_valid("34052419800101001X", today=date(1979, 12, 31))


def test_messages_never_repeat_the_number() -> None:
    for problem in identifiers.resident_identity_explain("110105194912310021"):
        assert "19491231" not in str(problem)


@given(st.from_regex(r"\A11010519[0-9]{2}0[1-9]1[0-9][0-9]{3}\Z"), st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_of_an_identity_number_is_found(first17: str, place: int, step: int) -> None:
    number = first17 + identifiers.resident_identity_check(first17)
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert identifiers.resident_identity_check(wrong[:17]) != wrong[17]


@pytest.mark.parametrize(
    ("code", "fault", "where"),
    [
        ("91350100M000100Y44", "credit_check", "18"),
        ("91350100M000100Y4", "credit_length", "1-18"),
        ("91350100MO00100Y43", "credit_character", "10"),
        ("91350100m000100y43", "credit_character", "9,16"),
        ("91AB0100M000100Y43", "credit_region", "3-8"),
        ("L1350100M000100Y43", "credit_department", "1"),
    ],
)
def test_a_wrong_credit_code_is_explained_by_place(code: str, fault: str, where: str) -> None:
    found = {problem.code: problem for problem in identifiers.unified_social_credit_explain(code)}
    assert found[fault].where == where
    assert not identifiers.unified_social_credit_valid(code)


@given(st.text(CREDIT_ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(CREDIT_ALPHABET))
def test_every_single_wrong_character_of_a_credit_code_is_found(first17: str, place: int, other: str) -> None:
    check = identifiers.unified_social_credit_check(first17)
    wrong = first17[:place] + other + first17[place + 1 :]
    assert (identifiers.unified_social_credit_check(wrong) == check) == (wrong == first17)


def test_the_organisation_code_inside_a_credit_code_has_a_check_of_its_own() -> None:
    # GB 11714-1997 prints D2143569-X; the published credit code above holds 00927578-0.
    assert identifiers.organisation_code_check("D2143569") == "X"
    assert identifiers.organisation_code_check("00927578") == "0"


@pytest.mark.parametrize("bad", ["1234567", "I2345678!", "ab345678"])
def test_checks_refuse_what_they_cannot_compute(bad: str) -> None:
    with pytest.raises(ValueError, match="needed"):
        identifiers.organisation_code_check(bad)
    with pytest.raises(ValueError, match="needed"):
        identifiers.resident_identity_check(bad)
    with pytest.raises(ValueError, match="needed"):
        identifiers.unified_social_credit_check(bad)


@pytest.mark.parametrize("code", ["110000", "500103", "500103005", "500103005001", "820000"])
def test_division_codes_of_known_provinces_pass(code: str) -> None:
    assert identifiers.division_code_valid(code)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("990000", "division_province"),
        ("5001", "division_format"),
        ("50010A", "division_format"),
        ("", "division_format"),
        ("５00103", "division_format"),
    ],
)
def test_wrong_division_codes_are_explained(code: str, fault: str) -> None:
    assert [problem.code for problem in identifiers.division_code_explain(code)] == [fault]
