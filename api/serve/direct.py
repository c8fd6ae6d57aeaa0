"""A route that reads its body straight into its model: a request of many a second is parsed once, and copied never."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

from .problems import ProblemError, of_pydantic


class Direct(APIRoute):
    """A route whose endpoint takes ``request``, a ``body`` and the query as ``wanted``, both models.

    It returns the response as it is; the schema is made from the same signature.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        endpoint: Callable[..., Coroutine[Any, Any, Response]] = self.endpoint
        hints = get_type_hints(endpoint)
        body_model: type[BaseModel] = hints["body"]
        query_model: type[BaseModel] | None = hints.get("wanted")
        plain = query_model() if query_model else None
        if set(inspect.signature(endpoint).parameters) - {"request", "body", "wanted"}:
            raise TypeError(f"{endpoint.__name__} takes more than request, body and wanted")

        async def answer(request: Request) -> Response:
            try:
                asked: dict[str, Any] = {
                    "request": request,
                    "body": body_model.model_validate_json(await _json(request)),
                }
                if query_model:
                    text = request.scope["query_string"]
                    asked["wanted"] = _query(query_model, text) if text else plain
            except ValidationError as error:
                raise of_pydantic(error.errors(include_url=False)) from None
            return await endpoint(**asked)

        return answer


async def _json(request: Request) -> bytes:
    """Return the body. Raises ``ProblemError`` 415 where it does not say that it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ProblemError(415, "no-json", "the body must be JSON; allowed: content-type application/json")
    return await request.body()


def _query(model: type[BaseModel], text: bytes) -> BaseModel:
    pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise ProblemError(422, "invalid", "a query parameter stands twice")
    return model.model_validate(dict(pairs))
