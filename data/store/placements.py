"""A placement as the ledger keeps it, and how it is promised: the one place where a seat is promised to anybody.

An active placement claims every pool its option draws on.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from . import seats
from .change import Change
from .codes import spoken_code
from .errors import Missing, Unfit
from .hot import Hot
from .tables import claims, overrides, placements, pools
from .words import ACTIVE, PlacementState

MINUTE = 60
CODES = 8
"""Spoken codes tried before one that is free at the facility is given up on."""


class Override(NamedTuple):
    """A rule set aside by a person: ``reason`` is sealed; ``second``: whoever agreed, where safety asks for two."""

    rule: str
    reason: bytes
    second: str | None


class Wanted(NamedTuple):
    """An option somebody is to be promised.

    ``facilities``: all it touches, its own first. ``draws``: units by pool. ``decision``: the way and its cost, sealed
    under the caller's key. ``given_id``: what the engine was given. ``entry_id``: the waitlist entry it serves.
    """

    referral_id: str
    caller_id: str
    facilities: tuple[str, ...]
    opening_id: str
    draws: Mapping[str, int]
    decision: bytes
    given_id: str
    overrides: tuple[Override, ...] = ()
    entry_id: str | None = None


class Placement(NamedTuple):
    """A placement as it stands. Moments are seconds since 1970 in UTC; ``expires_at`` only while offered or held."""

    placement_id: str
    referral_id: str
    caller_id: str
    given_id: str
    facility_id: str
    opening_id: str
    state: PlacementState
    code: str | None
    reason: str | None
    entry_id: str | None
    made_by: str
    made_at: int
    changed_at: int
    expires_at: int | None
    extended: int
    version: int


ROW = select(*(placements.c[name] for name in Placement._fields))
EXPECTED = ROW.where(
    placements.c.facility_id == bindparam("facility"), placements.c.code == bindparam("said"), text(ACTIVE)
)
"""Who is expected at a facility under a spoken code; ``ACTIVE`` as it stands in the index that answers it."""
BY_CODE: Any = {"index_elements": ["facility_id", "code"], "index_where": text(ACTIVE)}
ADD = {
    "postgresql": Hot(postgresql.insert(placements).on_conflict_do_nothing(**BY_CODE)),
    "sqlite": Hot(sqlite.insert(placements).on_conflict_do_nothing(**BY_CODE)),
}
"""Adds no row where another active placement at the facility has its spoken code."""
ADD_CLAIMS = Hot(insert(claims))


def promise(change: Change, wanted: Wanted, state: PlacementState = PlacementState.HELD) -> Placement:
    """Promise an option, in a state that claims; the chains of its facilities must be taken.

    Raises ``Taken`` where a pool has no room, ``Missing`` where one is unknown, and ``Unfit`` where the referral has an
    active placement already.
    """
    seats.claim(change, wanted.draws)
    placement = _inserted(change, wanted, state, _until(change, state))
    rows = [
        {"placement_id": placement.placement_id, "pool_id": pool, "draws": number, "ended_at": None}
        for pool, number in sorted(wanted.draws.items())
    ]
    ADD_CLAIMS(change.connection, rows)
    change.passed("claims")
    _keep_overrides(change, placement, wanted.overrides)
    for facility in wanted.facilities:
        change.tell(
            facility, state.value, placement.placement_id, opening=wanted.opening_id, draws=dict(wanted.draws),
            until=placement.expires_at, rules=[one.rule for one in wanted.overrides],
        )  # fmt: skip
    return placement


def _until(change: Change, state: PlacementState) -> int | None:
    """When it ends by itself; None where it does not."""
    minutes = {
        PlacementState.OFFERED: change.terms.offer_minutes,
        PlacementState.HELD: change.terms.hold_minutes,
    }
    return change.now + minutes[state] * MINUTE if state in minutes else None


def _inserted(change: Change, wanted: Wanted, state: PlacementState, until: int | None) -> Placement:
    """Add it under a spoken code that no other active placement at its facility has."""
    now, add = change.now, ADD[change.connection.dialect.name]
    for _ in range(CODES):
        placement = Placement(
            change.new_id(), wanted.referral_id, wanted.caller_id, wanted.given_id, wanted.facilities[0],
            wanted.opening_id, state, spoken_code(), None, wanted.entry_id, change.by, now, now, until, 0, 1,
        )  # fmt: skip
        try:
            added = add(change.connection, {**placement._asdict(), "decision": wanted.decision}).rowcount
        except IntegrityError as error:
            raise Unfit("active", f"referral {wanted.referral_id} has an active placement already") from error
        if added:
            change.passed("placed")
            return placement
    raise Unfit("codes", f"no spoken code is free at {wanted.facilities[0]}")


def _keep_overrides(change: Change, placement: Placement, given: tuple[Override, ...]) -> None:
    if given:
        rows = [
            {"placement_id": placement.placement_id, **one._asdict(), "by": change.by, "at": change.now}
            for one in given
        ]
        change.connection.execute(insert(overrides), rows)


def placement(connection: Connection, placement_id: str) -> Placement:
    """Return a placement. Raises ``Missing``."""
    row = connection.execute(ROW.where(placements.c.placement_id == placement_id)).first()
    if row is None:
        raise Missing("placement", f"no placement {placement_id}")
    return read_placement(row)


def decision_of(connection: Connection, placement_id: str) -> bytes:
    """Return the decision of a placement, sealed under its caller's key."""
    found = select(placements.c.decision).where(placements.c.placement_id == placement_id)
    decision: bytes = connection.execute(found).scalar_one()
    return decision


def by_code(connection: Connection, facility_id: str, code: str) -> Placement:
    """Return the active placement at a facility that was told this spoken code. Raises ``Missing``."""
    row = connection.execute(EXPECTED, {"facility": facility_id, "said": code.upper()}).first()
    if row is None:
        raise Missing("code", "nobody is expected under this code")
    return read_placement(row)


def read_placement(row: Any) -> Placement:
    """Return a row of ``ROW`` as what it is."""
    values = dict(row._mapping)
    return Placement(**(values | {"state": PlacementState(values["state"])}))


def draws_of(connection: Connection, placement_id: str) -> dict[str, int]:
    """Return what a placement claims now, by pool."""
    found = select(claims.c.pool_id, claims.c.draws).where(
        claims.c.placement_id == placement_id, claims.c.ended_at.is_(None)
    )
    return {row.pool_id: row.draws for row in connection.execute(found)}


def facilities_of(connection: Connection, placement: Placement) -> tuple[str, ...]:
    """Return the facilities a placement touches, its own first."""
    found = (
        select(pools.c.facility_id)
        .join(claims, claims.c.pool_id == pools.c.pool_id)
        .where(claims.c.placement_id == placement.placement_id)
    )
    others = {name for (name,) in connection.execute(found)} - {placement.facility_id}
    return placement.facility_id, *sorted(others)
