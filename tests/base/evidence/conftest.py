"""An installation of its own for each test: keys and heads file in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def installation(tmp_path: Path, settings: object) -> Path:
    """The folder that stands for DATA: `keys/` and `heads.jsonl`."""
    settings.EVIDENCE_KEYS_DIR = tmp_path / "keys"  # type: ignore[attr-defined]
    settings.EVIDENCE_HEADS_FILE = tmp_path / "heads.jsonl"  # type: ignore[attr-defined]
    return tmp_path
