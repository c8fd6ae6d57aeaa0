"""The gate before every route: an opaque id for each request, limits on body and rate, one line in the access log.

Neither the log nor the metrics know a caller: a request is its id, the route's template, a status, and milliseconds.
"""

import logging
import secrets
import time
import traceback
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.settings import Settings
from data.networks import site_of

from .direct import Direct
from .journal import Journal
from .limits import Buckets, expect_plain, whole_body
from .meter import Meter
from .problems import MEDIA, ProblemError, content

ERRORS = logging.getLogger("matcher.errors")
UNMATCHED = "unmatched"
MILLI = 1e3
SITES = 4096
"""Addresses whose site is remembered: every request has one, and to read it takes microseconds."""


class Gate:
    """Pure ASGI: what goes in is bounded, what comes out is counted, and nothing is said of who it was about.

    A route that is ``Direct`` is answered from here: to look for it takes as long as to rank. ``known``: the token of
    an Authorization header that was known when it was last sent, None where it was not.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, meter: Meter, journal: Journal, routes: Iterable[BaseRoute],
        known: Callable[[bytes], str | None],
    ) -> None:  # fmt: skip
        direct = [route for route in routes if isinstance(route, Direct)]
        self._direct = {(method, route.path): route for route in direct for method in route.methods or ()}
        self._app, self._settings, self._meter, self._journal = app, settings, meter, journal
        self._buckets, self._known = Buckets(settings.rate, settings.burst), known
        self._site = lru_cache(maxsize=SITES)(site_of)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through, or answer with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin = time.perf_counter()
        request_id = scope["request_id"] = secrets.token_hex(8)
        exit_ = _Exit(send, request_id)
        try:
            self._buckets.take(self._asker(scope), begin)
            expect_plain(scope)
            body = await whole_body(scope, receive, self._settings.body_bytes, self._settings.json_depth)
            route = self._direct.get((scope["method"], scope["path"]))
            if route is None:
                await self._app(scope, body, exit_)
            else:
                scope["route"] = route
                await route.app(scope, body, exit_)
        except ProblemError as error:
            await exit_.problem(error)
        except Exception as error:
            ERRORS.error("%s %s at %s", request_id, type(error).__name__, _where(error))
            await exit_.problem(ProblemError(500, "unknown", "something failed here; it was noted"))
        finally:
            taken = time.perf_counter() - begin
            template = getattr(scope.get("route"), "path", UNMATCHED)
            self._meter.count(template, scope["method"], exit_.status, taken)
            self._journal.note(f"{request_id} {scope['method']} {template} {exit_.status} {taken * MILLI:.1f}")

    def _asker(self, scope: Scope) -> str:
        """Return whom the rate limit counts for one: a known token, for an office has one address; else the customer.

        A token that is not known counts for nobody: else whoever makes one up for each request had no limit.
        """
        for name, value in scope["headers"]:
            if name == b"authorization":
                return self._known(value) or self._site(client_of(scope))
        return self._site(client_of(scope))


class _Exit:
    """Where an answer goes out: it keeps the status and adds the request's id."""

    __slots__ = ("_header", "_request_id", "_send", "status")

    def __init__(self, send: Send, request_id: str) -> None:
        self._send, self._request_id, self.status = send, request_id, 0
        self._header = (b"x-request-id", request_id.encode())

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"].append(self._header)
        await self._send(message)

    async def problem(self, error: ProblemError) -> None:
        """Answer with a problem, unless an answer has begun."""
        if self.status:
            return
        body = content(error, self._request_id)
        headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
        headers += [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
        await self({"type": "http.response.start", "status": int(error.status), "headers": headers})
        await self({"type": "http.response.body", "body": body})


def client_of(scope: Scope) -> str:
    """Return the address that a request comes from."""
    client: Any = scope.get("client")
    return client[0] if client else ""


def _where(error: Exception) -> str:
    """Return where an error rose, without its message: that may hold what somebody said."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
