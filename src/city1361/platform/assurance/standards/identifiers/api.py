"""The door of identifiers."""

from city1361.platform.assurance.standards.identifiers.decisions import (
    division_code_explain,
    division_code_valid,
    organisation_code_check,
    resident_identity_check,
    resident_identity_explain,
    resident_identity_valid,
    unified_social_credit_check,
    unified_social_credit_explain,
    unified_social_credit_valid,
)

__all__ = [
    "division_code_explain",
    "division_code_valid",
    "organisation_code_check",
    "resident_identity_check",
    "resident_identity_explain",
    "resident_identity_valid",
    "unified_social_credit_check",
    "unified_social_credit_explain",
    "unified_social_credit_valid",
]
