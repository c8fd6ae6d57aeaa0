"""The last seat is promised once, however many ask for it at the same moment, over HTTP and in either database."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx2
import pytest
from data.store import callers, directory, referrals
from data.store.change import Change, Store
from data.store.database import Database
from data.store.keys import Keys
from data.store.users import add_user, sign_in
from data.store.words import Role

from ...soak import size
from ...store.ledgers import SECRET
from .desk import CALLER, PASSWORD
from .served import UNGUARDED, served, write_headers

CLIENTS = 64


@pytest.fixture
def ledger(database: Database, folder: Path) -> tuple[Store, str, list[str]]:
    """A ledger, an advisor's token, and as many referrals as there are clients."""
    store = Store(database, Keys.of(SECRET))
    directory.load(store, folder)
    store.write("setup", lambda change: add_user(change, "advisor", PASSWORD, Role.ADVISOR))
    cells = {"zip": "98101", "need": "IOP", "payers": "medicaid;self-pay", "medicaid_state": "WA", "modes": "car"}

    def keep(change: Change) -> list[str]:
        made = [callers.create(change, cells | {"daily_limit": "1440"}) for _ in range(CLIENTS)]
        return [referrals.refer(change, one.caller_id, {}).referral_id for one in made]

    return store, sign_in(store, "advisor", PASSWORD).token, store.write("setup", keep)


async def rounds(base: str, token: str, referral_ids: list[str], number: int) -> list[Counter[int]]:
    """Let every client ask for one and the same last seat, round after round; the statuses of each round."""
    found = []
    limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx2.AsyncClient(base_url=base, limits=limits, timeout=60) as client:
        told = await client.post("/v1/matches", json={"caller": CALLER})
        opening = told.json()["matches"][0]["opening_id"]
        for _ in range(number):
            report = await client.put(f"/v1/openings/{opening}/seats", json={"number": 1}, headers=write_headers(token))
            assert report.status_code == 200, report.text
            asked = [
                client.post(
                    "/v1/placements",
                    json={"referral_id": referral, "opening_id": opening},
                    headers=write_headers(token),
                )
                for referral in referral_ids
            ]
            answers = await asyncio.gather(*asked)
            found.append(Counter(answer.status_code for answer in answers))
            for answer in answers:
                if answer.status_code == 409:
                    assert answer.json()["next"]["opening_id"] != opening
                if answer.status_code == 201:
                    path = f"/v1/placements/{answer.json()['placement_id']}/release"
                    ended = await client.post(path, json={}, headers=write_headers(token))
                    assert ended.status_code == 200, ended.text
    return found


def url_of(store: Store) -> str:
    return store.database.engine.url.render_as_string(hide_password=False)


def test_the_last_seat_is_promised_once_to_many_at_once(ledger: tuple[Store, str, list[str]]) -> None:
    store, token, referral_ids = ledger
    with served(url_of(store)) as base:
        found = asyncio.run(rounds(base, token, referral_ids, size(3, 500)))
    assert found == [Counter({201: 1, 409: CLIENTS - 1})] * size(3, 500)


def test_without_the_guard_it_is_promised_twice(ledger: tuple[Store, str, list[str]]) -> None:
    """The control of the test above."""
    store, token, referral_ids = ledger
    with served(url_of(store), UNGUARDED) as base:
        found = asyncio.run(rounds(base, token, referral_ids, 1))
    assert found[0][201] > 1
