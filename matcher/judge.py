"""Every rule asked about some openings, as plain Python that ``fuse`` compiles together with the rules.

The sweep wants the best options and stops at the first refusal; who explains wants every answer about every way, who
lists only numbers wants them about the way that was chosen.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from .choice import UNREPORTED
from .facts import Way
from .records import Ints, Rows
from .trip import tenths_apart, unit_vector, ways_of

if TYPE_CHECKING:
    from .fused import CAPACITIES, KINDS, ask_pair, ask_way, way_cost


def answered(referrals: Rows, openings: Rows, numbers: Ints, policies: Rows, minutes: Ints, answers: Ints) -> None:
    """Write into ``answers``, shape (numbers, ways, rules + capacities), what the rules answer the first referral.

    A rule has its row in ``RULES`` as column; a capacity answers the pool there, and its draws in a column at the end.
    """
    referral, policy = referrals[0], policies[0]
    ways = ways_of(referral)
    x, y, z = unit_vector(referral.latitude, referral.longitude)
    for n in range(len(numbers)):
        opening = openings[numbers[n]]
        tenths = tenths_apart(x, y, z, *unit_vector(opening.latitude, opening.longitude))
        ask_pair(referral, opening, policy, answers[n, 0])
        for w in range(len(ways)):
            if w > 0:
                answers[n, w] = answers[n, 0]
            way = Way(ways[w, 0], minutes[ways[w, 0], tenths], tenths, ways[w, 1], ways[w, 2], ways[w, 3])
            ask_way(referral, opening, way, policy, answers[n, w])


def briefed(
    referrals: Rows,
    openings: Rows,
    pools: Rows,
    numbers: Any,
    chosen: Any,
    costs: Ints,
    policies: Rows,
    minutes: Ints,
    told: Ints,
    drawn: Ints,
) -> None:
    """Write what is to be told in numbers of the first referral's options, best first.

    ``numbers``, ``chosen``, ``costs``: their openings, ways, and costs as the sweep gives them. ``told``: a row an
    option, its columns the fields of ``brief.Brief`` but the last. ``drawn``: shape (options, capacities, 6), what each
    draws on, as the fields of ``brief.Drawn``; draws 0 where nothing.
    """
    referral, policy = referrals[0], policies[0]
    ways = ways_of(referral)
    x, y, z = unit_vector(referral.latitude, referral.longitude)
    answers = np.empty(len(KINDS) + CAPACITIES, np.int64)
    leader = 0
    for n in range(len(numbers)):
        opening, w, row = openings[numbers[n]], chosen[n], told[n]
        tenths = tenths_apart(x, y, z, *unit_vector(opening.latitude, opening.longitude))
        way = Way(ways[w, 0], minutes[ways[w, 0], tenths], tenths, ways[w, 1], ways[w, 2], ways[w, 3])
        ask_pair(referral, opening, policy, answers)
        ask_way(referral, opening, way, policy, answers)
        reported = costs[n] < UNREPORTED
        cost = costs[n] - (0 if reported else UNREPORTED)
        first = told[leader]
        near = abs(first[11] - way.minutes) < policy.tie_minutes
        inside = referral.zip_only == 1 and max(first[12], way.distance) <= policy.zip_radius
        if n > 0 and told[n - 1, 5] == reported and (near or inside):
            as_long = Way(way.mode, first[11], way.distance, way.medication, way.use, way.payer)
            own = way_cost(referral, opening, way, policy)
            if cost - own + way_cost(referral, opening, as_long, policy) > first[4]:
                leader = n
        else:
            leader = n
        row[0], row[1], row[2], row[3], row[4], row[5] = numbers[n], w, n + 1, leader + 1, cost, reported
        counted(answers, pools, policy, row, drawn[n])
        row[10], row[11], row[12] = way.mode, way.minutes, way.distance
        row[13], row[14], row[15] = way.medication, way.use, way.payer


def counted(answers: Ints, pools: Rows, policy: Any, row: Ints, drawn: Ints) -> None:
    """Write how many answers are against, full, to be asked, and cost minutes, and what each capacity draws on."""
    against, full, ask, costs, capacity = 0, 0, 0, 0, 0
    for k in range(len(KINDS)):
        if KINDS[k] == PREFERENCE:
            costs += answers[k] > 0
        elif KINDS[k] == CAPACITY:
            at, draws, into = answers[k], answers[len(KINDS) + capacity], drawn[capacity]
            capacity += 1
            into[0], into[1], into[2], into[3], into[4], into[5] = draws, at, -1, -1, -1, 0
            if draws > 0 and at >= 0:
                pool = pools[at]
                into[2], into[3], into[5] = pool.kind, pool.limit, pool.simulated
                into[4] = max(0, policy.now - pool.reported) if pool.reported >= 0 else -1
            full += draws > 0 and 0 <= into[3] < draws
            ask += draws > 0 and into[3] < 0
        elif answers[k] > 0 or (answers[k] < 0 and KINDS[k] == REFUSES):
            against += 1
        elif answers[k] < 0:
            ask += 1
    row[6], row[7], row[8], row[9] = against, full, ask, costs


def used_ways(referrals: Rows, opening_at: Any, way_at: Any, openings: Rows, minutes: Ints) -> Ints:
    """Return how each referral would use one opening, by one of its ways: rows of the six fields of ``Way``."""
    found = np.empty((len(opening_at), 6), np.int64)
    for i in range(len(opening_at)):
        referral, opening = referrals[i], openings[opening_at[i]]
        mode, medication, use, payer = ways_of(referral)[way_at[i]]
        x, y, z = unit_vector(referral.latitude, referral.longitude)
        tenths = tenths_apart(x, y, z, *unit_vector(opening.latitude, opening.longitude))
        found[i, 0], found[i, 1], found[i, 2] = mode, minutes[mode, tenths], tenths
        found[i, 3], found[i, 4], found[i, 5] = medication, use, payer
    return found


def standing(referrals: Rows, ends: Ints, opening_at: Any, way_at: Any, claimed: Ints) -> Ints:
    """Return the option of each referral that is what they claim; -1 where none is.

    ``claimed``: a row each, the opening (row, -1 for none) and what ``trip.ways_of`` says of the way.
    """
    found = np.full(len(ends), -1, np.int64)
    for i in range(len(ends)):
        if claimed[i, 0] < 0:
            continue
        ways = ways_of(referrals[i])
        for o in range(ends[i - 1] if i else 0, ends[i]):
            if opening_at[o] == claimed[i, 0] and (ways[way_at[o]] == claimed[i, 1:]).all():
                found[i] = o
    return found


ASKS, REFUSES, CAPACITY, PREFERENCE = 0, 1, 2, 3
"""What a rule is to who counts: a requirement, asked about or refused where unknown, a capacity, a preference."""

TOLD, DRAWN = 16, 6
"""How many numbers are told of an option, and of each pool that it draws on."""

CALLED: tuple[Callable[..., Any], ...] = (counted,)
ENTRIES: tuple[Callable[..., Any], ...] = (answered, briefed, used_ways, standing)
"""What Python calls: each is compiled when it is first needed."""
