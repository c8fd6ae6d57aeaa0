"""``/v1/sessions`` and ``/v1/callers``: sign in; keep a caller's attributes, open them, and match from them."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from data.encode_caller import CallerError
from data.store import callers, identity, referrals
from data.store.answers import Answer
from data.store.callers import Caller as Kept
from data.store.change import Change
from data.store.referrals import cells_of
from data.store.roles import may_write, refuse_write
from data.store.users import Issued, Who, sign_in, sign_out
from data.store.words import Role

from .asking import Asking
from .caller import Caller
from .gate import client_of
from .held import Held, held_by
from .ledger import answer, ledger_of
from .matches import Wanted
from .placed import Id, moment
from .placements import ERRORS, PROMISES, known
from .problems import of_caller
from .records import CandidatesTold, IdentityBody
from .told import MatchesTold

STRICT = ConfigDict(extra="forbid", frozen=True)
EVERYBODY = tuple(Role)
WRITES = tuple(role for role in Role if may_write(role, "need"))
"""Who writes what is known of a caller, as the table of roles says."""


class SignInBody(BaseModel):
    """A person's login and password."""

    model_config = STRICT

    login: str = Field(min_length=1, max_length=256)
    password: str = Field(min_length=1, max_length=256)


class SessionTold(BaseModel):
    """A session, its token told this once."""

    token: str
    expires_at: str


class NewCallerBody(BaseModel):
    """What is known of a caller, and who they are where they tell it; their first referral is made with it."""

    model_config = STRICT

    caller: Caller
    identity: IdentityBody | None = None
    distinct: bool = Field(default=False, description="somebody has said that the caller is none of the candidates")


class ChangedCallerBody(BaseModel):
    """What is known now; what is left out stays as it was, what is null or empty is known no more.

    ``version``: the one the asker saw.
    """

    model_config = STRICT

    caller: Caller
    version: int | None = Field(default=None, ge=1)


class CallerTold(BaseModel):
    """A caller's record as written: the attributes that were sent, as cells of the callers table."""

    caller_id: str
    referral_ids: list[str]
    attributes: dict[str, str]
    version: int
    made_at: str


class CallerMatches(BaseModel):
    """Which of the caller's referrals to match."""

    model_config = STRICT

    referral_id: Id


router = APIRouter(prefix="/v1", tags=["people"])


@router.post("/sessions", status_code=201, operation_id="signIn", summary="Sign in", responses=ERRORS)
async def start_session(request: Request, body: SignInBody) -> SessionTold:
    """Sign in with login and password; the token is sent as Authorization: Bearer from then on.

    After some failures, of a login or from an address, 429 says how long to wait; it says nothing of who exists.
    """
    ledger = ledger_of(request)
    address = client_of(request.scope)
    issued: Issued = await ledger.work(partial(sign_in, ledger.store, body.login, body.password, address))
    return SessionTold(token=issued.token, expires_at=moment(issued.expires_at))


@router.delete("/sessions", status_code=204, operation_id="signOut", summary="Sign out", responses=ERRORS)
async def end_session(request: Request) -> Response:
    """End the session of the token that is sent."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, EVERYBODY)
    token = request.headers["authorization"].partition(" ")[2].strip()
    await ledger.change(asker, partial(sign_out, token=token))
    ledger.forget(token)
    return Response(status_code=204)


@router.post(
    "/callers",
    status_code=201,
    operation_id="keepCaller",
    summary="Keep a caller",
    responses=ERRORS | {200: {"model": CandidatesTold, "description": "May be known already; nothing was kept"}},
    response_model=CallerTold,
)
async def keep_caller(request: Request, body: NewCallerBody) -> Response:  # fmt: skip
    """Keep what is known of a caller under a key of their own, with a first referral; anonymous unless told.

    With ``identity``, 200 answers as the search does where somebody may be the same, and nothing is kept: open that
    caller, or send it again as ``distinct``.
    """
    ledger, held = ledger_of(request), held_by(request)
    asker = await ledger.asking(request, WRITES)
    cells = body.caller.cells()
    expect_encoded(held, cells)
    who = {} if body.identity is None else {name: text for name, text in body.identity.cells().items() if text}
    work = partial(_keep, asker=asker, cells=cells, who=who, distinct=body.distinct)
    return await ledger.write(request, asker, work)


@router.patch(
    "/callers/{caller_id}",
    operation_id="changeCaller",
    summary="Write what is known now",
    responses=ERRORS,
    response_model=CallerTold,
)
async def change_caller(request: Request, caller_id: Id, body: ChangedCallerBody) -> Response:  # fmt: skip
    """Write what is known now of a caller. The answer holds what was sent: to read what else is, open the caller."""
    ledger, held = ledger_of(request), held_by(request)
    asker = await ledger.asking(request, WRITES)
    cells = body.caller.changes()
    work = partial(_change, held=held, caller_id=caller_id, cells=cells, version=body.version)
    return await ledger.write(request, asker, work)


@router.post(
    "/callers/{caller_id}/matches",
    operation_id="matchKeptCaller",
    summary="Match a caller that is kept",
    responses=ERRORS,
    response_model=MatchesTold,
    response_model_exclude_none=True,
)
async def match_kept(
    request: Request, caller_id: Id, body: CallerMatches, wanted: Annotated[Wanted, Query()]
) -> Response:  # fmt: skip
    """Rank the openings for one referral of a caller, as ``/v1/matches`` does; that it was read is written down."""
    ledger, held = ledger_of(request), held_by(request)
    asker = await ledger.asking(request, PROMISES)
    read = partial(_cells, caller_id=caller_id, referral_id=body.referral_id)
    cells = await ledger.change(asker, read)
    asking = Asking(held, cells, None, wanted.language, kept=True)
    return Response(orjson.dumps(await asking.answer(wanted)), media_type="application/json")


def expect_encoded(held: Held, cells: Mapping[str, str]) -> None:
    """Refuse a caller whom the engine could not read. Raises ``ProblemError``, which names each field."""
    try:
        held.encoder(dict(cells))
    except CallerError as error:
        raise of_caller(error) from error


def _keep(change: Change, asker: Who, cells: dict[str, str], who: dict[str, str], distinct: bool) -> Answer:
    refuse_write(asker.role, who)
    if who and not distinct and (found := identity.search_alone(change, who)):
        # It tells of several, of whom any may be erased, and nothing was done: so it is not kept, but searched anew.
        return answer(200, {"candidates": [one._asdict() for one in found]}, kept=False)
    made = callers.create(change, cells)
    if who:
        made = made._replace(version=identity.write_identity(change, made.caller_id, who).version)
    referrals.refer(change, made.caller_id, {})
    return answer(201, told(change, made), made.caller_id)


def _change(change: Change, held: Held, caller_id: str, cells: dict[str, str], version: int | None) -> Answer:
    known = callers.change_caller(change, caller_id, cells, version)
    expect_encoded(held, known.attributes)
    sent = {name: text for name, text in known.attributes.items() if name in cells}
    return answer(200, told(change, known._replace(attributes=sent)), caller_id)


def _cells(change: Change, caller_id: str, referral_id: str) -> dict[str, str]:
    referrals.open_referral_of(change, caller_id, referral_id)
    return known(cells_of(change.connection, change.keys, referral_id))


def told(change: Change, one: Kept) -> dict[str, Any]:
    """Return a caller as the API tells them."""
    return {
        "caller_id": one.caller_id,
        "referral_ids": referrals.referrals_of(change.connection, one.caller_id),
        "attributes": dict(one.attributes),
        "version": one.version,
        "made_at": moment(one.made_at),
    }
