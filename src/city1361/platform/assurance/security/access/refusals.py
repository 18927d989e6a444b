"""What an operation may answer besides what it is for: the refusals, described as one body."""

from __future__ import annotations

from typing import Any

NAME = "ProblemOut"
TEXT = {"type": "string"}
SAYS = {
    400: "The request cannot be read",
    401: "Nobody is signed in, or the token or signature is not valid",
    403: "Known to the caller, but not allowed; the reason is told",
    404: "Not there, or not for this caller: the two look alike",
    409: "Contradicts what is already there",
    412: "Somebody else was first; `changes` says what happened",
    413: "More than the limit",
    422: "The input is wrong; `fields` says where",
    429: "Too often",
    503: "Not now; the same request may be repeated",
}
READING = (401, 403, 404, 409, 422, 429, 503)
WRITING = (400, 401, 403, 404, 409, 412, 413, 422, 429, 503)


def _list(**properties: Any) -> dict[str, Any]:
    item = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "items": item}


PROBLEM: dict[str, Any] = {
    "title": NAME,
    "description": "What went wrong, where, what to do, and the number by which an administrator finds it.",
    "type": "object",
    "properties": {
        **dict.fromkeys(("code", "message", "where", "remedy", "trace"), TEXT),
        "fields": _list(where=TEXT, message=TEXT),
        "changes": _list(step=TEXT, who=TEXT, at={"type": "string", "format": "date-time"}),
        "choices": _list(id=TEXT, name=TEXT),
    },
    "required": ["code", "message", "where", "remedy", "trace"],
}


def describe(document: dict[str, Any]) -> None:
    """Add to each operation of an OpenAPI document the refusals it may answer with."""
    document["components"]["schemas"][NAME] = PROBLEM
    document["components"]["responses"] = {f"Problem{status}": _answer(said) for status, said in SAYS.items()}
    for methods in document["paths"].values():
        for method, operation in methods.items():
            for status in READING if method == "get" else WRITING:
                operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})


def _answer(said: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{NAME}"}
    return {"description": said, "content": {"application/json": {"schema": schema}}}
