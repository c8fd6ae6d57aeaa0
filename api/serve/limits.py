"""Limits on what a client may send: how large a body is, how deep its JSON, how often requests come."""

import re

from starlette.types import Message, Receive, Scope

from .problems import ProblemError

CLIENTS = 10_000
"""Clients whose rate is known at once; beyond that the ones that have been quiet are forgotten."""

NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
CONTROL_ENCODED = re.compile(rb"%(?:[01][0-9a-fA-F]|7[fF])")
BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


class Buckets:
    """A token bucket a client: ``rate`` requests a second in the long run, ``burst`` at once; rate 0 is no limit."""

    __slots__ = ("_burst", "_left", "_rate")

    def __init__(self, rate: float, burst: int) -> None:
        self._rate, self._burst = rate, float(burst)
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, client: str, now: float) -> None:
        """Count one request at this moment in seconds. Raises ``ProblemError`` 429 where there were too many."""
        if not self._rate:
            return
        left, since = self._left.get(client, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        if left < 1.0:
            wait = str(max(1, round((1.0 - left) / self._rate)))
            raise ProblemError(429, "too-many-requests", "too many requests; wait and try again", {"Retry-After": wait})
        self._left[client] = (left - 1.0, now)
        if len(self._left) > CLIENTS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        full = self._burst / self._rate
        self._left = {name: kept for name, kept in self._left.items() if now - kept[1] < full}
        while len(self._left) > CLIENTS:
            del self._left[next(iter(self._left))]


def expect_plain(scope: Scope) -> None:
    """Refuse a URL with a control character in it: nothing has such an id. Raises ``ProblemError`` 404 or 422."""
    if CONTROL.search(scope["path"]):
        raise ProblemError(404, "not-found", "nothing has a name with control characters")
    if CONTROL_ENCODED.search(scope["query_string"]):
        raise ProblemError(422, "invalid", "a query parameter has control characters; allowed: none")


async def whole_body(scope: Scope, receive: Receive, most: int, depth: int) -> Receive:
    """Read the whole body of a request, sent at once or in parts, and return what gives it to the application.

    Raises ``ProblemError``: 413 where it is larger than ``most`` bytes, 400 where it is JSON deeper than ``depth`` or
    holds a NUL. A client that goes away in between is passed on as it is. The body stands in ``scope["body"]`` as well.
    """
    kind = b""
    for name, value in scope["headers"]:
        if name == b"content-length" and (not value.isdigit() or int(value[:19]) > most):
            raise _too_large(most)
        if name == b"content-type":
            kind = value
    message = await receive()
    if message.get("more_body", False):
        message = await _gathered(message, receive, most)
    body = message.get("body", b"")
    if len(body) > most:
        raise _too_large(most)
    if body and (b"json" in kind or not kind):
        _check_json(body, depth)
    scope["body"] = body
    return _again(message, receive)


async def _gathered(first: Message, receive: Receive, most: int) -> Message:
    parts, size, message = [first.get("body", b"")], len(first.get("body", b"")), first
    while message.get("more_body", False):
        message = await receive()
        if message["type"] != "http.request":
            return message
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise _too_large(most)
    return {"type": "http.request", "body": b"".join(parts), "more_body": False}


def _again(message: Message, receive: Receive) -> Receive:
    """Give this message first, then whatever comes."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return message

    return give


def _check_json(body: bytes, depth: int) -> None:
    if body.count(b"[") + body.count(b"{") > depth and _deepest(body) > depth:
        raise ProblemError(400, "too-deep", f"the body's JSON is nested too deep; allowed: {depth} levels")
    if b"\\u0000" in body and NUL.search(body):
        raise ProblemError(400, "nul", "the body holds a NUL character; allowed: any other")


def _deepest(body: bytes) -> int:
    """How many arrays and objects stand within each other, at most; brackets in strings are none."""
    here = deepest = 0
    for found in BRACKETS.finditer(body):
        opens = found.group() in (b"[", b"{")
        here += 1 if opens else -1 if found.group() in (b"]", b"}") else 0
        deepest = max(deepest, here)
    return deepest


def _too_large(most: int) -> ProblemError:
    return ProblemError(413, "too-large", f"the body is too large; allowed: {most} bytes")
