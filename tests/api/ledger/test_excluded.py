"""Who has ruled out very many facilities is matched and held as ever, and at none of those."""

from typing import Any

import pytest
from data.store.change import Store
from data.store.tables import exclusions
from matcher.facts import EXCLUDED
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
