"""Who has ruled out very many facilities is matched and held as ever, and at none of those."""

from typing import Any

import pytest
from data.store.change import Store
from data.store.reasons import Effect, reasons
from data.store.tables import exclusions
from data.store.words import Role
from matcher.facts import EXCLUDED
from matcher.rule import Override
from sqlalchemy import insert

from .desk import CALLER, Desk

MANY = [9, EXCLUDED + 6]
"""More than a row held once, and more than one holds now."""


def best(desk: Desk, count: int) -> list[tuple[str, str]]:
    """The best opening of each of so many facilities for the usual caller, as facility and opening."""
    told = desk.client.post("/v1/matches?keep=200", json={"caller": CALLER}).json()
    found: dict[str, str] = {}
    for one in told["matches"]:
        found.setdefault(one["facility_id"], one["opening_id"])
    assert len(found) >= count
    return list(found.items())[:count]


def excluded(desk: Desk, store: Store, facility_ids: list[str]) -> tuple[str, str]:
    """Keep a caller who has declined these facilities and one that is gone; the ids of the caller and the referral."""
    status, kept = desk.post("/v1/callers", {"caller": CALLER})
    assert status == 201, kept
    rows = [
        {"caller_id": kept["caller_id"], "facility_id": name, "reason": "too-far", "since": at}
        for at, name in enumerate(["a facility that is gone", *facility_ids])
    ]
    store.database.write(lambda connection: connection.execute(insert(exclusions), rows))
    return kept["caller_id"], kept["referral_ids"][0]


def matches(desk: Desk, ids: tuple[str, str], **wanted: Any) -> Any:
    said = "&".join(f"{name}={value}" for name, value in wanted.items())
    status, told = desk.post(f"/v1/callers/{ids[0]}/matches?{said}", {"referral_id": ids[1]})
    assert status == 200, told
    return told


def sites(openings: list[Any]) -> set[str]:
    return {one["facility_id"] for one in openings}


@pytest.mark.parametrize("count", MANY)
def test_none_of_very_many_facilities_is_listed_nor_held(desk: Desk, store: Store, count: int) -> None:
    out = best(desk, count)
    names, ids = {name for name, _ in out}, excluded(desk, store, [name for name, _ in out])
    told = matches(desk, ids)
    assert len(told["matches"]) == 10
    assert not names & sites(told["matches"])
    for _, opening in out:
        status, refused = desk.hold(ids[1], opening)
        assert (status, refused["detail"].partition(" ")[0]) == (409, "excluded")
    assert desk.hold(ids[1], told["matches"][0]["opening_id"])[0] == 201


def test_who_has_ruled_out_none_is_sent_there(desk: Desk, store: Store) -> None:
    """The control of the test above."""
    out = best(desk, MANY[-1])
    ids = excluded(desk, store, [])
    assert {name for name, _ in out} <= sites(matches(desk, ids, keep=200)["matches"])
    assert desk.hold(ids[1], out[0][1])[0] == 201


def test_what_comes_nearest_and_what_is_next_best_is_none_of_them_either(desk: Desk, store: Store) -> None:
    out = best(desk, MANY[-1])
    names, ids = {name for name, _ in out}, excluded(desk, store, [name for name, _ in out])
    told = matches(desk, ids, keep=1, why_not=200)
    beyond = names & sites(told["others"])
    assert len(told["others"]) == 200
    assert len(beyond) <= EXCLUDED  # those the row holds are told of, with the reason
    assert all("excluded" in str(one) for one in told["others"] if one["facility_id"] in beyond)
    wanted = told["matches"][0]["opening_id"]
    assert desk.report(wanted, 0)[0] == 200
    status, lost = desk.hold(ids[1], wanted)
    assert (status, lost["type"].rpartition(":")[2]) == (409, "taken")
    assert lost["next"]["facility_id"] not in names


@pytest.mark.parametrize("count", MANY)
def test_who_has_ruled_out_very_many_may_wait(desk: Desk, store: Store, count: int) -> None:
    *out, (_, other) = best(desk, count + 1)
    ids = excluded(desk, store, [name for name, _ in out])
    assert desk.post("/v1/waitlist", {"referral_id": ids[1], "opening_id": other})[0] == 201
    status, refused = desk.post("/v1/waitlist", {"referral_id": ids[1], "opening_id": out[-1][1]})
    assert (status, refused["detail"].partition(" ")[0]) == (409, "excluded")


def test_what_somebody_types_is_still_refused_where_it_is_not_understood(desk: Desk) -> None:
    told = desk.client.post("/v1/matches", json={"caller": CALLER | {"excluded": ["no such facility"]}})
    assert told.status_code == 422


