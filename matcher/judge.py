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
) -> None:
    """Write what is to be told in numbers of the first referral's options, best first.

    ``numbers``, ``chosen``, ``costs``: their openings, ways, and costs as the sweep gives them. ``told``: a row an
    option: the place of the first of its group, its minutes a week, whether all its pools are reported; how many
    reasons are against it, full, to be asked, and cost minutes; the six fields of its way; pool and draws of each
    capacity.
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
        row[2] = costs[n] < UNREPORTED
        row[1] = costs[n] - (0 if row[2] else UNREPORTED)
        row[7], row[8], row[9] = way.mode, way.minutes, way.distance
        row[10], row[11], row[12] = way.medication, way.use, way.payer
        counted(answers, pools, row)
        first = told[leader]
        near = abs(first[8] - way.minutes) < policy.tie_minutes
        inside = referral.zip_only == 1 and max(first[9], way.distance) <= policy.zip_radius
        if n > 0 and told[n - 1, 2] == row[2] and (near or inside):
            as_long = Way(way.mode, first[8], way.distance, way.medication, way.use, way.payer)
            own = way_cost(referral, opening, way, policy)
            if row[1] - own + way_cost(referral, opening, as_long, policy) > first[1]:
                leader = n
        else:
            leader = n
        row[0] = leader + 1


def counted(answers: Ints, pools: Rows, row: Ints) -> None:
    """Write how many answers are against, full, to be asked, and cost minutes, and what each capacity draws on."""
    row[3], row[4], row[5], row[6] = 0, 0, 0, 0
    capacity = 0
    for k in range(len(KINDS)):
        if KINDS[k] == PREFERENCE:
            row[6] += answers[k] > 0
        elif KINDS[k] == CAPACITY:
            pool, draws = answers[k], answers[len(KINDS) + capacity]
            row[13 + 2 * capacity], row[14 + 2 * capacity] = pool, draws
            capacity += 1
            limit = pools[pool].limit if pool >= 0 else -1
            row[4] += draws > 0 and 0 <= limit < draws
            row[5] += draws > 0 and limit < 0
        elif answers[k] > 0 or (answers[k] < 0 and KINDS[k] == REFUSES):
            row[3] += 1
        elif answers[k] < 0:
            row[5] += 1


ASKS, REFUSES, CAPACITY, PREFERENCE = 0, 1, 2, 3
"""What a rule is to who counts: a requirement, asked about or refused where unknown, a capacity, a preference."""

TOLD = 13
"""Numbers told of an option before its pools."""

CALLED: tuple[Callable[..., Any], ...] = (counted,)
ENTRIES: tuple[Callable[..., Any], ...] = (answered, briefed)
"""What Python calls: each is compiled when it is first needed."""
