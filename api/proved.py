"""What the prices that came with an answer prove of it, told to who checks it."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from matcher.check import Claim, Verdict
from matcher.problem import Problem

MILLI = 1e3

PROVEN = "The prices prove it: nobody was passed over, of no tier, and no minute could be saved."
WITHIN = (
    "The prices prove: at most {people} more people could be placed, and at most {minutes} minutes a week saved "
    "with as many people of each tier placed wherever callers compete."
)


def proved(batch: Problem, claims: Sequence[Claim], verdict: Verdict, file: Path | None) -> dict[str, Any] | None:
    """Return what the prices in this file prove of placements that were judged; ``None`` without a file.

    Raises ``InputError`` where the file is none of this batch.
    """
    from data import prices
    from matcher.proof import prove

    if file is None:
        return None
    certificate = prices.read(file, batch)
    names = {claim.referral_id for claim in claims}
    placed = np.array([name in names for name in batch.referrals.ids], np.bool_)
    begin = time.perf_counter()
    found = prove(batch, placed, certificate)
    took = (time.perf_counter() - begin) * MILLI
    people, minutes = sum(found.people_bound) - sum(verdict.placed), verdict.minutes - found.minutes_bound
    said = (PROVEN if people == minutes == 0 else WITHIN).format(people=people, minutes=minutes)
    return {
        "people_bound": found.people_bound,
        "minutes_bound": found.minutes_bound,
        "gap_people": people,
        "gap_minutes": minutes,
        "milliseconds": round(took, 1),
        "sentence": f"{said} Looked at every option in {took:.0f} ms, without a solver.",
    }
