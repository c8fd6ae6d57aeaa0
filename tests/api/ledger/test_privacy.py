"""Who a caller is stays where it belongs: through a whole life over HTTP, no name, phone, birth date or ZIP is told."""

import logging
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from data.store import identity
from data.store.change import Change, Store
from data.store.seals import Cells
from data.store.words import Role
from fastapi import FastAPI
from starlette.testclient import TestClient

from ...store.people import all_there_is
from .desk import CALLER, Desk, facility_token

CANARIES = ("Zebulon", "Quetzal", "5550137", "555-0137", "1971-03-09", "98117", "canary words")
IDENTITY = {"name": "Zebulon Quetzal", "phone": "206-555-0137", "birth_date": "1971-03-09", "reached_by": ["text"]}

EMERGENCY = {
    "recipient_name": "Nurse Quetzal", "affiliation": "canary words", "nature": "canary words of an overdose",
    "fields": ["name"],
}  # fmt: skip


ZIP = re.compile(r"(?<![0-9a-f.])98117(?![0-9a-f])")
"""A ZIP, and no part of an id or of a duration: of some thousand random ones one has these five digits."""


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if (ZIP.search(text) if canary == "98117" else canary in text)]


def consent(facility_id: str) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "discloser": "the helpline", "recipient": facility_id, "recipient_name": "a facility", "purpose": "treatment",
        "fields": ["attributes"], "expires_at": (now + timedelta(days=30)).isoformat(), "told_revocable": True,
        "given": "written", "signature": "Zebulon Quetzal", "signed_at": (now - timedelta(minutes=1)).isoformat(),
    }  # fmt: skip


def life(desk: Desk, store: Store) -> list[str]:
    """Take a caller from the first words to admission; every URL and header that was seen."""
    client, seen = desk.client, list[str]()
    _, kept = desk.post("/v1/callers", {"caller": CALLER | {"zip": "98117"}})
    place = f"/v1/callers/{kept['caller_id']}"
    told = client.put(f"{place}/identity", json=IDENTITY, headers=desk.headers())
    assert told.status_code == 200, told.text
    found = client.post("/v1/callers/search", json=IDENTITY, headers=desk.headers())
    assert [one["caller_id"] for one in found.json()["candidates"]] == [kept["caller_id"]], found.text
    _, held = desk.hold(kept["referral_ids"][0], desk.best())
    assert (
        client.post(f"{place}/consents", json=consent(held["facility_id"]), headers=desk.headers()).status_code == 201
    )
    token = {"Authorization": f"Bearer {facility_token(store, held['facility_id'])}"}
    shown = client.get(f"{place}?groups=attributes", headers=token)
    assert (shown.status_code, shown.json()["cells"]["zip"]) == (200, "98117"), shown.text
    assert shown.json()["notice"]["en"]
    supervisor = Desk(client, store, Role.SUPERVISOR)
    assert supervisor.get(f"{place}?groups=identity")[0] == 403
    assert supervisor.get(f"{place}?groups=identity&reason=complaint")[1]["cells"]["name"] == IDENTITY["name"]
    told_nurse = desk.post(f"{place}/emergency-disclosures", EMERGENCY)
    assert told_nurse == (201, {"cells": {"name": IDENTITY["name"]}, "notice": told_nurse[1]["notice"]})
    lines = supervisor.get(f"{place}/disclosures")[1]["disclosures"]
    assert {line["nature"] for line in lines} == {None, EMERGENCY["nature"]}
    for act in ("confirm", "admit"):
        assert desk.post(f"/v1/placements/{held['placement_id']}/{act}", {})[0] == 200
    for one in (told, found, shown):
        seen += [str(one.request.url), str(dict(one.headers))]
    seen.append(supervisor.client.get("/metrics").text)
    return seen


def lived(app: FastAPI, store: Store, caplog: pytest.LogCaptureFixture) -> tuple[str, str]:
    """Let a caller live through it; what was told in logs, URLs, headers and metrics, and all that is kept."""
    written: list[str] = []
    app.state.journal.write = written.append
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # the test's own client
    with caplog.at_level(logging.INFO), TestClient(app) as client:
        seen = life(Desk(client, store), store)
    assert any("/v1/placements" in line for line in written)
    logged = [record.getMessage() for record in caplog.records]
    kept = all_there_is(store).decode("latin-1").replace("98117-", "")
    return "\n".join([*seen, *written, *logged]), kept


