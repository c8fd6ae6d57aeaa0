"""Referrals, openings, pools and policy together: what the engine is given, and the order it keeps them in.

``facts`` states the fields of each record. Rows stand in grid order, by level of care, band of latitude and longitude,
then by BLAKE2b of seed and id, whatever order they came in: the same input, permuted, gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .continuum import LEVELS, serving
from .facts import Opening, Pool, Referral
from .grid import MASK_BITS, PLACES, expect, expect_within, grid_order, tie_keys
from .records import Rows, frozen
from .vocabulary import (
    UNKNOWN,
    Medication,
    PoolKind,
    State,
    Tier,
)

LARGEST = 1 << 20
"""No count of visits, weeks or minutes is as large as this."""

POOLS_OF = {
    "seats": PoolKind.SEATS,
    "starts": PoolKind.MEDICATION_STARTS,
    "van": PoolKind.VAN_SEATS,
    "child_places": PoolKind.CHILD_PLACES,
    "program_seats": PoolKind.SEATS,
}
"""The fields of an opening that name a pool, and what each counts."""


@dataclass(frozen=True, slots=True)
class Directory:
    """The openings callers can be placed in, in grid order, and the pools they draw on; the ids name their numbers."""

    openings: Rows
    opening_ids: tuple[str, ...]
    facility_ids: tuple[str, ...]
    pools: Rows
    pool_ids: tuple[str, ...]
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Referrals:
    """The callers to be placed, one row a step of care, in grid order. The ids are opaque."""

    rows: Rows
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """All the engine is given: who is to be placed, where they could be, and the policy (one row)."""

    referrals: Referrals
    directory: Directory
    policy: Rows


def directory(
    openings: Rows,
    opening_ids: Sequence[str],
    facility_ids: Sequence[str],
    pools: Rows,
    pool_ids: Sequence[str],
    plans: Sequence[str] = (),
    seed: int = 0,
) -> Directory:
    """Openings in grid order, ready to be swept.

    Raises ``ValueError`` when ids repeat or a row refers to a facility, pool or plan that is not there.
    """
    expect(openings, Opening, opening_ids, "opening")
    expect(pools, Pool, pool_ids, "pool")
    if len(plans) > MASK_BITS:
        raise ValueError(f"{len(plans)} private plans; a directory holds at most {MASK_BITS}")
    if len(set(facility_ids)) != len(facility_ids):
        raise ValueError("a facility id stands twice")
    numbers = {
        "facility": (0, len(facility_ids)),
        "level": (0, len(LEVELS)),
        "state": (0, len(State)),
        "seats": (UNKNOWN, len(pools)),
        "van": (UNKNOWN, len(pools)),
        "child_places": (UNKNOWN, len(pools)),
        "program_seats": (UNKNOWN, len(pools)),
        "program_facility": (UNKNOWN, len(facility_ids)),
        "starts": (UNKNOWN, max(0, len(pools) - len(Medication) + 1)),
        "plans": (0, 1 << len(plans)),
        "plans_known": (0, 1 << len(plans)),
        "visits": (0, LARGEST),
        "weeks": (1, LARGEST),
    }
    expect_within(openings, opening_ids, PLACES | numbers)
    expect_kinds(openings, opening_ids, pools)
    rows = openings.copy()
    rows["key"] = tie_keys(opening_ids, seed)
    for name in ("bed", "manages"):
        rows[name] = np.array([getattr(facts, name) for facts in LEVELS.values()], np.int64)[rows["level"]]
    order = grid_order(rows["level"], rows)
    return Directory(
        frozen(rows[order].view(np.recarray)),
        tuple(opening_ids[i] for i in order),
        tuple(facility_ids),
        frozen(pools.copy()),
        tuple(pool_ids),
        tuple(plans),
    )


def expect_kinds(openings: Rows, ids: Sequence[str], pools: Rows) -> None:
    """Refuse an opening that names a pool of another kind, or one pool for two needs: no option draws on one twice."""
    for name, kind in POOLS_OF.items():
        named = np.flatnonzero(openings[name] >= 0)
        for at in range(len(Medication) if name == "starts" else 1):
            found = pools["kind"][openings[name][named] + at]
            wrong = np.flatnonzero(found != kind)
            if len(wrong):
                other, who = PoolKind.at(int(found[wrong[0]])).code, ids[named[wrong[0]]]
                raise ValueError(f"{who}: {name} names a pool of {other}; allowed: {kind.code}")
    twice = np.flatnonzero((openings["seats"] >= 0) & (openings["seats"] == openings["program_seats"]))
    if len(twice):
        raise ValueError(f"{ids[twice[0]]}: seats and program_seats name one pool; a bundle has two")


def referrals(rows: Rows, ids: Sequence[str], policy: Rows, seed: int = 0) -> Referrals:
    """Referrals in grid order, with the levels that serve each need and its legal tier filled in.

    Raises ``ValueError`` when an id repeats or a need is no level of care.
    """
    expect(rows, Referral, ids, "referral")
    limits = dict.fromkeys(("daily_limit", "admission_limit"), (UNKNOWN, LARGEST))
    limits |= {"persons": (1, LARGEST), "children": (0, LARGEST), "state": (UNKNOWN, len(State))}
    numbers = {"need": (0, len(LEVELS)), "plan": (UNKNOWN, MASK_BITS), "medicaid_state": (UNKNOWN, len(State))}
    expect_within(rows, ids, PLACES | limits | numbers)
    rows = rows.copy()
    rows["key"] = tie_keys(ids, seed)
    rows["levels"] = levels_for(rows["need"])
    rows["tier"] = tiers(rows["pregnant"], rows["injecting"], bool(policy["tiers"][0]))
    order = grid_order(rows["need"], rows)
    return Referrals(frozen(rows[order].view(np.recarray)), tuple(ids[i] for i in order))


def tiers(pregnant: Any, injecting: Any, on: bool) -> Any:
    """The legal tier of each referral (45 CFR 96.131); unknown counts as no, and all are equal when tiers are off.

    Takes the numbers of one referral, or arrays of those of many.
    """
    return (_TIERS if on else _NO_TIERS)[(pregnant == 1) * 1, (injecting == 1) * 1]


def levels_for(need: Any) -> Any:
    """The mask of levels that serve each need; takes one need, or an array of them."""
    return _LEVELS[need]


_TIERS = np.array(
    [[Tier.ALL_OTHERS, Tier.INJECTING], [Tier.PREGNANT, Tier.PREGNANT_AND_INJECTING]],
    np.int64,
)
"""By whether she is pregnant, then by whether she injects."""

_NO_TIERS = np.full((2, 2), Tier.ALL_OTHERS, np.int64)
_LEVELS = np.array([serving(level) for level in LEVELS], np.int64)
