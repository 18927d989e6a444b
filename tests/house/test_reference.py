"""docs/reference says what the code does."""

from __future__ import annotations

import pytest

from scripts import reference


@pytest.mark.parametrize("page", reference.pages(), ids=lambda page: page.name)
def test_the_reference_is_written_from_the_code(page: object) -> None:
    assert page.read_text("utf-8") == reference.pages()[page], "run: .venv/bin/python scripts/reference.py"  # type: ignore[attr-defined,index]
