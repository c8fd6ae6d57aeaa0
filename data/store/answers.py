"""What was answered to a write that carries an idempotency key, kept in the transaction of the write itself.

The same key with the same request gets the same answer; with another request it is refused; while the first is still
being written, the second waits for it. A write that was refused, or did nothing, left nothing, and its key may be used
again.

What was asked and answered is sealed together: of a caller under the caller's own key, so that it is erased with them
in every copy, and their write is still done once; all else under the ledger's.
"""

import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from .change import Change
from .errors import Erased, Repeated
from .hot import Hot
from .seals import seal_of
from .tables import answers

KEPT = 24 * 3600
"""Seconds an answer is kept for those who ask again."""
MARK = 32
"""Bytes that stand for what was asked, before the answer."""


class Answer(NamedTuple):
    """An answer as it was given: HTTP status and body. ``caller_id``: whom it tells of, None where of nobody.

    ``kept``: False where nothing was done, so that it need not be kept from being done again.
    """

    status: int
    content: bytes
    caller_id: str | None = None
    kept: bool = True


OWN = (answers.c.owner == bindparam("by"), answers.c.key == bindparam("name"))
FOUND = select(answers.c.status, answers.c.content, answers.c.caller_id).where(*OWN)
SAID = update(answers).where(*OWN).values(status=bindparam("code"), content=bindparam("body"))
KEEP = Hot(SAID.values(caller_id=bindparam("whose")))


def once(change: Change, key: str, request: bytes, work: Callable[[], Answer]) -> Answer:
    """Do some work once for this key of the author's, whatever number of times it is asked for.

    ``request``: what was asked, all of it. Raises ``Repeated`` where the key came with another request or the first is
    not done in time, ``Erased`` where the answer was erased with the caller it told of, and what ``work`` raises.
    """
    mark = hashlib.blake2b(request, digest_size=MARK).digest()
    row = {"owner": change.by, "key": key, "caller_id": None, "status": 0, "content": b"", "at": change.now}
    same = {"by": change.by, "name": key}
    if _reserved(change.connection, row):
        change.passed("reserved")
        answer = work()
        if not answer.kept:
            change.connection.execute(delete(answers).where(*OWN), same)
            return answer
        body = _closed(change, key, mark + answer.content, answer.caller_id)
        KEEP(change.connection, same | {"code": answer.status, "body": body, "whose": answer.caller_id})
        change.passed("answered")
        return answer
    found = change.connection.execute(FOUND, same).one()
    kept = _opened(change, key, found.content, found.caller_id)
    if kept[:MARK] != mark:
        raise Repeated("mismatch", "this Idempotency-Key came before with another request")
    return Answer(found.status, kept[MARK:], found.caller_id)


def _closed(change: Change, key: str, content: bytes, caller_id: str | None) -> bytes:
    if caller_id is None:
        return change.keys.seal(content, _bound(change.by, key))
    return seal_of(change.connection, change.keys, caller_id).close(content, _bound(change.by, key))


def _opened(change: Change, key: str, content: bytes, caller_id: str | None) -> bytes:
    try:
        if not content:  # kept by a release that sealed all answers alike
            raise Erased("erased", "it was kept by an older release")
        if caller_id is None:
            return change.keys.unseal(content, _bound(change.by, key))
        return seal_of(change.connection, change.keys, caller_id).open(content, _bound(change.by, key))
    except Erased as error:
        said = "this Idempotency-Key came before and was acted on; its answer is erased, so read what is there now"
        raise Erased("answer-erased", said) from error


def _bound(owner: str, key: str) -> str:
    return f"answers:{owner}:{key}"


def _reserved(connection: Connection, row: dict[str, Any]) -> bool:
    """Whether the key is this write's own; waits while another write that has it is not done."""
    try:
        return RESERVE[connection.dialect.name](connection, row).fetchone() is not None
    except OperationalError as error:
        if _waited_for_a_row(error.orig):
            raise Repeated("in-flight", "the first request with this Idempotency-Key is not done yet") from error
        raise


def _waited_for_a_row(error: Any) -> bool:
    """Whether it was another write of the same key that was waited for in vain: PostgreSQL then says where it stood.

    Where somebody has the whole table it says nothing, and the database is only busy.
    """
    return getattr(error, "sqlstate", "") == "55P03" and bool(error.diag.context)


RESERVE = {
    "postgresql": Hot(postgresql.insert(answers).on_conflict_do_nothing().returning(answers.c.key)),
    "sqlite": Hot(sqlite.insert(answers).on_conflict_do_nothing().returning(answers.c.key)),
}


def forget(change: Change) -> int:
    """Forget the answers that are older than they are kept; return how many."""
    return change.connection.execute(delete(answers).where(answers.c.at < change.now - KEPT)).rowcount
