"""A reassignment over HTTP: a plan that a person can read, carried out whole or in part, each move checked again."""

from collections.abc import Iterator
from typing import Any

import pytest
from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.ledger import Ledger
from api.serve.working import jobs_of
from api.settings import Settings
from data.store.change import Store
from data.store.verify import verify
from data.store.words import Role
from starlette.testclient import TestClient

from .desk import Desk
from .jobbed import forgotten, until
from .test_last_seat import url_of


@pytest.fixture
def app_client(store: Store) -> Iterator[TestClient]:
    forgotten(store.database)
    settings = Settings(rate=0, database_url=url_of(store), renew_seconds=0.2)
    holder = Followed(store)
    app = create_app(holder, settings, ledger=Ledger(store), jobs=jobs_of(store, holder, settings))
    with TestClient(app) as client:
        assert until(lambda: client.get("/readyz").json()["checks"]["jobs"] or None)
        yield client


@pytest.fixture
def advisor(app_client: TestClient, store: Store) -> Desk:
    return Desk(app_client, store)


@pytest.fixture
def boss(app_client: TestClient, store: Store) -> Desk:
    return Desk(app_client, store, Role.SUPERVISOR)


def in_state(desk: Desk, path: str, *states: str) -> Any:
    """Wait till a reassignment stands so, and return it."""

    def found() -> Any:
        status, told = desk.get(path)
        assert status == 200, told
        return told if told["state"] in states else None

    told = until(found)
    assert told is not None, desk.get(path)
    return told


def planned(boss: Desk, **body: Any) -> Any:
    """Ask for a plan, and return it once it is proposed."""
    status, asked = boss.post("/v1/reassignments", body)
    assert (status, asked["state"]) == (202, "asked"), asked
    return in_state(boss, f"/v1/reassignments/{asked['reassignment_id']}", "proposed")


def applied(boss: Desk, plan: Any, moves: Any = "all") -> Any:
    path = f"/v1/reassignments/{plan['reassignment_id']}"
    status, told = boss.post(f"{path}/apply", {"moves": moves})
    assert (status, told["state"]) == (202, "applying"), told
    return in_state(boss, path, "applied")


def overpromised(advisor: Desk, people: int, left: int) -> tuple[str, list[Any]]:
    """Hold an opening for some, then let it report fewer seats; the opening and the placements."""
    opening = advisor.best()
    assert advisor.report(opening, people)[0] == 200
    held = [advisor.hold(advisor.keep(), opening) for _ in range(people)]
    assert [status for status, _ in held] == [201] * people
    assert advisor.report(opening, left)[0] == 200
    return opening, [told for _, told in held]


def placement(desk: Desk, placement_id: str) -> Any:
    return desk.get(f"/v1/placements/{placement_id}")[1]


def test_who_lost_a_seat_is_moved_and_nobody_is_without_one(advisor: Desk, boss: Desk, store: Store) -> None:
    opening, _ = overpromised(advisor, 3, 1)
    plan = planned(boss, weight=10_000)["plan"]
    assert (plan["number"], plan["moved"], plan["left_waiting"]) == (2, 2, 0), plan
    assert plan["proven"]["people"] == plan["proven"]["people_bound"]
    for move in plan["moves"]:
        assert (move["before"], move["why"], move["pool_id"]) == (opening, "lost", f"seats/{opening}")
        assert move["after"] not in (opening, None)
        assert move["minutes"] is not None


def test_a_plan_is_read_page_by_page(advisor: Desk, boss: Desk) -> None:
    overpromised(advisor, 4, 1)
    whole = planned(boss, weight=10_000)
    path, found, after = f"/v1/reassignments/{whole['reassignment_id']}", list[Any](), ""
    assert (len(whole["plan"]["moves"]), whole["plan"]["next"]) == (3, None)
    for count in (2, 1):
        status, told = boss.get(f"{path}?limit=2{after}")
        assert (status, len(told["plan"]["moves"])) == (200, count)
        found, after = found + told["plan"]["moves"], f"&after={told['plan']['next']}"
    assert found == whole["plan"]["moves"]
    assert told["plan"]["next"] is None
    assert boss.get(f"{path}?after=x")[0] == 422


def test_a_plan_is_carried_out_in_part_and_then_whole(advisor: Desk, boss: Desk, store: Store) -> None:
    opening, _ = overpromised(advisor, 3, 1)
    plan = planned(boss, weight=10_000)
    first, second = plan["plan"]["moves"]
    after = applied(boss, plan, [first["referral_id"]])
    states = {move["referral_id"]: move["state"] for move in after["plan"]["moves"]}
    assert states == {first["referral_id"]: "applied", second["referral_id"]: "proposed"}
    assert advisor.get(f"/v1/openings/{opening}/seats")[1]["overpromised"] == 1
    after = applied(boss, plan)
    for move in after["plan"]["moves"]:
        old, new = placement(advisor, move["placement_id"]), placement(advisor, move["became"])
        assert (move["state"], old["state"], old["reason"]) == ("applied", "declined", "moved")
        assert (new["state"], new["opening_id"], new["referral_id"]) == ("held", move["after"], old["referral_id"])
    assert advisor.get(f"/v1/openings/{opening}/seats")[1]["overpromised"] == 0
    assert verify(store.database).faults == ()


def test_a_confirmed_placement_stays_confirmed(advisor: Desk, boss: Desk, store: Store) -> None:
    _, held = overpromised(advisor, 1, 1)
    path = f"/v1/placements/{held[0]['placement_id']}"
    assert advisor.post(f"{path}/confirm", {})[0] == 200
    assert advisor.report(held[0]["opening_id"], 0)[0] == 200
    after = applied(boss, planned(boss))
    (move,) = after["plan"]["moves"]
    new = placement(advisor, move["became"])
    assert (new["state"], new["expires_at"]) == ("confirmed", None)
    assert verify(store.database).faults == ()