def test_no_canary_is_told_where_it_does_not_belong(
    app: FastAPI, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    said, kept = lived(app, store, caplog)
    assert (leaks(said), leaks(kept)) == ([], [])


def test_a_server_that_tells_it_is_found(
    app: FastAPI, store: Store, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a line of the log has who was written down, and an event who was searched for."""
    written, searched = identity.write_identity, identity.search

    def leaky_write(change: Change, caller_id: str, cells: Cells, version: int | None = None) -> identity.Identity:
        logging.getLogger("matcher.errors").error("%s of %s", cells["birth_date"], caller_id)
        return written(change, caller_id, cells, version)

    def leaky_search(change: Change, cells: Cells) -> list[identity.Candidate]:
        change.tell_own("looked-for", cells["name"])
        return searched(change, cells)

    monkeypatch.setattr(identity, "write_identity", leaky_write)
    monkeypatch.setattr(identity, "search", leaky_search)
    said, kept = lived(app, store, caplog)
    assert (leaks(said), leaks(kept)) == (["1971-03-09"], ["Zebulon", "Quetzal"])


SAID = [
    ("POST", "/v1/sessions", {"login": 5550137, "password": 5550137}),
    ("POST", "/v1/sessions", "Zebulon"),
    ("PUT", "/v1/callers/c/identity", {"phone": 5550137, "name": 5550137}),
    ("PUT", "/v1/callers/c/identity", {"birth_date": "5550137", "reached_by": ["Zebulon"]}),
    ("PUT", "/v1/callers/c/identity", "Zebulon"),
    ("POST", "/v1/callers/search", {"phone": 5550137}),
    ("POST", "/v1/callers", {"caller": "98117", "identity": "Zebulon"}),
    ("POST", "/v1/callers/c/contacts", {"contact_phone": 5550137, "contact_name": ["Zebulon"], "relation": 5550137}),
    ("POST", "/v1/callers/c/consents", {"signature": 5550137, "expires_at": "Zebulon"}),
    ("POST", "/v1/callers/c/emergency-disclosures", {"recipient_name": 5550137, "nature": 5550137}),
    ("POST", "/v1/placements", {"overrides": [{"rule": "age-group", "reason": 5550137}]}),
]


@pytest.mark.parametrize(("method", "path", "body"), SAID)
def test_what_cannot_be_used_of_who_somebody_is_is_not_said_back(desk: Desk, method: str, path: str, body: Any) -> None:
    told = desk.client.request(method, path, json=body, headers=desk.headers())
    assert (told.status_code, leaks(told.text)) == (422, []), told.text


def test_a_code_or_a_number_that_is_none_is_said_back(desk: Desk) -> None:
    """The control of the test above."""
    told = desk.post("/v1/callers", {"caller": {"modes": ["rocket"], "daily_limit": -5}})[1]
    assert [one["value"] for one in told["errors"]] == ["rocket", "-5"]


def test_an_erased_caller_is_gone(desk: Desk, store: Store) -> None:
    _, kept = desk.post("/v1/callers", {"caller": CALLER})
    supervisor = Desk(desk.client, store, Role.SUPERVISOR)
    place = f"/v1/callers/{kept['caller_id']}"
    assert desk.client.delete(place, headers=desk.headers()).status_code == 403
    assert desk.get(place)[0] == 200
    assert desk.client.delete(place, headers=supervisor.headers()).status_code == 200
    assert desk.get(place)[0] == 410


@pytest.mark.parametrize("name", ["%00", "a%00b", "%1f", "x" * 5000, "%ff%fe", "..", "%2e%2e%2f"])
def test_ids_that_nothing_has_are_refused(desk: Desk, name: str) -> None:
    for path in (f"/v1/callers/{name}", f"/v1/placements/{name}", f"/v1/openings/{name}/seats"):
        assert desk.client.get(path, headers=desk.headers()).status_code in (404, 422)
    for query in (f"/v1/waitlist?opening_id={name}", f"/v1/placements?code={name}"):
        assert desk.client.get(query, headers=desk.headers()).status_code < 500
