"""The life of a placement, step by step, in both databases."""

import pytest
from data.store import placements, waitlist
from data.store.chain import Event, Head, faults
from data.store.change import Change, Store
from data.store.errors import Stale, Taken, Unfit
from data.store.life import act
from data.store.placements import CODES, Placement, placement, promise
from data.store.reports import report
from data.store.tables import chains, events, exclusions, tasks
from data.store.upgrade import differences, is_current
from data.store.words import LIFE, Act, PlacementState, TaskKind
from sqlalchemy import select

from .ledgers import Clock, hold, pool, wanted


def do(store: Store, placement_id: str, what: Act, reason: str | None = None) -> Placement:
    return store.write("advisor", lambda change: act(change, placement_id, what, reason))


def say(store: Store, pool_id: str, number: int | None, version: int | None = None) -> None:
    store.write("facility", lambda change: report(change, pool_id, number, version))


def wait(store: Store, number: int, tier: int = 3, *pool_ids: str) -> waitlist.Entry:
    def work(change: Change) -> waitlist.Entry:
        change.take("a")
        return waitlist.join(change, wanted(number, *pool_ids), tier)

    return store.write("advisor", work)


def kinds(store: Store, chain: str = "a") -> list[str]:
    with store.database.read() as connection:
        found = connection.execute(select(events).where(events.c.chain == chain).order_by(events.c.seq)).all()
        heads = {row.chain: Head(row.seq, row.hash) for row in connection.execute(select(chains))}
        every = connection.execute(select(events).order_by(events.c.chain, events.c.seq)).all()
    assert not list(faults((Event(*row) for row in every), heads))
    return [row.kind for row in found]


def test_the_tables_are_what_the_migrations_make(store: Store) -> None:
    with store.database.read() as connection:
        assert is_current(connection)
        assert not differences(connection)


@pytest.mark.parametrize("free", [True, False])
def test_a_spoken_code_is_no_one_elses_at_the_facility(
    store: Store, monkeypatch: pytest.MonkeyPatch, free: bool
) -> None:
    """The control: where no other code is left, nothing is promised."""
    said = iter(["SAMEAS", *["SAMEAS"] * (CODES - 1), "OTHERS" if free else "SAMEAS"])
    monkeypatch.setattr(placements, "spoken_code", lambda: next(said))
    first = hold(store, 0, "seats/a/2")
    if free:
        second = hold(store, 1, "seats/a/2")
        assert (first.code, second.code) == ("SAMEAS", "OTHERS")
        return
    with pytest.raises(Unfit, match="no spoken code is free at a"):
        hold(store, 1, "seats/a/2")
    assert len(kinds(store)) == 1


def test_the_last_seat_is_promised_once(store: Store) -> None:
    first = hold(store, 0)
    assert pool(store) == (1, 1)
    with pytest.raises(Taken, match="0 free, 1 needed"):
        hold(store, 1)
    assert first.code is not None
    assert len(first.code) == 6
    assert pool(store) == (1, 1)
    assert kinds(store) == ["held"]


def test_a_hold_claims_every_pool_or_none(store: Store) -> None:
    hold(store, 0)
    with pytest.raises(Taken):
        hold(store, 1, "seats/a/2", "seats/a/1")
    assert pool(store, "seats/a/2") == (3, 0)


def test_an_admitted_person_is_no_longer_a_claim_nor_a_seat(store: Store) -> None:
    held = hold(store, 0, "seats/a/2", "starts/a")
    do(store, held.placement_id, Act.CONFIRM)
    do(store, held.placement_id, Act.ADMIT)
    assert (pool(store, "seats/a/2"), pool(store, "starts/a")) == ((2, 0), (1, 0))
    assert kinds(store) == ["held", "confirm", "admit"]


@pytest.mark.parametrize("what", list(Act))
@pytest.mark.parametrize("state", list(PlacementState))
def test_only_what_the_life_allows_happens(store: Store, clock: Clock, state: PlacementState, what: Act) -> None:
    one = hold(store, 0)
    way = {
        PlacementState.HELD: (),
        PlacementState.CONFIRMED: (Act.CONFIRM,),
        PlacementState.ADMITTED: (Act.CONFIRM, Act.ADMIT),
        PlacementState.DECLINED: (Act.DECLINE,),
        PlacementState.NO_SHOW: (Act.CONFIRM, Act.NO_SHOW),
        PlacementState.RELEASED: (Act.RELEASE,),
    }.get(state)
    if way is None:
        return  # offered and expired ones have tests of their own
    for step in way:
        do(store, one.placement_id, step, "not-ready" if step is Act.DECLINE else None)
    if what is Act.EXPIRE and state is PlacementState.HELD:
        clock.pass_minutes(30)
    reason = "not-ready" if what is Act.DECLINE else None
    if (state, what) in LIFE:
        assert do(store, one.placement_id, what, reason).state is LIFE[state, what]
    else:
        with pytest.raises(Unfit):
            do(store, one.placement_id, what, reason)


def test_a_hold_ends_by_itself_and_not_before(store: Store, clock: Clock) -> None:
    held = hold(store, 0)
    clock.pass_minutes(29)
    with pytest.raises(Unfit, match="holds until"):
        do(store, held.placement_id, Act.EXPIRE)
    clock.pass_minutes(1)
    with pytest.raises(Unfit, match="held until"):
        do(store, held.placement_id, Act.CONFIRM)
    assert do(store, held.placement_id, Act.EXPIRE).state is PlacementState.EXPIRED
    assert pool(store) == (1, 0)


