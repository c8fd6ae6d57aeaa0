"""One caller on the phone, with why not for the others nearby."""

from collections.abc import Iterator

from matcher.rank import MATCHES, rank
from matcher.sweep import Sweep

from ..instance import nation
from ..measure import each, percentiles
from ..registry import Case, Figure, register

CALLERS = 200
MILLI = 1e3


def run(size: int) -> Iterator[Figure]:
    """Milliseconds a caller, with ``size`` others explained."""
    problem = nation(CALLERS)
    sweep = Sweep(problem.directory, problem.policy)
    rows = [problem.referrals.rows[i : i + 1] for i in range(CALLERS)]
    taken, _ = each(lambda row: len(rank(sweep, row, MATCHES, size).others), rows)
    yield from percentiles(taken, MILLI, "ms")


register(Case("explain", "one caller ranked, and why not the others nearby", (200,), run))
