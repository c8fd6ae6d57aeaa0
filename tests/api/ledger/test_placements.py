"""A placement over HTTP, from the caller's record to admission; what is lost comes back with the next best."""

from typing import Any

import pytest
from api.serve.ledger import problem
from data.store.change import Store
from data.store.errors import Busy, Refused, Repeated, Taken, Unfit
from data.store.words import Role

from ...store.people import all_there_is
from .desk import CALLER, Desk, facility_token
from .test_consents import consent


def test_a_caller_is_kept_matched_held_confirmed_and_admitted(desk: Desk) -> None:
    referral, opening = desk.keep(), desk.best()
    status, held = desk.hold(referral, opening)
    assert (status, held["state"], len(held["code"])) == (201, "held", 6)
    place = f"/v1/placements/{held['placement_id']}"
    assert desk.get(place) == (200, held)
    for act, state in (("extend", "held"), ("confirm", "confirmed"), ("admit", "admitted")):
        status, told = desk.post(f"{place}/{act}", {})
        assert (status, told["state"]) == (200, state), told
    status, told = desk.post(f"{place}/admit", {})
    assert (status, told["type"]) == (409, "urn:placement-matcher:problem:state")


def test_the_last_seat_that_is_lost_comes_back_with_the_next_best(desk: Desk) -> None:
    opening = desk.best()
    assert desk.report(opening, 1)[0] == 200
    assert desk.hold(desk.keep(), opening)[0] == 201
    status, told = desk.hold(desk.keep(), opening)
    assert (status, told["type"]) == (409, "urn:placement-matcher:problem:taken")
    assert told["next"]["opening_id"] != opening
    assert desk.hold(desk.keep(), told["next"]["opening_id"])[0] == 201


def test_a_key_gives_the_same_answer_again_and_no_second_placement(desk: Desk) -> None:
    referral, opening = desk.keep(), desk.best()
    first = desk.hold(referral, opening, "the-same-key")
    assert first[0] == 201
    assert desk.hold(referral, opening, "the-same-key") == first
    status, told = desk.hold(desk.keep(), opening, "the-same-key")
    assert (status, told["type"]) == (422, "urn:placement-matcher:problem:mismatch")
    assert desk.hold(referral, opening)[0] == 409  # the control: another key is another write


def test_a_write_without_a_key_or_a_token_is_refused(desk: Desk) -> None:
    body = {"referral_id": "r", "opening_id": "o"}
    token = {"Authorization": f"Bearer {desk.token}"}
    assert desk.client.post("/v1/placements", json=body).status_code == 401
    assert desk.client.post("/v1/placements", json=body, headers={"Authorization": "Bearer x"}).status_code == 401
    assert desk.hold("r", "o")[0] == 404
    told = desk.client.post("/v1/placements", json=body, headers=token)
    assert (told.status_code, told.json()["type"]) == (400, "urn:placement-matcher:problem:no-key")


def test_what_stands_against_an_opening_needs_an_override(desk: Desk) -> None:
    referral, opening = desk.keep(need="residential-long"), desk.best()
    status, told = desk.hold(referral, opening)
    assert (status, told["type"].rpartition(":")[2]) == (409, "against")
    rule = told["detail"].partition(" ")[0]
    body = {"referral_id": referral, "opening_id": opening, "overrides": [{"rule": rule, "reason": "family is near"}]}
    status, told = desk.post("/v1/placements", body)
    assert (status, told["type"].rpartition(":")[2]) == (409, "second")
    own = f"Bearer {desk.token}"
    assert desk.post("/v1/placements", body, **{"X-Second-Authorization": own})[0] == 403
    other = Desk(desk.client, desk.store)
    status, told = desk.post("/v1/placements", body, **{"X-Second-Authorization": f"Bearer {other.token}"})
    assert status == 201, told


