"""A standing placement seen from a batch: whom it concerns, what they hold, and what that leaves for the others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..check import Claim
from ..facts import Opening, Policy, Referral
from ..placement import Placement
from ..problem import Problem, Referrals
from ..proof import Certificate
from ..records import Ints, Rows, frozen, plain
from ..rule import Kind, Unknown
from ..rules import RULES
from ..sweep import Options, Sweep
    before[gone] = np.maximum(0, held(rest, standing, gone))
    return Batch(rest, sweep, options, made, rows, mine, before, tuple(kept)), np.flatnonzero((limit >= 0) & (units > limit))


def standing_at(problem: Problem, options: Options, claims: Mapping[str, Claim]) -> Ints:
    """Return the option that each referral holds by its claim; -1 where it has none, or it is not among its options."""
    found = np.full(len(problem.referrals.ids), -1, np.int64)
    place = {name: row for row, name in enumerate(problem.directory.opening_ids)}
    for row, name in enumerate(problem.referrals.ids):
        claim = claims.get(name)
        if claim is None:
            continue
        span = options.of(row)
        for at in (span.start + np.flatnonzero(options.opening[span] == place.get(claim.opening_id, -1))).tolist():
            way = ways_of(plain(Referral, problem.referrals.rows[row]))[options.way[at]].tolist()
            if way == [claim.mode, claim.medication, claim.use, claim.payer]:
                found[row] = at
    return found


def _some(referrals: Referrals, rows: Ints) -> Referrals:
    return Referrals(frozen(referrals.rows[rows].view(np.recarray)), tuple(referrals.ids[row] for row in rows))
