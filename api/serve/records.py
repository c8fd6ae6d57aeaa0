"""``/v1/callers/{id}/...``: what is known of a caller, who they are, whom anything was told; each opening is told."""

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from data.store import disclosures, erasure, identity
from data.store.access import Reason, Stated, open_record
from data.store.answers import Answer
from data.store.change import Change
from data.store.identity import IDENTITY, Reach
from data.store.roles import Group, may_write
from data.store.words import Role

from .caller import OneOf
from .ledger import answer, ledger_of
from .placed import Id, moment
from .placements import ERRORS, PROMISES
from .problems import ProblemError

T = TypeVar("T")
STRICT = ConfigDict(extra="forbid", frozen=True)
EVERYBODY = tuple(Role)
WRITES = tuple(role for role in Role if all(may_write(role, name) for name in IDENTITY))
"""Who writes who a caller is, as the table of roles says."""
Text = Annotated[str, Field(max_length=300)]
WAYS = [way.value for way in Reach]
GROUPS = [group.value for group in Group]
USUAL = [Group.ATTRIBUTES.value]
REASONS = [reason.value for reason in Reason]


class IdentityBody(BaseModel):
    """Who a caller is, as far as they tell it; it never goes into a URL, a log or the engine."""

    model_config = STRICT

    name: Text | None = None
    phone: Text | None = None
    birth_date: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] | None = None
    reached_by: Annotated[list[Annotated[str, OneOf(WAYS)]], Field(max_length=len(WAYS))] | None = None

    def cells(self) -> dict[str, str]:
        """Return what was sent as cells, blank what was sent blank or null."""
        told = {name: getattr(self, name) for name in IDENTITY if name in self.model_fields_set}
        return {name: ";".join(said) if isinstance(said, list) else said or "" for name, said in told.items()}


class ChangedIdentityBody(IdentityBody):
    """Who a caller is now; what is left out stays as it was, what is blank or null is known no more.

    ``version``: the one the asker saw.
    """

    version: int | None = Field(default=None, ge=1)


class RecordTold(BaseModel):
    """What somebody is shown of a caller. ``notice``: what must go with it wherever it goes."""

    caller_id: str
    cells: dict[str, str]
    version: int
    notice: dict[str, str] | None = None


class CandidatesTold(BaseModel):
    """Callers who may be the same, by what they agree in; whether they are is for a person to say."""

    candidates: list[dict[str, Any]]


class DisclosuresTold(BaseModel):
    """Everything that was told of a caller in three years, to whom and why (42 CFR 2.24)."""

    disclosures: list[dict[str, Any]]


class Nothing(BaseModel):
    """A request that says nothing but its path."""

    model_config = STRICT


async def opened(request: Request, response: Response, caller_id: str, reason: str | None, read: Callable[..., T]) -> T:
    """Open part of a caller's record: by an advisor, or for a stated reason; that it was opened is told.

    ``read``: what opens it, in a transaction, given ``who``, ``caller_id`` and ``stated``.
    """
    ledger = ledger_of(request)
    asker = await ledger.asking(request, PROMISES)
    stated = None if reason is None else Stated(Reason(reason))
    work = partial(read, who=asker, caller_id=caller_id, stated=stated)
    found = await ledger.change(asker, work)
    response.headers["Cache-Control"] = "no-store"
    return found


router = APIRouter(prefix="/v1/callers", tags=["people"])


@router.get(
    "/{caller_id}", operation_id="openCaller", summary="Open what is known", responses=ERRORS, response_model=RecordTold
)
async def open_known(
    request: Request, caller_id: Id,
    groups: Annotated[list[Annotated[str, OneOf(GROUPS)]], Query(min_length=1, max_length=len(GROUPS))] = USUAL,
    reason: Annotated[str, OneOf(REASONS)] | None = None,
) -> Response:  # fmt: skip
    """Open groups of fields of one caller, as the asker's role allows; that it was opened, and why, is written down."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, EVERYBODY)
    stated = None if reason is None else Stated(Reason(reason))
    work = partial(open_record, who=asker, caller_id=caller_id, groups=[Group(one) for one in groups], stated=stated)
    record = await ledger.change(asker, work)
    told = record._asdict() | {"cells": dict(record.cells), "notice": record.notice and dict(record.notice)}
    content = orjson.dumps(told)
    return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})


@router.put(
    "/{caller_id}/identity",
    operation_id="writeIdentity",
    summary="Write who a caller is",
    responses=ERRORS,
    response_model=RecordTold,
)
async def write_known(request: Request, caller_id: Id, body: ChangedIdentityBody) -> Response:  # fmt: skip
    """Write who a caller is; duplicates are searched for before a caller is kept, and never merged by themselves.

    The answer holds what was sent: to read what else is known, open the caller.
    """
    ledger = ledger_of(request)
    asker = await ledger.asking(request, WRITES)
    work = partial(_identify, caller_id=caller_id, cells=body.cells(), version=body.version)
    return await ledger.write(request, asker, work)


@router.post("/search", operation_id="searchCallers", summary="Is the caller known?", responses=ERRORS)
async def search_callers(request: Request, body: IdentityBody) -> CandidatesTold:
    """Search for callers who may be the same, by phone, and by sound of the name with birth date."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, (Role.ADVISOR,))
    work = partial(identity.search, cells=body.cells())
    found = await ledger.change(asker, work)
    return CandidatesTold(candidates=[one._asdict() for one in found])


@router.get(
    "/{caller_id}/disclosures", operation_id="listDisclosures", summary="Whom was anything told?", responses=ERRORS
)
async def list_disclosures(request: Request, caller_id: Id) -> DisclosuresTold:  # fmt: skip
    """List every disclosure of a caller of the last three years (42 CFR 2.24)."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, (Role.SUPERVISOR,))
    work = partial(disclosures.report, caller_id=caller_id)
    found = await ledger.change(asker, work)
    return DisclosuresTold(disclosures=[one._asdict() | {"at": moment(one.at)} for one in found])


@router.delete(
    "/{caller_id}", operation_id="eraseCaller", summary="Erase a caller", responses=ERRORS, response_model=Nothing
)
async def erase_caller(request: Request, caller_id: Id) -> Response:  # fmt: skip
    """Erase a caller: their key goes, and with it all that can be read of them, here and in backups."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, (Role.SUPERVISOR,))
    try:
        told = await ledger.write(request, asker, partial(_erase, caller_id=caller_id))
    except ProblemError as error:
        if error.slug == "erased":  # a run before may have been kept from it
            await ledger.work(ledger.store.database.scrub)
        raise
    await ledger.work(ledger.store.database.scrub)
    return told


def _identify(change: Change, caller_id: str, cells: dict[str, str], version: int | None) -> Answer:
    known = identity.write_identity(change, caller_id, cells, version)
    sent = {name: text for name, text in known.cells.items() if name in cells}
    told = {"caller_id": caller_id, "cells": sent, "version": known.version, "notice": None}
    return answer(200, told, caller_id)


def _erase(change: Change, caller_id: str) -> Answer:
    erasure.erase(change, caller_id)
    return answer(200, {})