def test_a_rule_is_set_aside_by_its_code_once_and_where_it_stands_against_the_opening(desk: Desk, store: Store) -> None:
    """The control: what does stand against it, once."""
    referral, opening = desk.keep(need="residential-long"), desk.best()
    rule = desk.hold(referral, opening)[1]["detail"].partition(" ")[0]
    other = Desk(desk.client, store)

    def held(*rules: str, referral_id: str = referral) -> tuple[int, Any]:
        given = [{"rule": one, "reason": "family is near"} for one in rules]
        body = {"referral_id": referral_id, "opening_id": opening, "overrides": given}
        return desk.post("/v1/placements", body, **{"X-Second-Authorization": f"Bearer {other.token}"})

    status, told = held("her ex is there")
    assert (status, told["errors"][0]["field"]) == (422, "overrides.0.rule")
    status, told = held(rule, rule)
    assert (status, told["errors"][0]["field"]) == (422, "overrides")
    assert rule in told["errors"][0]["problem"]
    for status, told in (held(rule, "age-group"), held("age-group", referral_id=desk.keep())):
        assert (status, told["type"].rpartition(":")[2]) == (409, "needless")
    assert told["detail"] == "age-group does not stand against it; allowed: none"
    assert held(rule)[0] == 201
    assert b"her ex is there" not in all_there_is(store)


def test_seats_have_a_version_and_an_older_report_is_refused(desk: Desk) -> None:
    opening = desk.best()
    path = f"/v1/openings/{opening}/seats"
    first = desk.client.get(path, headers=desk.headers())
    tag = first.headers["etag"]
    assert desk.report(opening, 5, **{"If-Match": tag})[1]["free"] == 5
    status, told = desk.report(opening, 6, **{"If-Match": tag})
    assert (status, told["type"].rpartition(":")[2]) == (412, "changed")
    assert desk.report(opening, None)[1]["reported"] == 5


def test_the_same_as_never_is_a_conflict_and_no_precondition(desk: Desk, store: Store) -> None:
    with store.database.read() as connection:
        found = "SELECT pool_id FROM pools WHERE kind = 'seats' AND reported IS NULL ORDER BY pool_id LIMIT 1"
        opening = str(connection.exec_driver_sql(found).scalar_one()).removeprefix("seats/")
    status, told = desk.report(opening, None)
    assert (status, told["type"].rpartition(":")[2]) == (409, "unreported")
    assert desk.report(opening, 3)[0] == 200
    assert desk.report(opening, None)[0] == 200


@pytest.mark.parametrize(
    ("refused", "waits"),
    [
        (Repeated("in-flight", ""), True),
        (Busy("busy", ""), True),
        (Unfit("active", ""), False),
        (Unfit("never", ""), False),
        (Taken("taken", ""), False),
    ],
)
def test_only_what_waiting_ends_is_to_be_sent_again(refused: Refused, waits: bool) -> None:
    found = problem(refused)
    assert found.status == (503 if isinstance(refused, Busy) else 409)
    assert ("Retry-After" in (found.headers or {})) is waits


def bulk(desk: Desk, text: str) -> tuple[int, Any]:
    headers = desk.headers() | {"Content-Type": "text/csv"}
    told = desk.client.post("/v1/openings/seats", content=text.encode(), headers=headers)
    return told.status_code, told.json()


def test_many_seats_are_reported_at_once_or_not_at_all(desk: Desk) -> None:
    pools = [f"seats/{desk.best(number)}" for number in range(2)]
    text = "pool_id,number\n" + "".join(f"{pool},{number}\n" for number, pool in enumerate(pools, 4))
    assert [one["free"] for one in bulk(desk, text)[1]["pools"]] == [4, 5]
    status, told = bulk(desk, text.replace(",4\n", ",9\n") + "seats/nowhere,1\n")
    assert status == 404
    assert "row 4: no pool seats/nowhere" in told["detail"]
    _, told = bulk(desk, text.replace(",5\n", ",many\n"))
    assert told["errors"][0]["field"] == "row 3.number"
    status, told = bulk(desk, "pool_id,number\nseats/nowhere,1\n")
    assert (status, "row 2: no pool" in told["detail"]) == (404, True)
    assert desk.get(f"/v1/openings/{desk.best()}/seats")[1]["reported"] != 9


def test_a_freed_seat_is_offered_to_who_waits(desk: Desk) -> None:
    opening = desk.best()
    desk.report(opening, 1)
    _, held = desk.hold(desk.keep(), opening)
    waits = desk.keep()
    status, entry = desk.post("/v1/waitlist", {"referral_id": waits, "opening_id": opening})
    assert (status, entry["place"]) == (201, 1), entry
    assert desk.get(f"/v1/waitlist?opening_id={opening}")[1]["entries"] == [entry]
    assert desk.post(f"/v1/placements/{held['placement_id']}/decline", {"reason": "not-ready"})[0] == 200
    assert desk.get(f"/v1/waitlist?opening_id={opening}")[1]["entries"] == []
    assert desk.hold(desk.keep(), opening)[0] == 409


