"""Callers and their referrals: sealed, told when opened, the engine given what it needs; in both databases."""

import json

import pytest
from data.columns import CALLERS
from data.store.callers import caller, change_caller, create, open_caller
from data.store.change import Store
from data.store.errors import Malformed, Missing, Stale
from data.store.keys import Keys, Unreadable
from data.store.referrals import cells_of, open_referral, refer, referrals_of
from data.store.tables import caller_keys, callers, exclusions
from data.store.tables import referrals as kept
from sqlalchemy import insert, select, update

from .people import ASKS, all_there_is, made, referred, told


def test_what_is_known_of_a_caller_comes_back(store: Store) -> None:
    one = made(store, plan=" Harbor HMO ", payers="")
    with store.database.read() as connection:
        assert caller(connection, store.keys, one.caller_id) == one
    assert one.attributes == ASKS | {"plan": "Harbor HMO"}


def test_nothing_of_a_caller_can_be_read_in_the_tables(store: Store) -> None:
    one = made(store, plan="Zanzibar-Plan")
    referred(store, one.caller_id, services="Quokka")
    everything = all_there_is(store)
    assert b"Zanzibar" not in everything
    assert b"Quokka" not in everything
    store.write("advisor", lambda change: change.tell_own("leak", one.caller_id, plan="Zanzibar-Plan"))
    assert b"Zanzibar" in all_there_is(store)


def test_a_record_moved_to_another_caller_does_not_open(store: Store) -> None:
    one, other = made(store), made(store, ages="35")
    store.database.write(
        lambda connection: connection.execute(
            update(callers)
            .where(callers.c.caller_id == other.caller_id)
            .values(content=select(callers.c.content).where(callers.c.caller_id == one.caller_id).scalar_subquery())
        )
    )
    with store.database.read() as connection, pytest.raises(Unreadable):
        caller(connection, store.keys, other.caller_id)


def test_another_secret_opens_no_record(store: Store) -> None:
    one = made(store)
    with store.database.read() as connection, pytest.raises(Unreadable):
        caller(connection, Keys.of("A" * 43 + "="), one.caller_id)


def test_each_opening_is_told_in_the_chain_of_whoever_opens(store: Store) -> None:
    one = made(store)
    two = referred(store, one.caller_id, need="residential")
    store.write("other", lambda change: open_caller(change, one.caller_id))
    store.write("other", lambda change: open_referral(change, two.referral_id))
    opened = [(kind, subject) for kind, subject, _ in told(store, "user:other")]
    assert opened == [("opened", one.caller_id), ("opened", one.caller_id)]
    with store.database.read() as connection:
        caller(connection, store.keys, one.caller_id)
    assert len(told(store, "user:other")) == 2


@pytest.mark.parametrize("step", ["taken", "done", "told"])
def test_what_cannot_be_told_is_not_shown(store: Store, step: str) -> None:
    one = made(store)
    before = told(store)

    def cut(passed: str) -> None:
        if passed == step:
            raise InterruptedError

    cutting = Store(store.database, store.keys, store.clock, cut)
    with pytest.raises(InterruptedError):
        cutting.write("advisor", lambda change: open_caller(change, one.caller_id))
    assert told(store) == before


def bodies(store: Store, cells: dict[str, str]) -> list[str]:
    """What events say while a caller with these cells is created, changed, referred and opened."""
    start = len(told(store))
    one = store.write("advisor", lambda change: create(change, cells))
    store.write("advisor", lambda change: refer(change, one.caller_id, cells))
    store.write("advisor", lambda change: change_caller(change, one.caller_id, cells))
    store.write("advisor", lambda change: open_caller(change, one.caller_id))
    return [body.replace(one.caller_id, "-") for _, _, body in told(store)[start:]]


def test_events_do_not_tell_which_columns_are_filled(store: Store) -> None:
    assert bodies(store, ASKS) == bodies(store, {"zip": "43215"})


def test_a_change_names_columns_and_leaves_the_others(store: Store) -> None:
    one = made(store)
    after = store.write("advisor", lambda change: change_caller(change, one.caller_id, {"ages": "35", "pregnant": ""}))
    assert after.attributes == {"zip": "43215", "need": "outpatient", "medications": "methadone", "ages": "35"}
    assert after.version == 2


def test_whoever_saw_an_older_version_changes_nothing(store: Store) -> None:
    one = made(store)
    for _ in range(2):
        store.write("advisor", lambda change: change_caller(change, one.caller_id, {"ages": "35"}))
    with pytest.raises(Stale, match="version 3, not 1"):
        store.write("advisor", lambda change: change_caller(change, one.caller_id, {"ages": "99"}, 1))
    with store.database.read() as connection:
        assert caller(connection, store.keys, one.caller_id).attributes["ages"] == "35"


@pytest.mark.parametrize("column", ["name", "phone", "birth_date", "referral_id", "placed", "simulated", "sponsor"])
def test_a_column_that_is_not_kept_of_a_caller_is_refused(store: Store, column: str) -> None:
    with pytest.raises(Malformed, match=f"'{column}' is no column of callers; allowed: zip"):
        made(store, **{column: "Ann"})
    one = made(store)
    with pytest.raises(Malformed, match="no column of referrals"):
        referred(store, one.caller_id, **{column: "Ann"})


def test_steps_of_care_follow_one_another(store: Store) -> None:
    one = made(store)
    first, second = referred(store, one.caller_id), referred(store, one.caller_id)
    assert (first.step, second.step) == (1, 2)
    with pytest.raises(Stale, match="step 2 already"):
        store.write("advisor", lambda change: refer(change, one.caller_id, {}, 2))
    with pytest.raises(Malformed, match="1 and up"):
        store.write("advisor", lambda change: refer(change, one.caller_id, {}, 0))
    with store.database.read() as connection:
        assert referrals_of(connection, one.caller_id) == [first.referral_id, second.referral_id]


def test_the_engine_is_given_the_callers_cells_with_what_the_referral_says_instead(store: Store) -> None:
    one = made(store, excluded="x;y")
    two = referred(store, one.caller_id, need="residential", excluded="y;z")
    store.database.write(
        lambda connection: connection.execute(
            insert(exclusions),
            [
                {"caller_id": one.caller_id, "facility_id": site, "reason": "declined", "since": 1}
                for site in ("b", "x")
            ],
        )
    )
    with store.database.read() as connection:
        cells = cells_of(connection, store.keys, two.referral_id)
    assert list(cells) == list(CALLERS)
    assert cells["excluded"] == "x;y;z;b"
    assert (cells["need"], cells["zip"], cells["simulated"]) == ("residential", "43215", "no")
    assert cells["referral_id"] == two.referral_id


def test_unknown_ids_are_missing(store: Store) -> None:
    with pytest.raises(Missing, match="no caller nobody"):
        store.write("advisor", lambda change: open_caller(change, "nobody"))
    with pytest.raises(Missing, match="no referral none"):
        store.write("advisor", lambda change: open_referral(change, "none"))


def test_a_referral_keeps_only_what_differs(store: Store) -> None:
    one = made(store)
    two = referred(store, one.caller_id, need="residential", zip="")
    with store.database.read() as connection:
        content = connection.execute(select(kept.c.content).where(kept.c.referral_id == two.referral_id)).scalar_one()
        wrapped = connection.execute(
            select(caller_keys.c.wrapped).where(caller_keys.c.caller_id == one.caller_id)
        ).scalar_one()
    seal = store.keys.unwrap(one.caller_id, wrapped)
    assert json.loads(seal.open(content, f"referrals.content.{two.referral_id}")) == {"need": "residential"}
