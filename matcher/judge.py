"""Every rule asked about some openings, as plain Python that ``fuse`` compiles together with the rules.

The sweep wants the best options and stops at the first refusal; who explains wants every answer about every way, who
lists only numbers wants them about the way that was chosen.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .facts import Way
from .records import Ints, Rows
from .trip import tenths_apart, unit_vector, ways_of

if TYPE_CHECKING:
    from .fused import ask_pair, ask_way, way_cost


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
    numbers: Ints,
    chosen: Ints,
    policies: Rows,
    minutes: Ints,
    answers: Ints,
    ways_at: Ints,
    swapped: Ints,
) -> None:
    """Write what the rules answer the first referral about some options: openings, each by its way in ``chosen``.

    ``answers``: shape (options, rules + capacities), columns as in ``answered``. ``ways_at``: shape (options, 6), the
    fields of ``Way``. ``swapped``: shape (options, options), what the preferences that read the way cost of the second
    option, if its trip took the minutes of the first.
    """
    referral, policy = referrals[0], policies[0]
    ways = ways_of(referral)
    x, y, z = unit_vector(referral.latitude, referral.longitude)
    for n in range(len(numbers)):
        opening, w = openings[numbers[n]], chosen[n]
        tenths = tenths_apart(x, y, z, *unit_vector(opening.latitude, opening.longitude))
        way = Way(ways[w, 0], minutes[ways[w, 0], tenths], tenths, ways[w, 1], ways[w, 2], ways[w, 3])
        ask_pair(referral, opening, policy, answers[n])
        ask_way(referral, opening, way, policy, answers[n])
        ways_at[n, 0], ways_at[n, 1], ways_at[n, 2] = way.mode, way.minutes, way.distance
        ways_at[n, 3], ways_at[n, 4], ways_at[n, 5] = way.medication, way.use, way.payer
    for n in range(len(numbers)):
        opening, at = openings[numbers[n]], ways_at[n]
        for other in range(len(numbers)):
            way = Way(at[0], ways_at[other, 1], at[2], at[3], at[4], at[5])
            swapped[other, n] = way_cost(referral, opening, way, policy)


ENTRIES: tuple[Callable[..., Any], ...] = (answered, briefed)
"""What Python calls: each is compiled when it is first needed."""
