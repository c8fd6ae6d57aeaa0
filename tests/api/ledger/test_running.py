"""A server as an installation runs it: somebody else holds its ledger as long as it waits; its heads are signed."""

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from data.store.change import Store
from data.store.database import WAIT
from data.store.heads import Heads
from data.store.tables import chains, events
from data.store.verify import verify
from sqlalchemy import delete, select, update

from .desk import CALLER, Desk
from .jobbed import QUICK, UNCLOCKED, forgotten, until
from .locking import locked
from .served import served
from .test_last_seat import url_of

KEY = "one-and-the-same"


@pytest.fixture(autouse=True)
def no_jobs_of_others(store: Store) -> None:
    forgotten(store.database)


def told_while_locked(store: Store, held: bool) -> tuple[Any, Any, Any]:
    """Hold while another process has the ledger, longer than is waited for or not; what is told then, and afterwards.

    The last of them: the matches that are told while the hold waits.
    """
    with served(url_of(store)) as base, httpx2.Client(base_url=base, timeout=60) as client:
        desk = Desk(client, store)
        body = {"referral_id": desk.keep(), "opening_id": desk.best()}

        def hold() -> Any:
            return client.post("/v1/placements", json=body, headers=desk.headers(KEY))

        with ThreadPoolExecutor(1) as worker:
            with locked(url_of(store)):
                waits: Future[Any] = worker.submit(hold)
                matches = client.post("/v1/matches", json={"caller": CALLER})
                alive = client.get("/healthz").status_code
                assert (alive, waits.done()) == (200, False)
                told = waits.result(6 * WAIT) if held else None
            first = told or waits.result(6 * WAIT)
        return first, hold(), matches


def test_a_ledger_that_is_locked_as_long_as_is_waited_says_when_to_come_back_and_still_matches(store: Store) -> None:
    first, again, matches = told_while_locked(store, held=True)
    assert (first.status_code, int(first.headers["retry-after"]) > 0) == (503, True), first.text
    assert (matches.status_code, bool(matches.json()["matches"])) == (200, True)
    assert again.status_code == 201, again.text


def test_one_that_is_given_back_sooner_is_waited_for(store: Store) -> None:
    """The control."""
    first, again, matches = told_while_locked(store, held=False)
    assert (first.status_code, again.json(), matches.status_code) == (201, first.json(), 200)


def ends(store: Store) -> dict[str, int]:
    with store.database.read() as connection:
        return {row.chain: row.seq for row in connection.execute(select(chains))}


def signed(store: Store, path: Path) -> dict[str, int]:
    """The chains of which heads are signed in a file, and up to which event."""
    if not path.exists():
        return {}
    return {name: head.seq for name, head in Heads(path, store.keys.signing).follow().signed.items()}


def test_heads_are_signed_while_the_server_runs(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "heads"
    with served(url_of(store), QUICK, MATCHER_HEADS=str(path)) as base, httpx2.Client(base_url=base) as client:
        desk = Desk(client, store)
        for opening in (desk.best(), desk.best(1)):
            assert desk.hold(desk.keep(), opening)[0] == 201
            assert until(lambda: signed(store, path) == ends(store) or None, 60), (signed(store, path), ends(store))
    heads = Heads(path, store.keys.signing)
    assert verify(store.database, heads).faults == ()
    assert heads.lines >= 2
    chain = f"user:{desk.user_id}"
    cut(store, chain)
    assert verify(store.database).faults == ()
    assert any(chain in fault.id for fault in verify(store.database, Heads(path, store.keys.signing)).faults)


def cut(store: Store, chain: str) -> None:
    """Cut the last event off a chain, so that only what was signed tells."""
    last = ends(store)[chain]

    def work(connection: Any) -> None:
        connection.execute(delete(events).where(events.c.chain == chain, events.c.seq == last))
        left = select(events.c.hash).where(events.c.chain == chain, events.c.seq == last - 1).scalar_subquery()
        connection.execute(update(chains).where(chains.c.chain == chain).values(seq=last - 1, hash=left))

    store.database.write(work)


def test_without_a_clock_none_are(store: Store, tmp_path: Path) -> None:
    """The control."""
    path = tmp_path / "heads"
    with served(url_of(store), UNCLOCKED, MATCHER_HEADS=str(path)) as base, httpx2.Client(base_url=base) as client:
        desk = Desk(client, store)
        assert desk.hold(desk.keep(), desk.best())[0] == 201
        assert until(lambda: signed(store, path) or None, 6) is None
