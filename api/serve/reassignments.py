"""``/v1/reassignments``: a plan is asked for, read by a person, and carried out whole or in part."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.background import BackgroundTask

from data.store import pages, reassignments
from data.store.answers import Answer
from data.store.change import Change
from data.store.proposing import opened_moves
from data.store.reassignments import Move, Reassignment
from data.store.words import MoveState, ReassignmentState, Role
from matcher.placement import Proof
from matcher.plan import Why

from .caller import OneOf
from .ledger import Ledger, answer, ledger_of
from .placed import Id, moment
from .placements import ERRORS
from .waiting import After

STRICT = ConfigDict(extra="forbid", frozen=True)
CLOSED = ConfigDict(extra="forbid")
ASKS = (Role.SUPERVISOR, Role.SYSTEM)
READS = (*ASKS, Role.ADVISOR)
MOST = 500
LISTS: Mapping[str, Sequence[MoveState]] = {
    "moves": (MoveState.PROPOSED, MoveState.CHOSEN, MoveState.APPLIED, MoveState.REFUSED),
    "waiting": (MoveState.WAITS,),
}
WHYS = {why.name.lower(): why.value for why in Why}
Minutes = Annotated[int, Field(ge=0, le=10_080)]


class ReassignBody(BaseModel):
    """What a plan is for: what changed, by facility or pool; else pools that are overpromised, and those who wait."""

    model_config = STRICT

    weight: Minutes | None = Field(default=None, description="minutes a week an option must be better to move somebody")
    most: int | None = Field(default=None, ge=0, le=100_000, description="how many may move; more only where they must")
    facility_ids: list[Id] = Field(default=[], max_length=MOST)
    pool_ids: list[Id] = Field(default=[], max_length=MOST)


class ApplyBody(BaseModel):
    """Which moves are to be carried out: all, or those of these referrals."""

    model_config = STRICT

    moves: Literal["all"] | Annotated[list[Id], Field(min_length=1, max_length=5000)]


class MoveTold(BaseModel):
    """What becomes of one referral. ``before``, ``after``: openings, null for none.

    ``minutes``: a week, worse above 0; null where the caller was erased. ``pool_id``: the pool to blame where a place
    was lost or nobody was found one. ``code``: why a move was refused and left alone. ``became``: the new placement.
    """

    model_config = CLOSED

    referral_id: str
    placement_id: str | None
    before: str | None
    after: str | None
    why: Annotated[str, OneOf(list(WHYS))]
    sentence: str
    minutes: int | None
    pool_id: str | None
    state: Annotated[str, OneOf([state.value for state in MoveState])]
    code: str | None
    became: str | None


class ProvenTold(BaseModel):
    """What was proven: people placed by tier in legal order, and minutes a week, each with its bound."""

    model_config = CLOSED

    status: str
    people: list[int]
    people_bound: list[int]
    gap_people: int = Field(description="how many more could be placed, at most")
    minutes: int
    minutes_bound: int
    gap: float = Field(description="the fraction of the minutes that could be saved, at most")


class PlanTold(BaseModel):
    """What is proposed. ``capped``: people and minutes that the cap on moves costs."""

    model_config = CLOSED

    number: int = Field(description="how many get a place, or another one")
    moved: int = Field(description="how many of them had a place")
    minutes: int = Field(description="minutes a week that those who had one are worse off together")
    left_waiting: int
    weight: int
    capped: list[int]
    overpromised: list[str] = Field(description="pools of which those who stay hold more than there is")
    proven: ProvenTold
    moves: list[MoveTold] = Field(description="by referral, as many as asked for")
    waiting: list[MoveTold] = Field(description="by referral, as many as asked for")
    next: str | None = Field(description="what ``after`` says to read on in both lists, null where no more follow")


class ReassignmentTold(BaseModel):
    """A reassignment as it stands. ``code``: why it failed. ``plan``: null till it is proposed."""

    model_config = CLOSED

    reassignment_id: str
    state: Annotated[str, OneOf([state.value for state in ReassignmentState])]
    asked_at: str
    weight: int | None
    most: int | None
    code: str | None
    version: int
    plan: PlanTold | None = None


router = APIRouter(prefix="/v1/reassignments", tags=["reassignments"])


@router.post(
    "",
    status_code=202,
    operation_id="askReassignment",
    summary="Ask for a plan",
    responses=ERRORS,
    response_model=ReassignmentTold,
)
async def ask_reassignment(request: Request, body: ReassignBody) -> Response:
    """Ask for a plan of who should be moved; it is worked out by a job, and changes nothing by itself."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, ASKS)
    return _asking(request, "propose", await ledger.write(request, asker, partial(_ask, body=body)))