def test_a_hold_is_extended_once(store: Store, clock: Clock) -> None:
    held = hold(store, 0)
    assert do(store, held.placement_id, Act.EXTEND).expires_at == clock.now + 60 * 60
    with pytest.raises(Unfit, match="extended before"):
        do(store, held.placement_id, Act.EXTEND)


def test_a_report_below_the_claims_is_taken_and_a_task_says_so(store: Store) -> None:
    hold(store, 0, "seats/a/2")
    hold(store, 1, "seats/a/2")
    say(store, "seats/a/2", 1)
    assert pool(store, "seats/a/2") == (1, 2)
    with store.database.read() as connection:
        open_tasks = connection.execute(select(tasks.c.kind, tasks.c.done_at)).all()
    assert [tuple(row) for row in open_tasks] == [(TaskKind.OVERPROMISED, None)]
    with pytest.raises(Taken):
        hold(store, 2, "seats/a/2")
    say(store, "seats/a/2", 2)
    with store.database.read() as connection:
        assert connection.execute(select(tasks.c.outcome)).scalar_one() == "room"


def test_a_report_on_an_older_version_is_refused(store: Store) -> None:
    say(store, "seats/a/2", 2, 1)
    with pytest.raises(Stale, match="is at version 2"):
        say(store, "seats/a/2", 3, 1)
    say(store, "seats/a/2", None, 2)
    assert pool(store, "seats/a/2") == (2, 0)


def test_a_freed_seat_is_offered_in_legal_order(store: Store, clock: Clock) -> None:
    held = hold(store, 0)
    wait(store, 1)
    clock.pass_minutes(1)
    second = wait(store, 2, 1)
    do(store, held.placement_id, Act.RELEASE)
    assert pool(store) == (1, 1)
    with store.database.read() as connection:
        assert waitlist.entry(connection, second.entry_id).state == "offered"
        assert [one.referral_id for one in waitlist.queue(connection, "a/1")[0]] == ["r1"]
    with pytest.raises(Taken):
        hold(store, 3)
    assert kinds(store) == ["held", "waiting", "waiting", "release", "offered"]


def test_an_offer_that_runs_out_goes_to_the_next_and_waits_behind(store: Store, clock: Clock) -> None:
    held = hold(store, 0)
    first = wait(store, 1)
    clock.pass_minutes(1)
    second = wait(store, 2)
    do(store, held.placement_id, Act.RELEASE)
    with store.database.read() as connection:
        from data.store.tables import placements

        offered = connection.execute(
            select(placements.c.placement_id).where(placements.c.state == "offered")
        ).scalar_one()
        assert placement(connection, offered).entry_id == first.entry_id
    clock.pass_minutes(30)
    do(store, offered, Act.EXPIRE)
    with store.database.read() as connection:
        assert waitlist.entry(connection, second.entry_id).state == "offered"
        one = waitlist.entry(connection, first.entry_id)
        assert (one.state, one.missed) == ("waiting", 1)


def test_declines_have_the_effect_they_state(store: Store) -> None:
    one = hold(store, 0, "seats/a/2")
    do(store, one.placement_id, Act.DECLINE, "too-far")
    with store.database.read() as connection:
        assert connection.execute(select(exclusions.c.caller_id, exclusions.c.facility_id)).one() == ("c0", "a")
    two = hold(store, 1, "seats/a/2")
    do(store, two.placement_id, Act.DECLINE, "full")
    assert pool(store, "seats/a/2") == (0, 0)
    with pytest.raises(Unfit, match="is no reason"):
        do(store, hold(store, 2).placement_id, Act.DECLINE, "bored")


def test_a_facility_says_of_itself_alone_that_it_is_full(store: Store) -> None:
    bundle = wanted(0, "seats/a/2", "seats/b/1")._replace(facilities=("a", "b"))

    def work(change: Change) -> Placement:
        change.take(*bundle.facilities)
        return promise(change, bundle)

    do(store, store.write("advisor", work).placement_id, Act.DECLINE, "full")
    assert pool(store, "seats/a/2") == (0, 0)
    assert pool(store, "seats/b/1") == (2, 0)


def test_a_referral_has_one_active_placement(store: Store) -> None:
    hold(store, 0)
    with pytest.raises(Unfit, match="active placement already"):
        hold(store, 0, "seats/a/2")
    assert pool(store, "seats/a/2") == (3, 0)


def test_legal_priorities_get_their_tasks_on_the_waitlist(store: Store) -> None:
    hold(store, 0)
    wait(store, 1)
    with store.database.read() as connection:
        assert not connection.execute(select(tasks)).all()
    entry = wait(store, 2, 2)
    with store.database.read() as connection:
        due = {row.kind: (row.due_at - row.made_at) // 3600 for row in connection.execute(select(tasks))}
    assert due == {
        "interim-services-48-hours": 48, "admission-14-days": 14 * 24, "admission-120-days": 120 * 24
    }  # fmt: skip
    store.write("advisor", lambda change: waitlist.leave(change, entry.entry_id))
    with store.database.read() as connection:
        assert {row.outcome for row in connection.execute(select(tasks))} == {"left"}
