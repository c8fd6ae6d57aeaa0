"""What a reassignment leaves alone, whom it helps, who may ask for it, and what is written of it."""

from typing import Any

import pytest
from data.store.change import Store
from data.store.jobs import config
from data.store.verify import verify
from data.store.words import Role
from sqlalchemy import create_engine, inspect, make_url, text
from starlette.testclient import TestClient

from .desk import Desk, facility_token
from .test_last_seat import url_of
from .test_reassignments import advisor as advisor
from .test_reassignments import app_client as app_client
from .test_reassignments import applied, overpromised, placement, planned
from .test_reassignments import boss as boss

CANARY = "60981234"


def test_a_move_that_holds_no_more_is_told_and_left_alone(advisor: Desk, boss: Desk, store: Store) -> None:
    overpromised(advisor, 3, 1)
    plan = planned(boss, weight=10_000)
    first, second = plan["plan"]["moves"]
    path = f"/v1/placements/{first['placement_id']}"
    assert advisor.post(f"{path}/confirm", {})[0] == 200
    assert advisor.report(second["after"], 0)[0] == 200
    after = {move["referral_id"]: move for move in applied(boss, plan)["plan"]["moves"]}
    assert (after[first["referral_id"]]["state"], after[first["referral_id"]]["code"]) == ("refused", "changed")
    assert placement(advisor, first["placement_id"])["state"] == "confirmed"
    assert (after[second["referral_id"]]["state"], after[second["referral_id"]]["code"]) == ("refused", "taken")
    assert placement(advisor, second["placement_id"])["state"] == "held"
    assert verify(store.database).faults == ()


def test_who_waits_is_offered_a_place_and_an_offer_is_never_taken(advisor: Desk, boss: Desk, store: Store) -> None:
    opening = advisor.best()
    assert advisor.report(opening, 1)[0] == 200
    _, held = advisor.hold(advisor.keep(), opening)
    waits = [advisor.keep() for _ in range(2)]
    for referral in waits:
        assert advisor.post("/v1/waitlist", {"referral_id": referral, "opening_id": opening})[0] == 201
    assert advisor.post(f"/v1/placements/{held['placement_id']}/release", {})[0] == 200  # offered to the first
    (left,) = advisor.get(f"/v1/waitlist?opening_id={opening}")[1]["entries"]
    plan = planned(boss)
    (move,) = plan["plan"]["moves"]
    assert (move["referral_id"], move["before"], move["why"]) == (left["referral_id"], None, "new")
    assert move["after"] != opening
    (move,) = applied(boss, plan)["plan"]["moves"]
    assert placement(advisor, move["became"])["state"] == "offered"
    assert verify(store.database).faults == ()


def test_who_was_placed_by_setting_a_rule_aside_stays(advisor: Desk, boss: Desk) -> None:
    referral, opening = advisor.keep(need="residential-long"), advisor.best()
    body: dict[str, Any] = {"referral_id": referral, "opening_id": opening, "overrides": []}
    second = {"X-Second-Authorization": f"Bearer {boss.token}"}
    status, told = advisor.post("/v1/placements", body, **second)
    while status == 409:
        rule = told["detail"].partition(" ")[0]
        body["overrides"].append({"rule": rule, "reason": "family is near"})
        status, told = advisor.post("/v1/placements", body, **second)
    assert status == 201, told
    plan = planned(boss)["plan"]
    assert (plan["moves"], plan["waiting"], plan["overpromised"]) == ([], [], [])
    assert advisor.report(opening, 0)[0] == 200
    plan = planned(boss)["plan"]
    assert (plan["moves"], plan["waiting"], plan["overpromised"]) == ([], [], [f"seats/{opening}"])


def test_what_changed_may_be_named_and_must_be_known(advisor: Desk, boss: Desk) -> None:
    opening, held = overpromised(advisor, 2, 1)
    named: tuple[dict[str, Any], ...] = (
        {"pool_ids": [f"seats/{opening}"]},
        {"facility_ids": [held[0]["facility_id"]], "most": 0},
    )
    for body in named:
        assert planned(boss, weight=10_000, **body)["plan"]["moved"] == 1
    for body in ({"pool_ids": ["seats/nowhere"]}, {"facility_ids": ["nowhere"]}):
        assert boss.post("/v1/reassignments", body)[0] == 404


def test_who_may_ask_and_who_may_read(advisor: Desk, boss: Desk, app_client: TestClient, store: Store) -> None:
    plan = planned(boss)
    path = f"/v1/reassignments/{plan['reassignment_id']}"
    assert advisor.get(path)[0] == 200
    assert advisor.post("/v1/reassignments", {})[0] == 403
    assert advisor.post(f"{path}/apply", {"moves": "all"})[0] == 403
    headers = {"Authorization": f"Bearer {facility_token(store, 'a')}"}
    assert app_client.get(path, headers=headers).status_code == 403
    assert Desk(app_client, store, Role.SYSTEM).post("/v1/reassignments", {})[0] == 202
    assert boss.post(f"{path}/apply", {"moves": ["nobody"]})[0] == 404
    assert boss.get("/v1/reassignments/none")[0] == 404


def test_a_key_asks_for_one_plan(boss: Desk) -> None:
    first = boss.post("/v1/reassignments", {}, "the-same-key")
    assert boss.post("/v1/reassignments", {}, "the-same-key") == first
    assert boss.post("/v1/reassignments", {})[1]["reassignment_id"] != first[1]["reassignment_id"]


@pytest.mark.parametrize("planted", [False, True])
def test_jobs_are_written_of_by_ids_alone(
    advisor: Desk, boss: Desk, app_client: TestClient, store: Store, planted: bool
) -> None:
    """With the control: what is planted among them is found."""
    referral = advisor.keep(latitude=47.60981234, longitude=-122.33)
    assert advisor.hold(referral, advisor.best())[0] == 201
    plan = planned(boss)
    if planted:
        app_client.app.state.jobs.ask("propose", CANARY, "1")  # type: ignore[attr-defined]
    found = written(store)
    assert plan["reassignment_id"] in found
    assert (CANARY in found) is planted


def written(store: Store) -> str:
    """All that stands in the tables of jobs, as text; read as they are: our own settings of SQLite would lock it."""
    url, sqlite = make_url(str(config(url_of(store))["system_database_url"])), store.database.is_sqlite
    place = None if sqlite else "jobs"
    engine = create_engine(url if sqlite else url.set(drivername="postgresql+psycopg"))
    try:
        names = inspect(engine).get_table_names(schema=place)
        with engine.connect() as connection:
            rows = [connection.execute(text(f'SELECT * FROM {place + "." if place else ""}"{name}"')) for name in names]
            return "\n".join(str(tuple(row)) for found in rows for row in found)
    finally:
        engine.dispose()