@router.get(
    "/{reassignment_id}",
    operation_id="readReassignment",
    summary="Read a plan",
    responses=ERRORS,
)
async def read_reassignment(
    request: Request, reassignment_id: str, after: After = None, limit: Annotated[int, Query(ge=1, le=5000)] = MOST
) -> ReassignmentTold:
    """Read where a reassignment stands: who moves from where to where and why, who is left waiting, what is proven."""
    ledger = ledger_of(request)
    await ledger.asking(request, READS)
    return ReassignmentTold(**await ledger.work(partial(_found, ledger, reassignment_id, after, limit)))


@router.post(
    "/{reassignment_id}/apply",
    status_code=202,
    operation_id="applyReassignment",
    summary="Carry a plan out",
    responses=ERRORS,
    response_model=ReassignmentTold,
)
async def apply_reassignment(request: Request, reassignment_id: str, body: ApplyBody) -> Response:
    """Carry a plan out, whole or in part: a job judges each move anew, and reports and leaves alone what holds no more.

    Admitted people never move, and an offered seat is never taken.
    """
    ledger = ledger_of(request)
    asker = await ledger.asking(request, ASKS)
    chosen = None if body.moves == "all" else body.moves
    work = partial(_choose, reassignment_id=reassignment_id, referral_ids=chosen)
    return _asking(request, "apply", await ledger.write(request, asker, work))


def _asking(request: Request, job: str, response: Response) -> Response:
    """Ask for the job of a reassignment once the answer is sent; where that fails, the clock finds it."""
    told, jobs = orjson.loads(response.body), request.app.state.jobs
    response.headers["Location"] = f"{router.prefix}/{told['reassignment_id']}"
    if jobs is not None:
        response.background = BackgroundTask(jobs.ask, job, told["reassignment_id"], str(told["version"]))
    return response


def _ask(change: Change, body: ReassignBody) -> Answer:
    pools = [*body.pool_ids, *reassignments.pools_of(change.connection, body.facility_ids)]
    return answer(202, _told(reassignments.ask(change, body.weight, body.most, list(dict.fromkeys(pools)))))


def _choose(change: Change, reassignment_id: str, referral_ids: list[str] | None) -> Answer:
    return answer(202, _told(reassignments.choose(change, reassignment_id, referral_ids)))


def _found(ledger: Ledger, reassignment_id: str, after: str | None, limit: int) -> dict[str, Any]:
    keys, of = ledger.store.keys, f"moves:{reassignment_id}"
    told: dict[str, Any] = {}
    behind, more = list(pages.place(keys, of, after) or ("", "")), False
    with ledger.store.database.read() as connection:
        one = reassignments.reassignment(connection, reassignment_id)
        for at, (name, states) in enumerate(LISTS.items()):
            found, last = opened_moves(connection, keys, reassignment_id, states, (behind[at],), limit)
            told[name], more = _moves(found), more or last is not None
            behind[at] = found[-1][0].referral_id if found else behind[at]
    told["next"] = pages.cursor(keys, of, tuple(behind) if more else None)
    return _told(one) | {"plan": None if one.told is None else _plan(one.told) | told}


def _told(one: Reassignment) -> dict[str, Any]:
    same = ("reassignment_id", "weight", "most", "code", "version")
    return {name: getattr(one, name) for name in same} | {
        "state": one.state.value,
        "asked_at": moment(one.asked_at),
        "plan": None,
    }


def _plan(told: Mapping[str, Any]) -> dict[str, Any]:
    proof = Proof(
        tuple(told["people"]), tuple(told["people_bound"]), int(told["minutes_placed"]), int(told["minutes_bound"])
    )
    same = ("minutes", "weight", "capped", "overpromised")
    return {name: told[name] for name in same} | {
        "number": told["changes"],
        "moved": told["moves"],
        "left_waiting": told["waiting"],
        "proven": {name: getattr(proof, name) for name in ProvenTold.model_fields},
    }


def _moves(found: Sequence[tuple[Move, int | None]]) -> list[dict[str, Any]]:
    same = ("referral_id", "placement_id", "why", "code", "became")
    return [
        {name: getattr(move, name) for name in same}
        | {
            "before": move.before or None,
            "after": move.after or None,
            "sentence": WHYS[move.why],
            "minutes": minutes,
            "pool_id": move.pool_id or None,
            "state": move.state.value,
        }
        for move, minutes in found
    ]
