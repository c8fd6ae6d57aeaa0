"""The made-up nation that every case reads: 20,000 facilities, about 55,000 openings, and callers. Built once."""

from datetime import UTC, datetime
from functools import cache

from data.columns import Columns
from data.encode import encode_directory
from data.encode_callers import encode_callers
from data.policy import policy
from data.simulate import simulate_callers, simulate_directory
from matcher.problem import Directory, Problem
from matcher.records import Rows

SEED = 1
FACILITIES = 20_000
OPENINGS_A_FACILITY = 2.75
MOMENT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@cache
def in_force() -> Rows:
    """The policy at the moment of every benchmark."""
    return policy(MOMENT)


@cache
def tables(facilities: int = FACILITIES) -> dict[str, Columns]:
    """A made-up directory as tables by file name."""
    return simulate_directory(facilities, SEED, MOMENT.date())


@cache
def directory(facilities: int = FACILITIES) -> Directory:
    """The same, encoded."""
    made = tables(facilities)
    encoded, _, _ = encode_directory(
        made["facilities.csv"], made["openings.csv"], in_force(), made["medication_starts.csv"], made["vans.csv"]
    )
    return encoded


@cache
def nation(callers: int, facilities: int = FACILITIES) -> Problem:
    """A directory of this many facilities, and this many callers within reach of it."""
    table = simulate_callers(callers, SEED, MOMENT.date(), tables(facilities))
    referrals, _ = encode_callers(table, directory(facilities), in_force())
    return Problem(referrals, directory(facilities), in_force())


def facilities_of(openings: int) -> int:
    """How many facilities have about this many openings."""
    return max(1, round(openings / OPENINGS_A_FACILITY))
