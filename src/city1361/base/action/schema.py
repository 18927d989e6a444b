"""The base of every input schema: unknown fields are refused by name instead of being ignored."""

from ninja import Schema
from pydantic import ConfigDict


class StrictSchema(Schema):
    """An input. An unknown field is an error that names it (OWASP ASVS 5.0, mass assignment)."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
