"""Whom what is free is offered to: nobody where they are not sent any more, and everybody else whose turn it is."""

import pytest
from data.store import waitlist
from data.store.change import Change, Store
from data.store.database import Database
from data.store.ending import offer_free
from data.store.keys import Keys
from data.store.waitlist import Entry

from .ledgers import SEATS, SECRET, Clock, seeded, wanted
from .test_life import kinds, say

CROWD = 120
"""More than are read at a time, twice over."""
ROOM = SEATS | {"starts/a": ("a", 0)}


@pytest.fixture
def crowded(database: Database, clock: Clock) -> Store:
    """A ledger with very many callers; no start on medication is free."""
    store = Store(database, Keys.of(SECRET), clock)
    seeded(store, ROOM, CROWD + 1)
    return store


def wait(store: Store, number: int, *pool_ids: str, sites: tuple[str, ...] = ("a",)) -> Entry:
    """Let caller ``number`` wait for one unit of each pool."""

    def work(change: Change) -> Entry:
        change.take(*sites)
        return waitlist.join(change, wanted(number, *pool_ids)._replace(facilities=sites), 1)

    return store.write("advisor", work)


def offered(store: Store) -> list[str]:
    """The referrals to which what is free is offered now."""
    return [one.referral_id for one in offer_free(store)]


def test_who_waits_for_a_full_pool_as_well_holds_nobody_up(crowded: Store, clock: Clock) -> None:
    for number in range(CROWD):
        wait(crowded, number, "seats/a/1", "starts/a")
    clock.pass_minutes(1)
    wait(crowded, CROWD)
    assert offered(crowded) == [f"r{CROWD}"]
    say(crowded, "seats/a/1", 2)
    say(crowded, "starts/a", 1)
    assert kinds(crowded).count("offered") == 2  # the control: once there is room, it is offered in order
