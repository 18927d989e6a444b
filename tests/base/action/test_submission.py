"""A key stands for one content: digests differ where anything differs, and unusable keys are refused."""

import pytest

from city1361.base.action.api import submission
from city1361.base.kernel.errors import Invalid


def test_only_the_same_content_has_the_same_digest() -> None:
    told = {"a": 1, "b": ["x", "y"], "c": None}
    assert submission(" k ", told) == submission("k", {"c": None, "b": ["x", "y"], "a": 1})
    for other in ({**told, "a": 2}, {**told, "b": ["y", "x"]}, {**told, "c": ""}, {"a": 1}):
        assert submission("k", other).body_hash != submission("k", told).body_hash


@pytest.mark.parametrize("key", ["", "  ", "x" * 65])
def test_a_key_is_needed_and_not_too_long(key: str) -> None:
    with pytest.raises(Invalid) as refused:
        submission(key, {})
    assert (refused.value.code, refused.value.where) == ("bad_key", "Idempotency-Key")
