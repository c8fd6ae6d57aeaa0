"""Over HTTP: a facility reports its last seats, and whoever sees tasks sees that the state is to be told."""

from data.store.change import Change, Store
from data.store.tables import facilities, openings
from data.store.words import Role
from sqlalchemy import select, update

from .desk import Desk, facility_token

KIND = "capacity-notice-7-days"


def funded(store: Store, opening_id: str) -> str:
    """Let the opening's facility get block-grant funds, and all its units have ten seats; the facility's id."""
    with store.database.read() as connection:
        same = openings.c.opening_id == opening_id
        site = str(connection.execute(select(openings.c.facility_id).where(same)).scalar_one())

    def work(made: Change) -> None:
        change = made.connection
        change.execute(update(facilities).where(facilities.c.facility_id == site).values(block_grant="yes"))
        change.execute(update(openings).where(openings.c.facility_id == site).values(capacity=""))
        change.execute(update(openings).where(same).values(capacity="10"))

    store.write("setup", work)
    return site


def notices(desk: Desk) -> list[dict[str, str]]:
    status, told = desk.get("/v1/tasks?limit=500")
    assert status == 200, told
    return [task for task in told["tasks"] if task["kind"] == KIND]


def test_whoever_sees_tasks_sees_it_and_says_that_the_state_was_told(desk: Desk, store: Store) -> None:
    opening = desk.best()
    site = funded(store, opening)
    program = {"Authorization": f"Bearer {facility_token(store, site)}"}
    assert desk.report(opening, 2, **program)[0] == 200
    assert notices(desk) == []
    assert desk.report(opening, 1, **program)[0] == 200
    (task,) = notices(desk)
    assert (task["facility_id"], opening.startswith(task["subject"] + "/")) == (site, True)
    assert notices(Desk(desk.client, store, Role.SUPERVISOR)) == [task]
    assert desk.client.get("/v1/tasks", headers=program).status_code == 403
    assert desk.post(f"/v1/tasks/{task['task_id']}/done", {"outcome": "given"})[0] == 200
    assert desk.report(opening, 0, **program)[0] == 200
    assert notices(desk) == []


def test_made_up_seats_call_for_no_notice(desk: Desk) -> None:
    assert notices(desk) == []
    assert "capacity-notice" in desk.client.get("/openapi.json").text
