"""What a server holds follows the clock and the seats, and is swapped whole."""

from datetime import datetime, timedelta
from threading import Event, Thread

import numpy as np
import pytest
from api.serve.app import create_app
from api.serve.held import Held, Holder
from api.settings import Settings
from data.policy import policy
from starlette.testclient import TestClient

from api.serve import held as module

from .conftest import CALLER, MOMENT


class Clock:
    def __init__(self) -> None:
        self.now = MOMENT

    def __call__(self) -> datetime:
        return self.now


def test_a_minute_later_the_reports_are_a_minute_older(held: Held) -> None:
    clock, loads = Clock(), list[datetime]()
    holder = Holder(lambda moment: loads.append(moment) or held, clock)  # type: ignore[func-returns-value]
    with TestClient(create_app(holder, Settings(rate=0, renew_seconds=60))) as client:
        before = client.post("/v1/matches", json={"caller": CALLER}).json()["matches"][0]["pools"][0]["age"]
        clock.now += timedelta(minutes=3)
        holder.renew()
        after = client.post("/v1/matches", json={"caller": CALLER}).json()["matches"][0]["pools"][0]["age"]
    assert after == before + 3
    assert len(loads) == 1
    assert holder.held.sweep.directory is held.sweep.directory


def test_on_a_new_day_the_directory_is_made_anew(held: Held) -> None:
    clock, loads = Clock(), list[datetime]()
    holder = Holder(lambda moment: loads.append(moment) or held, clock)  # type: ignore[func-returns-value]
    holder.renew()
    clock.now += timedelta(days=1)
    holder.renew()
    assert loads == [MOMENT, MOMENT + timedelta(days=1)]


def test_within_the_minute_nothing_is_read_and_nothing_swapped(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, read = Clock(), list[datetime]()
    holder = Holder(lambda _: held, clock)
    monkeypatch.setattr(module, "policy", lambda now: read.append(now) or policy(now))  # type: ignore[func-returns-value]
    holder.renew()
    assert (holder.held is held, read) == (True, [])
    clock.now += timedelta(minutes=1)
    holder.renew()
    assert (holder.held is held, read) == (False, [clock.now])


def test_seats_that_are_gone_are_gone_for_the_next_request(held: Held) -> None:
    holder = Holder(lambda _: held, lambda: MOMENT)
    with TestClient(create_app(holder, Settings(rate=0))) as client:
        first = client.post("/v1/matches", json={"caller": CALLER}).json()["matches"][0]
        pools = held.sweep.directory.pools.copy()
        pools["limit"] = np.minimum(pools["limit"], 0)
        holder.swap(held.with_pools(pools))
        none = client.post("/v1/matches", json={"caller": CALLER}).json()
        holder.swap(held)
        again = client.post("/v1/matches", json={"caller": CALLER}).json()["matches"][0]
    assert [one for one in none["matches"] if one["reported"]] == []
    assert none["matches"] or none["full"]
    assert again == first


def test_a_server_that_holds_nothing_says_so(held: Held) -> None:
    with TestClient(create_app(None, Settings(rate=0))) as client:
        assert client.get("/healthz").status_code == 200
        refused = client.post("/v1/matches", json={"caller": CALLER})
        unready = client.get("/readyz")
    assert refused.status_code == unready.status_code == 503
    assert "retry-after" in refused.headers
    assert unready.json()["checks"] == {"directory": False}


def test_readiness_asks_what_others_add(held: Held) -> None:
    async def broken() -> bool:
        return False

    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0))
    with TestClient(app) as client:
        assert client.get("/readyz").json() == {"checks": {"directory": True}}
        app.state.checks["store"] = broken
        found = client.get("/readyz")
    assert found.status_code == 503
    assert found.json()["checks"] == {"directory": True, "store": False}


def test_two_changes_at_once_lose_neither(held: Held) -> None:
    holder, begun, go_on = Holder(lambda _: held, lambda: MOMENT), Event(), Event()
    pools = held.sweep.directory.pools.copy()
    pools["limit"] = np.minimum(pools["limit"], 0)

    def slowly(before: Held) -> Held:
        begun.set()
        go_on.wait(10)
        return before.with_pools(pools)

    later = held.loaded.policy.copy()
    later["now"] += 1
    seats = Thread(target=holder.change, args=(slowly,))
    seats.start()
    begun.wait(10)
    minute = Thread(target=holder.change, args=(lambda before: before.at(later),))
    minute.start()
    go_on.set()
    seats.join(10)
    minute.join(10)
    assert holder.held.policy.now == held.policy.now + 1
    assert (holder.held.sweep.directory.pools["limit"] <= 0).all()
