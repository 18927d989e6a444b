"""GET /api/v1/forms/<system>/<package>/<name>: the JSON Schema of a form's answers."""

from __future__ import annotations

from typing import Any

from ninja import Router

from city1361.base.kernel.endpoint import endpoint
from city1361.platform.components.forms import api

router = Router(tags=["forms"])


@router.get("/{system}/{package}/{form}", operation_id="form", summary="The JSON Schema of a form's answers")
@endpoint()
def schema(request: Any, system: str, package: str, form: str) -> dict[str, Any]:
    """The form in force, with its data elements, conditions and personal fields marked."""
    found = api.form(api.form_key(f"{system}/{package}", form))
    return {"key": found.key, "version": found.number, "schema": found.schema()}
