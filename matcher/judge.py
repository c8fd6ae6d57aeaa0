"""Every rule asked about every way of some openings, as plain Python that ``fuse`` compiles together with the rules.

The sweep wants the best options and stops at the first refusal; who explains wants every answer.
"""

from typing import TYPE_CHECKING

from .facts import Way
from .records import Ints, Rows
from .trip import tenths_apart, unit_vector, ways_of

if TYPE_CHECKING:
    from .fused import ask_pair, ask_way


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
