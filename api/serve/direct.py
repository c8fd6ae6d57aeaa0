"""A route that reads its body straight into its model: a request of many a second is parsed once, and copied never."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, get_type_hints
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from data.encode_caller import CallerError

from .problems import ProblemError, of_caller, of_pydantic

Endpoint = Callable[..., Coroutine[Any, Any, bytes | Response]]
JSON = b"application/json"


class Direct(APIRoute):
    """A route whose endpoint takes ``request``, a ``body`` and, where it has one, the query as ``wanted``, and no more.

    Both are models. The gate has read the body. The endpoint returns the answer, or its content as JSON where that is
    all there is to it; the schema is made from its signature.
    """

    def __init__(self, path: str, endpoint: Endpoint, **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        self.app = _answering(endpoint)


def _answering(endpoint: Endpoint) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    hints = get_type_hints(endpoint)
    if set(hints) - {"wanted"} != {"request", "body", "return"}:
        raise TypeError(f"{endpoint.__name__} takes not just request, body and wanted")
    read, query = hints["body"].model_validate_json, hints.get("wanted")
    unasked = {"wanted": query()} if query else {}

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        text = scope["query_string"]
        try:
            body = read(_json(scope))
            wanted = {"wanted": _query(query, text)} if query and text else unasked
        except ValidationError as error:
            raise of_pydantic(error.errors(include_url=False)) from None
        try:
            content = await endpoint(request=Request(scope, receive), body=body, **wanted)
        except CallerError as error:
            raise of_caller(error) from None
        if isinstance(content, Response):
            await content(scope, receive, send)
            return
        headers = [(b"content-type", JSON), (b"content-length", b"%d" % len(content))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    return answer


def _json(scope: Scope) -> bytes:
    """Return the body. Raises ``ProblemError`` 415 where it does not say that it is JSON."""
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind = value.partition(b";")[0].strip().lower()
            if kind == JSON or kind.endswith(b"+json"):
                return bytes(scope["body"])
    raise ProblemError(415, "no-json", "the body must be JSON; allowed: content-type application/json")


def _query(model: type[BaseModel], text: bytes) -> BaseModel:
    pairs = parse_qsl(text.decode("latin-1"), keep_blank_values=True)
    if len(dict(pairs)) != len(pairs):
        raise ProblemError(422, "invalid", "a query parameter stands twice")
    return model.model_validate(dict(pairs))