def test_a_facility_sees_and_reports_its_own_alone(desk: Desk, store: Store) -> None:
    opening = desk.best()
    _, held = desk.hold(desk.keep(), opening)
    for site, expected in ((held["facility_id"], 200), ("elsewhere", 404)):
        headers = {"Authorization": f"Bearer {facility_token(store, site)}", "Idempotency-Key": f"key-of-{site}"}
        path = f"/v1/placements/{held['placement_id']}"
        assert desk.client.get(path, headers=headers).status_code == expected
        found = desk.client.get(f"/v1/placements?code={held['code']}", headers=headers)
        assert found.status_code == expected
        told = desk.client.put(f"/v1/openings/{opening}/seats", json={"number": 4}, headers=headers)
        assert told.status_code == expected, told.text
        told = desk.client.post(f"{path}/confirm", json={}, headers=headers | {"Idempotency-Key": f"confirms-{site}"})
        assert told.status_code == expected, told.text
        assert (
            desk.client.post(
                "/v1/placements", json={"referral_id": "r", "opening_id": "o"}, headers=headers
            ).status_code
            == 403
        )


def why(told: Any) -> list[Any]:
    """The reasons of declines in a chain."""
    return [one["body"]["reason"] for one in told["events"] if one["kind"] == "decline"]


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("unsafe-for-caller", None), ("not-this-place", None), ("full", "full"), ("wrong-entry", "wrong-entry")],
)
def test_whom_a_caller_fears_is_told_to_no_facility(desk: Desk, store: Store, reason: str, shown: str | None) -> None:
    """The control: reasons that are not the caller's own, and the helpline's own people."""
    opening = desk.best()
    _, held = desk.hold(desk.keep(), opening)
    place = f"/v1/placements/{held['placement_id']}"
    assert desk.post(f"{place}/decline", {"reason": reason})[1]["reason"] == reason
    chain = f"/v1/events?chain={held['facility_id']}"
    site = {"Authorization": f"Bearer {facility_token(store, held['facility_id'])}"}
    assert desk.client.get(place, headers=site).json()["reason"] == shown
    assert why(desk.client.get(chain, headers=site).json()) == [shown]
    boss = Desk(desk.client, store, Role.SUPERVISOR)
    assert desk.get(place)[1]["reason"] == reason
    assert why(boss.get(chain)[1]) == [reason]


@pytest.mark.parametrize("kept", [True, False])
def test_who_is_matched_is_written_down(desk: Desk, kept: bool) -> None:
    status, told = desk.post("/v1/callers", {"caller": {"zip": "98101", "need": "IOP"}})
    path = f"/v1/callers/{told['caller_id']}/matches" if kept else f"/v1/callers/{'0' * 32}/matches"
    status, found = desk.post(path, {"referral_id": told["referral_ids"][0]})
    assert status == (200 if kept else 404)
    assert not kept or found["matches"]


def test_a_task_says_whom_it_is_about_and_the_record_how_they_may_be_reached(desk: Desk) -> None:
    who = {"name": "Ann Quux", "phone": "206-555-0134", "reached_by": ["text"]}
    _, kept = desk.post("/v1/callers", {"caller": CALLER, "identity": who})
    place = f"/v1/callers/{kept['caller_id']}"
    assert desk.post(f"{place}/consents", consent(purpose="follow-up", given="spoken", fields=["phone"]))[0] == 201
    _, held = desk.hold(kept["referral_ids"][0], desk.best())
    for act in ("confirm", "admit"):
        assert desk.post(f"/v1/placements/{held['placement_id']}/{act}", {})[0] == 200
    mine = desk.get("/v1/tasks")[1]["tasks"]
    assert [(one["subject"], one["caller_id"]) for one in mine] == [(held["placement_id"], kept["caller_id"])] * 3
    assert desk.get(f"{place}?groups=identity")[1]["cells"]["reached_by"] == "text"
    told = desk.post(f"/v1/tasks/{mine[0]['task_id']}/done", {"outcome": "reached"})[1]
    assert told["caller_id"] == kept["caller_id"]
    assert desk.client.put(f"{place}/identity", json={"reached_by": ["do-not-reach-out"]}, headers=desk.headers())
    assert desk.get("/v1/tasks")[1]["tasks"] == []
