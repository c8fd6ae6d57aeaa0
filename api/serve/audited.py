"""``/v1/events``: the chains, by ids and codes alone, as they stand and are signed."""

from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from data.store.chain import Event, read
from data.store.words import Role

from .ledger import Ledger, ledger_of
from .placed import Id, moment, reason_told
from .placements import ERRORS
from .problems import ProblemError

READS = (Role.SUPERVISOR, Role.SYSTEM, Role.FACILITY)


class EventTold(BaseModel):
    """One event of a chain; ``hash``: in hexadecimal, over all before it."""

    model_config = ConfigDict(extra="forbid")

    seq: int
    at: str
    kind: str
    subject: str
    by: str
    body: dict[str, object]
    hash: str


class EventsTold(BaseModel):
    """Events of a chain in order; ``next``: what ``after`` says to read on, null where there are no more."""

    model_config = ConfigDict(extra="forbid")

    chain: str
    events: list[EventTold]
    next: int | None


router = APIRouter(prefix="/v1", tags=["operations"])


@router.get("/events", operation_id="listEvents", summary="Read a chain of events", responses=ERRORS)
async def list_events(
    request: Request,
    chain: Id,
    after: Annotated[int, Query(ge=0, lt=1 << 62)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="events at once")] = 100,
) -> EventsTold:
    """Read the events of a facility, or of somebody who acts for the helpline (``user:ID``), oldest first.

    A facility reads its own, but for the reason of a decline that is the caller's: it says null there.
    """
    ledger = ledger_of(request)
    asker = await ledger.asking(request, READS)
    if asker.role is Role.FACILITY and chain != asker.facility_id:
        raise ProblemError(404, "chain", "no such chain")
    found = await ledger.work(partial(_read, ledger, chain, after, limit + 1))
    more = found[limit - 1].seq if len(found) > limit else None
    return EventsTold(chain=chain, events=[_told(one, asker.role) for one in found[:limit]], next=more)


def _read(ledger: Ledger, chain: str, after: int, limit: int) -> list[Event]:
    with ledger.store.database.read() as connection:
        return read(connection, chain, after, limit)


def _told(one: Event, role: Role) -> EventTold:
    same = {name: getattr(one, name) for name in ("seq", "kind", "subject", "by")}
    body = orjson.loads(one.body)
    if "reason" in body:
        body["reason"] = reason_told(body["reason"], role)
    return EventTold(**same, at=moment(one.at), body=body, hash=one.hash.hex())
