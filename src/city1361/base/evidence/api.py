"""The door of base.evidence."""

from city1361.base.evidence.actions import erase_personal, prepare, record
from city1361.base.evidence.queries import (
    entries_about,
    entry,
    head_of,
    latest_entries,
    latest_head,
    personal_part,
    standing,
)
from city1361.base.evidence.receipts import receipt
from city1361.base.evidence.sequencer import run_sequencer, sequence_all, sequence_once
from city1361.base.evidence.terms import ERASE, Entry, Prepared, Standing
from city1361.base.evidence.verification import verify_log
from city1361.base.evidence.verifier.evidence_verify import Head, Report

__all__ = [
    "ERASE",
    "Entry",
    "Head",
    "Prepared",
    "Report",
    "Standing",
    "entries_about",
    "entry",
    "erase_personal",
    "head_of",
    "latest_entries",
    "latest_head",
    "personal_part",
    "prepare",
    "receipt",
    "record",
    "run_sequencer",
    "sequence_all",
    "sequence_once",
    "standing",
    "verify_log",
]
