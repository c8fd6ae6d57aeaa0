"""``/v1/placements``: hold, extend, confirm, decline, admit, release; what was lost comes back with the next best."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from data.encode_caller import CallerError
from data.store import life, placements, seats
from data.store.answers import Answer
from data.store.change import Change
from data.store.placements import Override, Placement, Wanted, promise
from data.store.referrals import sealed_cells
from data.store.seals import expect_kept
from data.store.users import Who
from data.store.words import Act, Role
from matcher.brief import Brief

from . import written
from .direct import Direct
from .held import Held, held_by
from .ledger import Ledger, answer, ledger_of
from .placed import ActBody, DeclineBody, HoldBody, PlacementTold, told
from .problems import ProblemError, of_caller, responses
from .wanting import Judged, draws_of, expect_overridden, judged

UNREAD = ("referral_id", "simulated")
"""Columns of a referral that the engine is not given."""
NEXT = 50
"""Matches that are tried for the next best."""
PROMISES = (Role.ADVISOR, Role.SUPERVISOR)
WORKS = (*PROMISES, Role.FACILITY)
MAY: dict[Act, Sequence[Role]] = {
    Act.HOLD: PROMISES,
    Act.EXTEND: PROMISES,
    Act.CONFIRM: WORKS,
    Act.ADMIT: WORKS,
    Act.DECLINE: WORKS,
    Act.NO_SHOW: WORKS,
    Act.RELEASE: PROMISES,
}
"""Who may do what; time alone expires a placement."""
OPERATIONS = {
    Act.HOLD: "accept", Act.EXTEND: "extend", Act.CONFIRM: "confirm", Act.ADMIT: "admit", Act.DECLINE: "decline",
    Act.NO_SHOW: "miss", Act.RELEASE: "release",
}  # fmt: skip


ERRORS = responses(401, 403, 404, 409, 410, 412, 503)
holding = APIRouter(prefix="/v1/placements", tags=["placements"], route_class=Direct)
router = APIRouter(prefix="/v1/placements", tags=["placements"])


@holding.post(
    "", status_code=201, operation_id="holdPlacement", summary="Hold an opening", responses=ERRORS | responses(415),
    response_model=PlacementTold,
)  # fmt: skip
async def hold_placement(request: Request, body: HoldBody) -> Response:
    """Hold an opening for a referral for half an hour; 409 brings the next best match where the seat is gone."""
    ledger, held = ledger_of(request), held_by(request)
    asker = await ledger.asking(request, PROMISES)
    second = await second_of(ledger, request, asker)
    found: list[Judged] = []
    work = partial(_hold, role=asker.role, held=held, body=body, second=second, found=found)
    try:
        return await ledger.write(request, asker, work)
    except ProblemError as error:
        if error.slug != "taken":
            raise
        raise await _lost(ledger, found[-1], error) from error


@router.get("/{placement_id}", operation_id="readPlacement", summary="Read a placement", responses=ERRORS)
async def read_placement(request: Request, placement_id: str) -> PlacementTold:
    """Read a placement; a facility reads its own alone."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, WORKS)
    found = await ledger.work(partial(_read, ledger, placement_id))
    expect_own(asker, found)
    return PlacementTold(**told(found, asker.role))


@router.get("", operation_id="findPlacement", summary="Who is expected under a spoken code?", responses=ERRORS)
async def find_placement(request: Request, code: Annotated[str, Field(pattern="^[A-Za-z]{6}$")]) -> PlacementTold:
    """Find the placement of somebody who arrives and says their code; for the facility's own people."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, [Role.FACILITY])
    found = await ledger.work(partial(_by_code, ledger, asker, code))
    return PlacementTold(**told(found, asker.role))


def _routes() -> None:
    for what, roles in MAY.items():
        body = DeclineBody if what is Act.DECLINE else ActBody
        router.add_api_route(
            f"/{{placement_id}}/{what.value}",
            _acts(what, roles, body),
            methods=["POST"],
            response_model=PlacementTold,
            operation_id=f"{OPERATIONS[what]}Placement",
            summary=f"{what.value.capitalize()} a placement",
            responses=ERRORS,
        )


def _acts(what: Act, roles: Sequence[Role], model: type[ActBody]) -> Any:
    async def act(request: Request, placement_id: str, body: ActBody) -> Response:
        ledger = ledger_of(request)
        asker = await ledger.asking(request, roles)
        expect_own(asker, await ledger.work(partial(_read, ledger, placement_id)))
        work = partial(_act, role=asker.role, placement_id=placement_id, what=what, body=body)
        return await ledger.write(request, asker, work)

    act.__annotations__["body"] = model
    act.__doc__ = f"{what.value.capitalize()} a placement, where its life allows it."
    return act


def _act(change: Change, role: Role, placement_id: str, what: Act, body: ActBody) -> Answer:
    reason = body.reason if isinstance(body, DeclineBody) else None
    return answer(200, told(life.act(change, placement_id, what, reason, body.version), role))


def wanting(change: Change, held: Held, referral_id: str, opening_id: str) -> Judged:
    """Judge an opening for a referral of the ledger. Raises what the ledger refuses, and ``ProblemError``."""
    seal, cells = sealed_cells(change.connection, change.keys, referral_id)
    try:
        return judged(held, seal, known(cells), opening_id)
    except CallerError as error:
        raise of_caller(error) from error


def known(cells: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of a referral that the engine reads, the blank ones left out."""
    return {name: text for name, text in cells.items() if text and name not in UNREAD}


