"""Where a part fails the rest answers: the list still comes, a write is told to come back, nothing is blank."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.ledger import Ledger
from api.serve.working import jobs_of
from api.settings import Settings
from data.store import directory
from data.store.change import Change, Store
from data.store.database import Database
from data.store.jobs import Jobs
from data.store.keys import Keys
from data.store.words import Role
from starlette.testclient import TestClient

from api.serve import asking, moving

from ...store.ledgers import SECRET
from .desk import CALLER, Desk
from .jobbed import breaks, dies, forgotten
from .locking import locked
from .test_last_seat import url_of
from .test_reassignments import in_state

ALL = "/v1/matches?question=true&sentences=true&why_not=3"


@pytest.fixture
def store(database: Database, folder: Path) -> Iterator[Store]:
    """A ledger with a small directory that does not wait long for a database held by others."""
    made = Store(database, Keys.of(SECRET))
    directory.load(made, folder)
    impatient = Database(url_of(made), wait=0.5)
    yield Store(impatient, Keys.of(SECRET))
    impatient.close()


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    forgotten(store.database)
    settings = Settings(rate=0, database_url=url_of(store), renew_seconds=0.2)
    holder = Followed(store)
    app = create_app(holder, settings, ledger=Ledger(store), jobs=jobs_of(store, holder, settings))
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def fails(*_: object, **__: object) -> Any:
    raise RuntimeError("planted")


@pytest.mark.parametrize(
    ("planted", "part"),
    [("next_question", "question"), ("nearby_but", "why_not"), ("Explainer", "sentences"), ("", "")],
)
def test_a_part_that_fails_is_named_and_the_list_comes(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, planted: str, part: str
) -> None:
    whole = client.post(ALL, json={"caller": CALLER}).json()
    assert whole["unfinished"] == []
    if planted:
        monkeypatch.setattr(asking, planted, fails)
    told = client.post(ALL, json={"caller": CALLER})
    assert told.status_code == 200
    assert (part in told.json()["unfinished"]) is bool(planted)
    order = [[match["opening_id"] for match in found["matches"]] for found in (told.json(), whole)]
    assert order[0] == order[1] != []


@pytest.mark.parametrize("planted", [dies, breaks, None])
def test_a_solver_that_is_killed_or_fails_is_told_of_and_stops_nobody(
    client: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch, planted: Callable[..., None] | None
) -> None:
    """It runs in a process of its own: the last of these is the control, in which it lives."""
    if planted is not None:
        monkeypatch.setattr(moving, "_work_out", planted)
    boss, advisor = Desk(client, store, Role.SUPERVISOR), Desk(client, store)
    status, asked = boss.post("/v1/reassignments", {})
    assert status == 202
    told = in_state(boss, f"/v1/reassignments/{asked['reassignment_id']}", "failed", "proposed")
    assert (told["state"], told["code"]) == (("failed", "failed") if planted else ("proposed", None))
    assert client.post("/v1/matches", json={"caller": CALLER}).json()["matches"]
    assert advisor.hold(advisor.keep(), advisor.best())[0] == 201
    assert client.get("/readyz").json()["checks"]["jobs"] is True


@pytest.mark.parametrize("held", [True, False])
def test_a_locked_ledger_says_when_to_come_back_and_still_matches(client: TestClient, store: Store, held: bool) -> None:
    advisor, boss = Desk(client, store), Desk(client, store, Role.SUPERVISOR)
    referral, opening = advisor.keep(), advisor.best()
    body = {"referral_id": referral, "opening_id": opening}
    with locked(url_of(store)) if held else nullcontext():
        told = client.post("/v1/matches", json={"caller": CALLER})
        assert (told.status_code, bool(told.json()["matches"])) == (200, True)
        hold = client.post("/v1/placements", json=body, headers=advisor.headers("one-and-the-same"))
        assert hold.status_code == (503 if held else 201), hold.text
        assert ("retry-after" in hold.headers) is held
        report = client.put(f"/v1/openings/{opening}/seats", json={"number": 4}, headers=advisor.headers())
        ask = client.post("/v1/reassignments", json={}, headers=boss.headers())
        assert (report.status_code, ask.status_code) == ((503, 503) if held else (200, 202))
        assert client.get("/healthz").status_code == 200
    again = client.post("/v1/placements", json=body, headers=advisor.headers("one-and-the-same"))
    assert again.status_code == 201
    assert held or again.json() == hold.json()


def test_jobs_that_never_begin_leave_a_plan_asked_for_and_all_else_as_it_was(store: Store) -> None:
    holder = Followed(store)
    down = Jobs("sqlite:////nowhere/ledger.db", {}, {})
    with TestClient(create_app(holder, Settings(rate=0), ledger=Ledger(store), jobs=down)) as client:
        boss, advisor = Desk(client, store, Role.SUPERVISOR), Desk(client, store)
        status, asked = boss.post("/v1/reassignments", {})
        assert (status, asked["state"]) == (202, "asked")
        assert boss.get(f"/v1/reassignments/{asked['reassignment_id']}")[1]["state"] == "asked"
        assert advisor.hold(advisor.keep(), advisor.best())[0] == 201
        assert client.get("/readyz").json()["checks"]["jobs"] is False


@pytest.mark.parametrize("long", [True, False])
def test_a_write_whose_turn_does_not_come_is_told_to_come_back_and_is_not_done(
    client: TestClient, store: Store, long: bool
) -> None:
    """Another write of this server is at work all the time; the controls: it ends in time, or they go side by side."""
    desk, begun, over = Desk(client, store), Event(), Event()
    referral, opening = desk.keep(), desk.best()

    def slow(_: Change) -> None:
        begun.set()
        over.wait(10)

    with ThreadPoolExecutor(2) as workers:
        workers.submit(store.write, "somebody", slow)
        assert begun.wait(10)
        asked = workers.submit(desk.hold, referral, opening)
        if not long:
            sleep(0.1)
            over.set()
        status, told = asked.result()
        over.set()
    late = long and store.database.is_sqlite
    assert (status, told.get("type", "")) == ((503, "urn:placement-matcher:problem:busy") if late else (201, ""))
    assert desk.hold(referral, opening)[0] == (201 if late else 409)
