"""Verifying the ledger: every event of every chain, and what the tables say of seats, claims and placements."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from data.columns import FACILITIES
from data.store.change import Change, Store
from data.store.database import Database
from data.store.heads import Heads
from data.store.keys import Keys, fresh_secret
from data.store.tables import callers, claims, facilities, given, placements, pools, referrals
from data.store.upgrade import upgrade
from data.store.verify import verify
from data.store.words import Act, PlacementState

from ..measure import seconds
from ..registry import Case, Figure, register

CHAINS = 5_000
"""Facilities with a chain of events, each with one pool of seats."""
LIFE = 4
"""Events of a placement: held, released, and two reports of the pool it drew on."""
AT_ONCE = 12_500
"""Placements written in one transaction."""
FREE = 3
WHO = {"referral_id": "referral", "caller_id": "caller", "given_id": "given"}
"""Whose placements these are: one person's, each ended before the next."""


def run(size: int) -> Iterator[Figure]:
    """Seconds to verify ``size`` events and a fourth as many placements in SQLite against a signed head."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/ledger.db")
        upgrade(database)
        store = Store(database, Keys.of(fresh_secret()))
        store.write("benchmark", _begin)
        for first in range(0, size // LIFE, AT_ONCE):
            store.write("benchmark", partial(_lived, numbers=range(first, min(size // LIFE, first + AT_ONCE))))
        heads = Heads(Path(folder) / "heads", store.keys.signing)
        heads.write(store)
        took, verdict = seconds(lambda: verify(database, heads))
        database.close()
    if verdict.faults or verdict.events != size:
        raise RuntimeError(f"{len(verdict.faults)} faults in {verdict.events} events; none in {size} expected")
    yield Figure("seconds", took, "s")
    yield Figure("events_per_second", size / took, "1/s")


def _begin(change: Change) -> None:
    """Facilities, their pools, and one person with a referral."""
    at, now, blank = change.connection, change.now, dict.fromkeys(FACILITIES, "")
    at.execute(facilities.insert(), [blank | {"facility_id": _site(number)} for number in range(CHAINS)])
    pool = {"opening_id": None, "kind": "seats", "reported": FREE, "reported_at": now, "simulated": 1, "claims": 0}
    rows = [{"pool_id": _pool(number), "facility_id": _site(number)} for number in range(CHAINS)]
    at.execute(pools.insert(), [pool | row | {"version": 1, "changed_at": now} for row in rows])
    kept = {"content": b"", "version": 1, "made_at": now}
    at.execute(given.insert(), {"given_id": "given", "content": b"", "rules": "", "release": "", "made_at": now})
    at.execute(callers.insert(), kept | {"caller_id": "caller", "erased_at": None})
    at.execute(referrals.insert(), kept | {"referral_id": "referral", "caller_id": "caller", "step": 1})


def _lived(change: Change, numbers: range) -> None:
    """Placements that were held and released, as the ledger keeps and tells them."""
    change.take(*(_site(number) for number in numbers))
    ended = {
        "opening_id": "opening", "state": PlacementState.RELEASED, "decision": b"", "code": None, "reason": None,
        "entry_id": None, "made_by": change.by, "made_at": change.now, "changed_at": change.now, "expires_at": None,
        "extended": 0, "version": 2,
    }  # fmt: skip
    rows = [WHO | ended | {"placement_id": _placement(number), "facility_id": _site(number)} for number in numbers]
    change.connection.execute(placements.insert(), rows)
    drawn = [{"placement_id": _placement(number), "pool_id": _pool(number)} for number in numbers]
    change.connection.execute(claims.insert(), [{"draws": 1, "ended_at": change.now} | row for row in drawn])
    for number in numbers:
        site, pool, one = _site(number), _pool(number), _placement(number)
        change.tell(site, PlacementState.HELD.value, one, opening="opening", draws={pool: 1}, until=change.now)
        change.tell(site, Act.RELEASE.value, one)
        for free in (number % FREE, FREE):
            change.tell(site, "reported", pool, number=free, before=FREE, claims=0)


def _site(number: int) -> str:
    return f"facility/{number % CHAINS}"


def _pool(number: int) -> str:
    return f"seats/{number % CHAINS}/1"


def _placement(number: int) -> str:
    return f"{number:032x}"


register(Case("verify", "matcher store verify: all events, their chains and heads, and the books", (1_000_000,), run))
