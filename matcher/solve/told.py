"""A repaired placement told: who moves, why, who is left waiting, and which pool is to blame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..plan import Change, Why
from ..proof import Certificate
from ..records import Ints
from .pools import used
from .standing import Batch, Standing


@dataclass(frozen=True, slots=True)
class Repaired:
    """Options chosen (one a referral, -1: none) and the prices they were left with."""

    chosen: Ints
    certificate: Certificate


def changes(batch: Batch, standing: Standing, found: Repaired) -> tuple[Change, ...]:
    """Return everybody who had a place and has another or none, and everybody who has a place for the first time."""
    over, spans = _overdrawn(batch), batch.draws.spans()
    ids, directory = batch.problem.referrals.ids, batch.problem.directory
    told = []
    for row in np.flatnonzero((found.chosen != batch.mine) | (found.chosen < 0)).tolist():
        claim, at, stood = standing.claims.get(ids[row]), int(found.chosen[row]), int(batch.mine[row])
        if at < 0:
            if claim is not None:
                told.append(_waits(batch, standing, found, row, over, spans[row]))
            continue
        after = directory.opening_ids[int(batch.options.opening[batch.option[at]])]
        cost = int(batch.draws.cost[at])
        pool = _over(batch, stood, over)
        if claim is None:
            told.append(Change(ids[row], "", after, cost, Why.NEW, ""))
        elif stood < 0 or pool:
            lost = pool or _seats_of(batch, claim.opening_id)
            told.append(Change(ids[row], claim.opening_id, after, cost - int(batch.before[row]), Why.LOST, lost))
        else:
            worse = cost - int(batch.before[row])
            why = Why.ROOM if worse >= 0 else Why.BETTER
            told.append(Change(ids[row], claim.opening_id, after, worse, why, ""))
    return tuple(told)


def waiting(batch: Batch, standing: Standing, found: Repaired) -> tuple[Change, ...]:
    """Return everybody who is left in no opening."""
    over, spans = _overdrawn(batch), batch.draws.spans()
    return tuple(
        _waits(batch, standing, found, row, over, spans[row]) for row in np.flatnonzero(found.chosen < 0).tolist()
    )


def _waits(
    batch: Batch, standing: Standing, found: Repaired, row: int, over: npt.NDArray[np.bool_], span: Ints
) -> Change:
    """Who waits, and the pool to blame: the dearest that is drawn on by what would cost them least at these prices."""
    draws, price = batch.draws, found.certificate.minutes
    claim = standing.claims.get(batch.problem.referrals.ids[row])
    pool = -1
    if span[1] > span[0]:
        some = slice(*span.tolist())
        worth = (draws.draws[some] * price[draws.pool[some]]).sum(axis=1)
        best = some.start + int(np.argmin(draws.cost[some] + worth))
        named = draws.pool[best][draws.draws[best] > 0]
        pool = int(named[np.argmax(price[named])]) if len(named) else -1
    blamed = batch.problem.directory.pool_ids[pool] if pool >= 0 else ""
    if not blamed and claim is not None:
        blamed = _seats_of(batch, claim.opening_id)
    name, stood = batch.problem.referrals.ids[row], int(batch.mine[row])
    if claim is None:
        return Change(name, "", "", 0, Why.WAITS, blamed)
    lost = _over(batch, stood, over)
    gone = stood < 0 or bool(lost)
    return Change(name, claim.opening_id, "", 0, Why.LOST if gone else Why.YIELDS, lost or blamed)


def _overdrawn(batch: Batch) -> npt.NDArray[np.bool_]:
    """Flag the pools that those who stand draw more on than they hold now."""
    over: npt.NDArray[np.bool_] = used(batch.draws, batch.mine[batch.mine >= 0]) > batch.draws.limit
    return over


def _over(batch: Batch, option: int, over: npt.NDArray[np.bool_]) -> str:
    """Return the pool that an option draws on and that was overdrawn; "" where none was, or there is no option."""
    if option < 0:
        return ""
    drawn = batch.draws.pool[option][batch.draws.draws[option] > 0]
    found = drawn[over[drawn]]
    return batch.problem.directory.pool_ids[int(found[0])] if len(found) else ""


def _seats_of(batch: Batch, opening_id: str) -> str:
    """Return the pool of an opening's seats; "" where the directory has no such opening."""
    directory = batch.problem.directory
    if opening_id not in directory.opening_ids:
        return ""
    seats = int(directory.openings["seats"][directory.opening_ids.index(opening_id)])
    return directory.pool_ids[seats] if seats >= 0 else ""
