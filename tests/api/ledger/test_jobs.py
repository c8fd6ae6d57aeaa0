"""Jobs of a running server: promises end by themselves, each turn of the clock is taken once, failing stops nobody."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import httpx2
import pytest
from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.ledger import Ledger
from api.serve.working import clocked
from api.settings import Settings
from data.store import callers
from data.store import jobs as store_jobs
from data.store.change import Store
from data.store.heads import Heads
from data.store.jobs import FAILING, Clocked, Jobs
from starlette.testclient import TestClient

from .desk import CALLER, Desk
from .jobbed import QUICK, SHORT, UNCLOCKED, apart, counting, forgotten, until
from .served import served
from .test_last_seat import url_of

CANARY = "98101 methadone"


@pytest.fixture(autouse=True)
def no_jobs_of_others(store: Store) -> None:
    forgotten(store.database)


def state_in_time(store: Store, changed: str, seconds: float) -> str | None:
    """Hold in a server of its own; the state that is not held any more, or None while it is."""
    with served(url_of(store), changed) as base, httpx2.Client(base_url=base, timeout=30) as client:
        desk = Desk(client, store)
        status, held = desk.hold(desk.keep(), desk.best())
        assert status == 201, held

        def ended() -> str | None:
            state = str(desk.get(f"/v1/placements/{held['placement_id']}")[1]["state"])
            return None if state == "held" else state

        return until(ended, seconds)


def test_a_hold_ends_by_itself(store: Store) -> None:
    assert state_in_time(store, SHORT + QUICK, 30) == "expired"


def test_without_a_clock_it_does_not(store: Store) -> None:
    """The control of the test above."""
    assert state_in_time(store, SHORT + UNCLOCKED, 6) is None


def turns(store: Store, changes: list[str], file: Path) -> Counter[str]:
    """Serve a ledger in a process for each change; how often each turn of the clock was taken."""
    with ExitStack() as stack:
        for change in changes:
            stack.enter_context(served(url_of(store), counting(file) + QUICK + change))
        time.sleep(6)
    return Counter(file.read_text().split())


def test_two_processes_take_each_turn_of_the_clock_once(store: Store, tmp_path: Path) -> None:
    found = turns(store, ["", ""], tmp_path / "turns")
    assert len(found) > 2
    assert set(found.values()) == {1}


def test_processes_that_do_not_see_each_other_take_it_twice(store: Store, tmp_path: Path) -> None:
    """The control of the test above."""
    found = turns(store, [apart(tmp_path / "one.db"), apart(tmp_path / "other.db")], tmp_path / "turns")
    assert max(found.values()) == 2


def broken() -> None:
    raise ValueError(CANARY)


@pytest.fixture(params=["down", "failing", "well"])
def jobs(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Jobs:
    """Jobs whose database is not to be had, one of which fails, and as they should be."""
    url = "sqlite:////nowhere/ledger.db" if request.param == "down" else f"sqlite:///{tmp_path}/other.db"
    works = {"broken": Clocked("* * * * * *", broken)} if request.param == "failing" else clocked(store, None)
    return Jobs(url, works, {})


@pytest.fixture
def served_here(store: Store, jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(create_app(Followed(store), Settings(rate=0), ledger=Ledger(store), jobs=jobs)) as client:
        yield client


@pytest.mark.parametrize(
    ("jobs", "failed"), [("down", "begin"), ("failing", "broken"), ("well", None)], indirect=["jobs"]
)
def test_jobs_that_fail_stop_nobody_and_are_told_of(
    served_here: TestClient, store: Store, failed: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def counted() -> bool | None:
        return f'matcher_jobs_total{{job="{failed}",outcome="failed"}}' in served_here.get("/metrics").text or None

    assert until(counted, 10 if failed else 3) == (True if failed else None)
    ready = served_here.get("/readyz")
    assert ready.json()["checks"] == {"directory": True, "ledger": True, "jobs": failed is None}
    assert ready.status_code == (503 if failed else 200)
    assert served_here.post("/v1/matches", json={"caller": CALLER}).json()["matches"]
    desk = Desk(served_here, store)
    assert desk.hold(desk.keep(), desk.best())[0] == 201
    assert CANARY not in caplog.text + served_here.get("/metrics").text


@pytest.mark.parametrize(("later", "ready"), [(0.0, False), (FAILING - 1, False), (FAILING + 1, True)])
def test_a_turn_that_failed_here_is_forgotten_where_other_processes_take_the_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: float, ready: bool
) -> None:
    now = 1_000_000.0
    monkeypatch.setattr(store_jobs, "monotonic", lambda: now)
    made = Jobs(
        f"sqlite:///{tmp_path}/other.db", {"broken": Clocked("* * * * * *", broken)}, {"asked": lambda _: broken()}
    )
    made._since = now + later
    made.do("asked", "one")
    assert made.are_running()
    made.turn("broken")
    now += later
    assert made.are_running() is ready


def test_what_is_being_done_here_is_not_waited_for(tmp_path: Path) -> None:
    """Else whoever asks again each minute soon has every thread; what else is asked for waits its turn, and is done."""
    begun, go_on, runs = Event(), Event(), list[str]()

    def slow(subject: str) -> None:
        runs.append(subject)
        begun.set()
        assert go_on.wait(10)

    made = Jobs(f"sqlite:///{tmp_path}/other.db", {}, {"slow": slow})
    first = Thread(target=made.do, args=("slow", "one"))
    first.start()
    assert begun.wait(10)
    made.do("slow", "one")
    other = Thread(target=made.do, args=("slow", "other"))
    other.start()
    go_on.set()
    first.join()
    other.join()
    made.do("slow", "one")
    assert runs == ["one", "other", "one"]


def test_heads_are_read_once_by_who_signs_each_minute(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, taken = list[bytes](), Heads._taken
    monkeypatch.setattr(Heads, "_taken", lambda self, raw: read.append(raw) or taken(self, raw))  # type: ignore[func-returns-value]
    sign = clocked(store, tmp_path / "heads")["heads"].work
    for number in range(3):
        store.write("advisor", lambda change: callers.create(change, {}))
        assert sign()
        assert len(read) == number + 1
