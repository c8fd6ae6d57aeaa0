"""What another hand did to the ledger is found, and named."""

from functools import partial
from pathlib import Path
from random import Random

import pytest
from data.store.change import Change, Store
from data.store.heads import Heads, write_head
from data.store.reports import report
from data.store.tables import claims, events, metadata, placements, pools
from data.store.verify import Verdict, verify
from data.store.words import Act
from sqlalchemy import delete, select, update

from tests.soak import size

from .ledgers import Clock, hold, seeded
from .tampering import HIDDEN, OPEN, Tamper, ends, every, put
from .writes import WRITES, do, join

TIMES = size(30, 200)


@pytest.fixture
def told(store: Store, clock: Clock, tmp_path: Path) -> Heads:
    """A ledger in which much has happened in two chains, the last of it not yet signed."""
    for number in range(3):
        one = hold(store, number, "seats/a/2")
        if number:
            do(store, one.placement_id, Act.CONFIRM)
        clock.pass_minutes(1)
    store.write("advisor", lambda change: join(change, 4))
    for said in (2, 3, 1, None):
        store.write("facility", partial(report, pool_id="seats/b/1", number=said))
    heads = Heads(tmp_path / "heads", store.keys.signing)
    assert heads.write(store)
    hold(store, 5)
    store.write("facility", lambda change: report(change, "seats/b/1", 2))
    return heads


def problems(verdict: Verdict) -> list[str]:
    return [str(fault) for fault in verdict.faults]


def test_a_ledger_nobody_touched_is_clean(store: Store, told: Heads) -> None:
    assert problems(verify(store.database)) == []
    verdict = verify(store.database, told)
    assert (problems(verdict), verdict.events, verdict.chains, verdict.placements) == ([], 12, 2, 4)
    assert verdict.signed_at == store.clock()


@pytest.mark.parametrize("tamper", [*OPEN, *HIDDEN], ids=lambda tamper: tamper.__name__)
def test_whatever_was_done_to_events_behind_the_signed_head_is_found(store: Store, told: Heads, tamper: Tamper) -> None:
    with store.database.read() as connection:
        rows = every(connection)
    chance = Random(7)
    for _ in range(TIMES):
        after = tamper(chance, rows, told)
        assert after != rows
        put(store.database, after, ends(rows) if tamper in OPEN else ends(after))
        assert verify(store.database, told).faults
    put(store.database, rows, ends(rows))
    assert problems(verify(store.database, told)) == []


def test_without_a_head_outside_a_cut_chain_looks_whole(store: Store, told: Heads) -> None:
    with store.database.read() as connection:
        rows = every(connection)
    short = [row for row in rows if row.chain != "b" or row.seq < 3]
    put(store.database, short, ends(short))
    assert problems(verify(store.database)) == ["pool seats/b/1 reports 2; its events say 3"]
    store.database.write(
        lambda connection: connection.execute(update(pools).where(pools.c.pool_id == "seats/b/1").values(reported=3))
    )
    assert problems(verify(store.database)) == []
    assert problems(verify(store.database, told)) == ["event b 4 was signed, and is not there"]


def test_a_fault_names_the_event(store: Store, told: Heads) -> None:
    store.database.write(
        lambda connection: connection.execute(
            update(events).where(events.c.chain == "b", events.c.seq == 2).values(body="{}")
        )
    )
    assert problems(verify(store.database, told)) == ["event b 2 is not what was written"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            update(pools).where(pools.c.pool_id == "seats/a/1").values(claims=2),
            "pool seats/a/1 counts 2 claims; 1 stand",
        ),
        (update(placements).where(placements.c.caller_id == "c5").values(state="offered"), "is offered; a 7 says held"),
        (
            update(placements).where(placements.c.caller_id == "c5").values(state="expired", expires_at=None),
            "is expired, and has open claims",
        ),
        (update(claims).values(draws=2), "claims not what a 1 says: {'seats/a/2': 1}"),
        (update(claims).values(ended_at=1), "has claims that end not as a 7 says: None"),
        (
            update(pools).where(pools.c.pool_id == "seats/b/1").values(reported=3),
            "pool seats/b/1 reports 3; its events say 2",
        ),
        (
            update(pools).where(pools.c.pool_id == "seats/b/1").values(reported=None),
            "pool seats/b/1 reports None; its events say 2",
        ),
        (
            update(placements).where(placements.c.caller_id == "c5").values(expires_at=placements.c.expires_at + 60),
            "a 7 says 17982",
        ),
        (
            update(placements)
            .where(placements.c.caller_id == "c1")
            .values(state="held", expires_at=1, changed_at=placements.c.changed_at),
            "is held; a 3 says confirm",
        ),
        (delete(events).where(events.c.seq == 7), "has no event at its facility"),
    ],
)
def test_books_that_do_not_agree_are_found(store: Store, told: Heads, statement: object, said: str) -> None:
    store.database.write(lambda connection: connection.execute(statement))  # type: ignore[call-overload]
    assert any(said in problem for problem in problems(verify(store.database, told)))


def test_a_placement_taken_away_is_missed(store: Store, told: Heads) -> None:
    def work(change: Change) -> None:
        one = select(placements.c.placement_id).where(placements.c.caller_id == "c5").scalar_subquery()
        change.connection.execute(delete(claims).where(claims.c.placement_id == one))
        change.connection.execute(delete(placements).where(placements.c.caller_id == "c5"))
        change.connection.execute(update(pools).where(pools.c.pool_id == "seats/a/1").values(claims=0))

    store.write("other", work)
    assert any("is not there; a 7 tells of it" in problem for problem in problems(verify(store.database, told)))


def test_every_kind_of_write_leaves_a_clean_ledger(store: Store, clock: Clock, tmp_path: Path) -> None:
    clean = []
    for name, write in WRITES.items():
        seeded_anew(store)
        one = write.before(store, clock)
        store.write("advisor", partial(write.work, one=one))
        if problems(verify(store.database)):
            clean.append(name)
    assert clean == []


def seeded_anew(store: Store) -> None:
    emptied(store)
    seeded(store)


def emptied(store: Store) -> None:
    def work(change: Change) -> None:
        for table in reversed(metadata.sorted_tables):
            change.connection.execute(delete(table))

    store.write("test", work)


def test_a_head_is_written_of_what_happened_and_once(store: Store, told: Heads) -> None:
    assert write_head(store, told.path)
    assert not write_head(store, told.path)
    lines = told.path.read_text().splitlines()
    assert len(lines) == 2
    assert told.follow().lines == 2
    assert told.signed == Heads(told.path, store.keys.signing).follow().signed


@pytest.mark.parametrize("field", ["at", "body", "seq", "hash"])
def test_what_is_no_event_at_all_is_found(store: Store, told: Heads, field: str) -> None:
    if not store.database.is_sqlite:
        return  # there a column takes only what it is for
    store.database.write(
        lambda connection: connection.exec_driver_sql(
            f"UPDATE events SET \"{field}\" = CAST('h\xff' AS {'TEXT' if field == 'hash' else 'BLOB'})"
            " WHERE chain = 'b' AND seq = 2"
        )
    )
    assert any("is not what was written" in problem for problem in problems(verify(store.database, told)))
