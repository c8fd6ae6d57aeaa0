"""The ledger behind the routes: work on it is done beside the loop, and what it refuses becomes a problem."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

import anyio
import orjson
from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response

from data.store import errors
from data.store.answers import Answer, once
from data.store.change import Change, Store
from data.store.database import told_as_busy
from data.store.errors import Busy, Refused
from data.store.upgrade import is_current
from data.store.users import Who, who
from data.store.words import Role

from .problems import ProblemError

T = TypeVar("T")
JSON = "application/json"
STATUS: dict[type[Refused], HTTPStatus] = {
    errors.Missing: HTTPStatus.NOT_FOUND,
    errors.Stale: HTTPStatus.PRECONDITION_FAILED,
    errors.Taken: HTTPStatus.CONFLICT,
    errors.Unfit: HTTPStatus.CONFLICT,
    errors.Erased: HTTPStatus.GONE,
    errors.Repeated: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Malformed: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.Stranger: HTTPStatus.UNAUTHORIZED,
    errors.Denied: HTTPStatus.FORBIDDEN,
    errors.Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}
RETRY = {"Retry-After": "5"}
KEY = re.compile(r"[\x21-\x7e]{8,128}")
THREADS = 32
"""Requests that work on the ledger at once in one process; the others wait in order."""
TRUSTED = 1.0
"""Seconds for which a token that was known is taken as known."""


@dataclass(slots=True)
class Ledger:
    """A store as the routes use it."""

    store: Store
    limiter: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(THREADS))
    _known: dict[str, tuple[float, Who]] = field(default_factory=dict)

    async def work(self, what: Callable[[], T]) -> T:
        """Do some work of the ledger beside the loop. Raises ``ProblemError`` where it is refused."""
        try:
            return await to_thread.run_sync(what, limiter=self.limiter)
        except Refused as refused:
            raise problem(refused) from refused

    async def asking(self, request: Request, roles: Sequence[Role]) -> Who:
        """Return who asks. Raises ``ProblemError`` 401 without a known token, 403 where the role may not."""
        return _allowed(await self.behind(_token(request.headers.get("authorization", ""))), roles)

    async def behind(self, token: str) -> Who:
        """Return who stands behind a token. Raises ``ProblemError`` 401."""
        until, known = self._known.get(token, (0.0, None))
        now = anyio.current_time()
        if known is not None and now < until:
            return known
        try:
            found = await self.work(lambda: _who(self.store, token))
        except ProblemError as error:
            if error.status == HTTPStatus.UNAUTHORIZED:
                self.forget(token)
            raise
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[token] = now + TRUSTED, found
        return found

    def known_in(self, header: bytes) -> str | None:
        """Return the token in an Authorization header, where this process knew it when it was last sent; else None."""
        token = header.decode("latin-1").partition(" ")[2].strip()
        return token if token in self._known else None

    async def is_there(self) -> bool:
        """Whether the database answers, and is of this release."""
        try:
            return await self.work(lambda: _current(self.store))
        except ProblemError:
            return False

    def forget(self, token: str) -> None:
        """Take a token as known no more."""
        self._known.pop(token, None)

    async def write(self, request: Request, asker: Who, work: Callable[[Change], Answer]) -> Response:
        """Do a write once for the request's ``Idempotency-Key``, and return its answer.

        Raises ``ProblemError`` 400 without a key, and where the ledger refuses.
        """
        key = request.headers.get("idempotency-key", "")
        if not KEY.fullmatch(key):
            raise ProblemError(400, "no-key", "every write needs an Idempotency-Key of 8 to 128 visible characters")
        whole = b"\n".join([request.method.encode(), request.scope["path"].encode(), await request.body()])

        answer = await self.change(asker, lambda change: once(change, key, whole, lambda: work(change)))
        return Response(answer.content, answer.status, media_type=JSON)

    async def change(self, asker: Who, work: Callable[[Change], T]) -> T:
        """Do a write of the ledger beside the loop, as ``Store.write`` does it.

        Raises ``ProblemError`` where it is refused, or its turn does not come in time.
        """
        begun = self.store.submit(asker.owner, work)
        late = asyncio.get_running_loop().call_later(self.store.database.wait, begun.cancel)
        try:
            with told_as_busy():
                found = await asyncio.wrap_future(begun)
        except Refused as refused:
            raise problem(refused) from refused
        except asyncio.CancelledError:
            if late.when() > asyncio.get_running_loop().time():
                raise  # whoever asked has gone
            raise problem(Busy("busy", f"the database was busy for {self.store.database.wait:g} seconds")) from None
        finally:
            late.cancel()
        self.store.passed("committed")
        return found


def ledger_of(request: Request) -> Ledger:
    """Return the ledger of this server. Raises ``ProblemError`` 503 where it serves none."""
    ledger: Ledger | None = getattr(request.app.state, "ledger", None)
    if ledger is None:
        raise ProblemError(503, "no-ledger", "this server has a directory and no ledger", RETRY)
    return ledger


def problem(refused: Refused) -> ProblemError:
    """Return what the ledger refused as a problem; its code is the problem's kind."""
    status = next(found for kind, found in STATUS.items() if isinstance(refused, kind))
    headers = RETRY if status is HTTPStatus.SERVICE_UNAVAILABLE else {}
    if refused.code == "in-flight":
        status, headers = HTTPStatus.CONFLICT, RETRY  # the one conflict that waiting alone ends
    if status is HTTPStatus.UNAUTHORIZED:
        headers = {"WWW-Authenticate": "Bearer"}
    if isinstance(refused, errors.Throttled):
        headers = {"Retry-After": str(refused.seconds)}
    return ProblemError(status, refused.code, str(refused), headers)


def answer(status: int, content: Any, caller_id: str | None = None, kept: bool = True) -> Answer:
    """Return an answer of JSON. ``caller_id``: whom it tells of, so that it is erased with them."""
    return Answer(status, orjson.dumps(content), caller_id, kept)


def _token(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ProblemError(401, "token", "sign in, and send Authorization: Bearer", {"WWW-Authenticate": "Bearer"})
    return token.strip()


def _who(store: Store, token: str) -> Who:
    with store.database.read() as connection:
        return who(connection, token, store.clock())


def _current(store: Store) -> bool:
    with store.database.read() as connection:
        return is_current(connection)


def _allowed(asker: Who, roles: Sequence[Role]) -> Who:
    if asker.role not in roles:
        raise ProblemError(403, "role", f"the role {asker.role} may not; allowed: {', '.join(roles)}")
    return asker
