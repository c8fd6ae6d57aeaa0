"""Errors as RFC 9457 problem details: every one of them, with what is allowed, and never with who somebody is."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException

from data.encode_caller import CallerError
from data.store.identity import IDENTITY

MEDIA = "application/problem+json"
URN = "urn:placement-matcher:problem:"
CODE = re.compile(r"[A-Za-z0-9_.:@!-]{1,40}")
"""What a code or a number looks like: only that is ever said back."""

SPOKEN = ("literal_", "int_", "float_", "bool_", "finite_", "greater_", "less_")
"""What errors of codes and numbers are called: a text is never said back, it may be a name, a number or a password."""
UNSPOKEN = frozenset({"zip", "latitude", "longitude", "ages", "plan", "excluded", "placed", *IDENTITY})
"""Codes and numbers that are not said back either: in a small town they tell who somebody is."""

Headers = Mapping[str, str]


class FieldProblem(BaseModel):
    """What is wrong with one field. ``value``: what was given, where it is a code."""

    field: str = Field(examples=["caller.payers.0"])
    problem: str = Field(examples=["Input should be 'medicare', 'medicaid' or 'private'"])
    allowed: str = Field(default="", examples=["'medicare', 'medicaid' or 'private'"])
    value: str | None = Field(default=None, examples=["medicade"])


class ProblemDetails(BaseModel):
    """A problem as RFC 9457 has it. ``instance`` is the opaque id of the request, as the access log has it."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=[URN + "invalid"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field(examples=["1 field cannot be used"])
    instance: str = Field(examples=["2f6b1c0e9d8a4b37"])
    errors: list[FieldProblem] | None = None


class ProblemError(Exception):
    """Ends a request with problem details. ``slug`` names its kind and never changes; ``more`` is said besides."""

    def __init__(self, status: int, slug: str, detail: str, headers: Headers | None = None, **more: Any) -> None:
        super().__init__(slug)
        self.status, self.slug, self.detail, self.headers, self.more = status, slug, detail, headers, more


def invalid(errors: Sequence[FieldProblem]) -> ProblemError:
    """Return the problem of fields that cannot be used."""
    said = "1 field cannot be used" if len(errors) == 1 else f"{len(errors)} fields cannot be used"
    told = [error.model_dump(exclude_none=True) for error in errors]
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid", said, errors=told)


def content(error: ProblemError, request_id: str) -> bytes:
    """Return a problem as the body of its answer."""
    about = {"type": URN + error.slug, "title": HTTPStatus(error.status).phrase, "status": int(error.status)}
    return orjson.dumps(about | {"detail": error.detail, "instance": request_id} | error.more)


def respond(request: Request, error: ProblemError) -> Response:
    """Return the answer that tells a problem."""
    request_id = request.scope.get("request_id", "")
    return Response(content(error, request_id), error.status, error.headers, MEDIA)


def of_pydantic(errors: Sequence[ErrorDetails | Mapping[str, Any]]) -> ProblemError:
    """Return the problem of what a model refused; a body that is no JSON is a bad request and names no field."""
    if any(error["type"] == "json_invalid" for error in errors):
        return ProblemError(HTTPStatus.BAD_REQUEST, "no-json", "the body is no JSON in UTF-8")
    return invalid([_field_problem(error) for error in errors])


def of_caller(error: CallerError) -> ProblemError:
    """Return the problem of a caller that cannot be encoded."""
    return invalid(
        [
            FieldProblem(
                field=f"caller.{one.column}",
                problem=one.problem,
                allowed=one.allowed,
                value=_spoken(one.column, one.value),
            )
            for one in error.wrong
        ]
    )


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return how the schema documents these errors, and those that every route has."""
    every = sorted({400, 413, 422, 429, 500, *statuses})
    schema = {"$ref": "#/components/schemas/ProblemDetails"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA: {"schema": schema}}} for status in every
    }


def install(app: FastAPI) -> None:
    """Make an application tell its errors as problems."""

    async def told(request: Request, error: Exception) -> Response:
        return respond(request, _problem(error))

    for kind in (ProblemError, CallerError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, told)


def _problem(error: Exception) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, CallerError):
        return of_caller(error)
    if isinstance(error, RequestValidationError):
        return of_pydantic(error.errors())
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        return ProblemError(error.status_code, phrase.lower().replace(" ", "-"), phrase, error.headers)
    return ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "unknown", "something failed here; it was noted")


def _field_problem(error: ErrorDetails | Mapping[str, Any]) -> FieldProblem:
    place = [str(part) if isinstance(part, int) or CODE.fullmatch(str(part)) else "?" for part in error["loc"]]
    place = place[1:] if place[:1] in (["body"], ["query"], ["path"]) else place
    named = next((part for part in reversed(place) if not part.isdigit()), "")
    unknown = error["type"] == "extra_forbidden"
    spoken = error["type"].startswith(SPOKEN)
    limits = {key: value for key, value in error.get("ctx", {}).items() if key != "error"}
    allowed = "" if unknown else str(limits.get("expected") or ", ".join(f"{k} {v}" for k, v in limits.items()))
    return FieldProblem(
        field=".".join(place),
        problem="there is no such field" if unknown else error["msg"],
        allowed=allowed,
        value=_spoken(named, error.get("input")) if spoken else None,
    )


def _spoken(field: str, value: object) -> str | None:
    text = str(value) if isinstance(value, (str, int, float)) else ""
    return text if field not in UNSPOKEN and CODE.fullmatch(text) else None