async def _lost(ledger: Ledger, one: Judged, error: ProblemError) -> ProblemError:
    """Say what could be held instead of what somebody else was promised; null: nothing that fits is free."""
    found = await ledger.work(partial(next_best, ledger, one))
    error.more["next"] = None if found is None else written.match(one.held, found)
    return error


def next_best(ledger: Ledger, one: Judged) -> Brief | None:
    """Return the best other match of which everything is free in the ledger at this moment."""
    found = one.best(NEXT)
    needed = draws_of(one.held.sweep.directory, found)
    with ledger.store.database.read() as connection:
        known = seats.of(connection, {pool for draws in needed for pool in draws or ()})
    free = {pool.pool_id: pool.free or 0 for pool in known}
    for option, draws in zip(found, needed, strict=True):
        other = option.opening != one.brief.opening
        if other and draws and all(free.get(pool, 0) >= number for pool, number in draws.items()):
            return option
    return None


def _hold(change: Change, role: Role, held: Held, body: HoldBody, second: str | None, found: list[Judged]) -> Answer:
    """Hold what is wanted; ``found``: what was judged, for whoever finds it taken."""
    one = wanting(change, held, body.referral_id, body.opening_id)
    found.append(one)
    wanted = to_be_promised(change, one, body, second)
    return answer(201, told(promise(change, wanted), role))


def to_be_promised(change: Change, one: Judged, body: HoldBody, second: str | None) -> Wanted:
    """Return what is promised, its chains taken and its decision sealed. Raises ``Unfit``: a rule is against it."""
    seal, facilities = one.seal, one.facilities
    change.take(*facilities)
    expect_kept(change.connection, seal.caller_id)
    overrides = tuple(
        Override(said.rule, seal.close(said.reason.encode(), f"overrides.reason:{said.rule}"), second)
        for said in body.overrides
    )
    expect_overridden(one, overrides)
    decision = seal.close(one.decision(), f"placements.decision:{body.referral_id}")
    return Wanted(
        body.referral_id, seal.caller_id, facilities, one.opening_id, one.draws(), decision,
        one.keep_given(change), overrides,
    )  # fmt: skip


async def second_of(ledger: Ledger, request: Request, asker: Who) -> str | None:
    """Return who else signed the request, where somebody did. Raises ``ProblemError`` where that is nobody else."""
    header = request.headers.get("x-second-authorization", "")
    if not header:
        return None
    other = await ledger.behind(header.partition(" ")[2].strip())
    if other.owner == asker.owner or other.role not in PROMISES:
        raise ProblemError(403, "second", "the second person must be another advisor or supervisor")
    return other.owner


def _read(ledger: Ledger, placement_id: str) -> Placement:
    with ledger.store.database.read() as connection:
        return placements.placement(connection, placement_id)


def _by_code(ledger: Ledger, asker: Who, code: str) -> Placement:
    with ledger.store.database.read() as connection:
        return placements.by_code(connection, asker.facility_id or "", code)


def expect_own(asker: Who, found: Placement) -> None:
    """Refuse a facility what is not its own, as if it were not there. Raises ``ProblemError`` 404."""
    if asker.role is Role.FACILITY and asker.facility_id != found.facility_id:
        raise ProblemError(404, "placement", f"no placement {found.placement_id}")


_routes()
