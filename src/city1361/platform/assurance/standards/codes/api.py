"""The door of codes."""

from city1361.platform.assurance.standards.codes.declarations import check_codes, read_codes
from city1361.platform.assurance.standards.codes.loading import load_codes
from city1361.platform.assurance.standards.codes.queries import (
    code,
    code_lists,
    codes,
    majors,
    matter_type,
    matter_types,
)
from city1361.platform.assurance.standards.codes.terms import MATTER, CodeListView, CodeView

__all__ = [
    "MATTER",
    "CodeListView",
    "CodeView",
    "check_codes",
    "code",
    "code_lists",
    "codes",
    "load_codes",
    "majors",
    "matter_type",
    "matter_types",
    "read_codes",
]
