"""A placement is decided again from what the ledger kept, and comes out the same to the byte."""

import pytest
from api.replayed import replayed
from api.serve.followed import Followed
from data.store import erasure, given
from data.store.change import Store
from data.store.errors import Erased
from data.store.tables import given as kept
from sqlalchemy import select, update

from .desk import Desk


def test_a_decision_comes_out_the_same_after_the_seats_have_changed(desk: Desk, store: Store) -> None:
    for number in (0, 3):
        opening = desk.best(number)
        referral = desk.keep()
        _, held = desk.hold(referral, opening)
        desk.report(opening, 0)
        found = replayed(store, held["placement_id"])
        assert (found.same, found.rules) == (True, True)
        assert desk.post(f"/v1/placements/{held['placement_id']}/release", {})[0] == 200
        desk.report(opening, 9)


def test_what_was_given_and_changed_since_comes_out_otherwise(desk: Desk, store: Store) -> None:
    """The control: a policy that asks more of the caller gives another decision."""
    _, held = desk.hold(desk.keep(), desk.best())
    with store.database.read() as connection:
        row = connection.execute(select(kept)).first()
    assert row is not None
    found = given.unpacked(row.content)
    numbers = found.policy.copy()
    numbers["ask_minutes"] += 7
    numbers["day_minutes"] += 7
    content = given.packed(found._replace(policy=numbers))
    store.database.write(lambda connection: connection.execute(update(kept).values(content=content)))
    assert not replayed(store, held["placement_id"]).same


def test_the_decision_on_an_erased_caller_is_erased(desk: Desk, store: Store) -> None:
    status, told = desk.post("/v1/callers", {"caller": {"zip": "98101", "need": "IOP", "daily_limit": 1440}})
    assert status == 201
    _, held = desk.hold(told["referral_ids"][0], desk.best())
    desk.post(f"/v1/placements/{held['placement_id']}/release", {})
    store.write("supervisor", lambda change: erasure.erase(change, told["caller_id"]))
    with pytest.raises(Erased):
        replayed(store, held["placement_id"])


def test_a_part_that_is_kept_is_read_as_the_part_itself(store: Store) -> None:
    """Its pools keep their numbers in the whole, and are numbered anew when they are read."""
    held = Followed(store).held
    whole, rows = held.sweep.directory, [7, 3, 3, 11]
    kept = given.packed(given.Given(whole, held.sweep.policy), rows)
    found, wanted = given.unpacked(kept), given.part(whole, rows)
    assert (found.directory.opening_ids, found.directory.pool_ids) == (wanted.opening_ids, wanted.pool_ids)
    for one, other in ((found.directory.openings, wanted.openings), (found.directory.pools, wanted.pools)):
        assert one.tobytes() == other.tobytes()
    assert found.policy.tobytes() == held.sweep.policy.tobytes()
    assert given.unpacked(given.packed(found)).directory.openings.tobytes() == wanted.openings.tobytes()
    assert wanted.openings.tobytes() != whole.openings[[3, 7, 11]].tobytes()  # else nothing was to be numbered anew