def declined(desk: Desk, reason: str) -> tuple[str, str, str, str]:
    """A caller who was held at the best opening and declined it; caller, referral, facility and opening."""
    facility, opening = best(desk, 1)[0]
    status, kept = desk.post("/v1/callers", {"caller": CALLER})
    assert status == 201, kept
    caller, referral = kept["caller_id"], kept["referral_ids"][0]
    status, held = desk.hold(referral, opening)
    assert status == 201, held
    status, told = desk.post(f"/v1/placements/{held['placement_id']}/decline", {"reason": reason})
    assert status == 200, told
    return caller, referral, facility, opening


def lifted(desk: Desk, caller: str, facility: str, why: str = "caller-changed-mind", **headers: str) -> tuple[int, Any]:
    return desk.post(f"/v1/callers/{caller}/exclusions/lift", {"facility_id": facility, "why": why}, **headers)


def test_what_a_decline_has_ruled_out_is_seen_and_lifted(desk: Desk, store: Store) -> None:
    caller, referral, facility, opening = declined(desk, "too-far")
    status, told = desk.get(f"/v1/callers/{caller}/exclusions")
    assert status == 200, told
    (one,) = told["exclusions"]
    assert (one["facility_id"], one["reason"], one["lift"]) == (facility, "too-far", "reason")
    assert facility not in sites(matches(desk, (caller, referral))["matches"])
    assert desk.hold(referral, opening)[0] == 409
    assert lifted(desk, caller, facility) == (200, {})
    assert desk.get(f"/v1/callers/{caller}/exclusions") == (200, {"exclusions": []})
    assert facility in sites(matches(desk, (caller, referral))["matches"])
    assert desk.hold(referral, opening)[0] == 201
    boss = Desk(desk.client, store, Role.SUPERVISOR)
    events = boss.get(f"/v1/events?chain=user:{desk.user_id}")[1]["events"]
    (told,) = [one for one in events if one["kind"] == "exclusion-lifted"]
    assert told["body"] == {"facility": facility, "was": "too-far", "reason": "caller-changed-mind", "second": None}
    assert lifted(desk, caller, facility)[0] == 404


def test_where_a_caller_was_not_safe_it_takes_two_to_lift_it(desk: Desk) -> None:
    caller, referral, facility, opening = declined(desk, "unsafe-for-caller")
    assert desk.get(f"/v1/callers/{caller}/exclusions")[1]["exclusions"][0]["lift"] == "second person"
    status, told = lifted(desk, caller, facility)
    assert (status, told["type"].rpartition(":")[2]) == (409, "second")
    own = {"X-Second-Authorization": f"Bearer {desk.token}"}
    assert lifted(desk, caller, facility, **own)[0] == 403
    assert desk.hold(referral, opening)[0] == 409
    other = {"X-Second-Authorization": f"Bearer {Desk(desk.client, desk.store).token}"}
    assert lifted(desk, caller, facility, **other)[0] == 200
    assert desk.hold(referral, opening)[0] == 201


def test_another_caller_another_facility_and_another_reason_lift_nothing(desk: Desk) -> None:
    caller, referral, facility, _ = declined(desk, "too-far")
    stranger = desk.post("/v1/callers", {"caller": CALLER})[1]["caller_id"]
    assert lifted(desk, stranger, facility)[0] == 404
    assert lifted(desk, caller, "no such facility")[0] == 404
    assert lifted(desk, caller, facility, "because")[0] == 422
    assert facility not in sites(matches(desk, (caller, referral))["matches"])
    assert lifted(desk, caller, facility)[0] == 200  # the control


def test_what_is_ruled_out_is_opened_by_a_supervisor_for_a_reason_and_lifted_by_none(desk: Desk, store: Store) -> None:
    caller, _, facility, _ = declined(desk, "not-appropriate")
    boss = Desk(desk.client, store, Role.SUPERVISOR)
    place = f"/v1/callers/{caller}/exclusions"
    assert boss.get(place)[0] == 403
    assert boss.get(f"{place}?reason=complaint")[1]["exclusions"][0]["reason"] == "not-appropriate"
    assert lifted(boss, caller, facility)[0] == 403
    told = boss.get(f"/v1/events?chain=user:{boss.user_id}")[1]["events"][-1]
    assert (told["kind"], told["body"]) == ("opened", {"fields": ["excluded"], "reason": "complaint"})


def test_every_reason_that_rules_out_says_how_it_is_lifted() -> None:
    for reason in reasons().values():
        assert (reason.lift is not Override.NEVER) is (reason.effect is Effect.EXCLUDE_FACILITY), reason.code
