"""Kept answers are erased with the caller they tell of, in the ledger and in older copies; nothing is done twice."""

import os
import re
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from data.store.answers import Answer
from data.store.change import Store
from data.store.database import Database
from data.store.errors import Busy
from data.store.keys import Unreadable
from data.store.tables import answers, caller_keys, events
from data.store.words import Role
from sqlalchemy import func, select

from api import stored
from api.serve import contacts, emergencies, people, records

from ...store.ledgers import SECRET
from .desk import CALLER, Desk
from .test_last_seat import url_of
from .test_privacy import EMERGENCY, IDENTITY, consent, leaks

Again = Callable[[], tuple[int, Any]]
MOTHER = {"contact_name": "May Quetzal", "contact_phone": "206-555-0137"}


def life(desk: Desk) -> tuple[str, list[Again]]:
    """Keep a caller and write of them in every way that is answered; their id, and each request to send again."""
    sent = list[Again]()

    def send(method: str, path: str, body: Any = None) -> Any:
        headers = desk.headers()

        def again() -> tuple[int, Any]:
            told = desk.client.request(method, path, json=body, headers=headers)
            return told.status_code, told.json()

        first = again()
        assert first[0] in (200, 201), first
        assert again() == first
        sent.append(again)
        return first[1]

    caller = CALLER | {"zip": "98117"}
    caller_id = send("POST", "/v1/callers", {"caller": caller, "identity": IDENTITY})["caller_id"]
    place = f"/v1/callers/{caller_id}"
    send("PATCH", place, {"caller": {"zip": "98117"}})
    send("PUT", f"{place}/identity", IDENTITY)
    send("POST", f"{place}/emergency-disclosures", EMERGENCY)
    kept = send("POST", f"{place}/consents", consent("a-1"))
    send("POST", f"{place}/consents/{kept['consent_id']}/revoke", {})
    send("DELETE", f"{place}/contacts/{send('POST', f'{place}/contacts', MOTHER)['contact_id']}")
    return caller_id, sent


ID = re.compile(r"[0-9a-f]{32}")


def read(store: Store) -> str:
    """All that can be read of the kept answers with every key there is, and what stands there unsealed."""
    found = list[bytes]()
    with store.database.read() as connection:
        wrapped = connection.execute(select(caller_keys.c.caller_id, caller_keys.c.wrapped)).all()
        for row in connection.execute(select(answers)):
            found.append(repr(row).encode())
            what = f"answers:{row.owner}:{row.key}"
            for opened in (store.keys.unseal, *(store.keys.unwrap(one, key).open for one, key in wrapped)):
                try:
                    found.append(opened(row.content, what))
                except Unreadable:
                    continue
    return b"\n".join(found).decode("latin-1")


def leaked(store: Store) -> list[str]:
    """What of a caller can be read. Ids are left out: they are drawn by lot, and five digits are a ZIP now and then."""
    return leaks(ID.sub("", read(store)))


def happened(store: Store) -> int:
    with store.database.read() as connection:
        return connection.execute(select(func.count()).select_from(events)).scalar_one()


def over_http(desk: Desk, store: Store, caller_id: str) -> None:
    boss = Desk(desk.client, store, Role.SUPERVISOR)
    assert desk.client.delete(f"/v1/callers/{caller_id}", headers=boss.headers()).status_code == 200


def by_command(desk: Desk, store: Store, caller_id: str) -> None:
    with mock.patch.dict(os.environ, {"MATCHER_SECRET": SECRET}):
        stored.erase(caller_id, url_of(store))


@pytest.mark.parametrize("erase", [over_http, by_command])
def test_answers_are_erased_with_their_caller_and_nothing_is_done_twice(
    desk: Desk, store: Store, erase: Callable[[Desk, Store, str], None]
) -> None:
    desk.keep()  # somebody else, whose key stays
    caller_id, sent = life(desk)
    assert "Zebulon" in leaked(store)
    erase(desk, store, caller_id)
    assert leaked(store) == []
    before = happened(store)
    for again in sent:
        status, told = again()
        assert (status, told["type"].rpartition(":")[2]) == (410, "answer-erased"), told
    assert happened(store) == before


FAMILY = IDENTITY | {"name": "Jorge Muñoz", "birth_date": "1960-01-01"}
"""Somebody else with the same number."""


def maybe(desk: Desk, store: Store) -> tuple[str, list[str]]:
    """Ask twice for somebody who may be one of two, and erase both, the less likely first; what is left of each."""
    bodies = [{"caller": CALLER, "identity": who, "distinct": True} for who in (IDENTITY, FAMILY)]
    likely, less = (desk.post("/v1/callers", body)[1]["caller_id"] for body in bodies)
    body = bodies[0] | {"distinct": False}
    first = desk.post("/v1/callers", body, key="the-same-key")
    assert [one["caller_id"] for one in first[1]["candidates"]] == [likely, less]
    assert desk.post("/v1/callers", body, key="the-same-key") == first
    left = list[str]()
    for caller_id in (less, likely):
        over_http(desk, store, caller_id)
        if caller_id in read(store).replace(f"'{caller_id}'", ""):  # whose answer it is stands beside it
            left.append(caller_id)
    return less, left


def test_whom_somebody_may_be_is_erased_with_each_of_them(desk: Desk, store: Store) -> None:
    _, left = maybe(desk, store)
    assert left == []
    body = {"caller": CALLER, "identity": IDENTITY}
    kept = desk.post("/v1/callers", body, key="the-same-key")
    assert kept[0] == 201, "nothing was done under this key, so it is free"
    assert desk.post("/v1/callers", body, key="the-same-key") == kept


def test_kept_under_the_likeliest_ones_key_it_tells_of_the_others(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""

    def likeliest(status: int, content: Any, caller_id: str | None = None, kept: bool = True) -> Answer:
        from api.serve.ledger import answer

        return answer(status, content, caller_id if kept else content["candidates"][0]["caller_id"])

    monkeypatch.setattr(people, "answer", likeliest)
    less, left = maybe(desk, store)
    assert left == [less]


def test_answers_under_the_ledgers_key_outlive_their_caller(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""

    def plain(status: int, content: Any, caller_id: str | None = None, kept: bool = True) -> Answer:
        from api.serve.ledger import answer

        return answer(status, content)

    for module in (contacts, emergencies, people, records):
        monkeypatch.setattr(module, "answer", plain)
    caller_id, _ = life(desk)
    over_http(desk, store, caller_id)
    assert set(leaked(store)) >= {"Zebulon", "Quetzal", "98117"}


def test_a_key_of_an_older_release_is_used_and_its_answer_gone(desk: Desk, store: Store) -> None:
    body = {"caller": CALLER}
    first = desk.post("/v1/callers", body, key="the-same-key")
    assert desk.post("/v1/callers", body, key="the-same-key") == first
    store.write("test", lambda change: change.connection.execute(answers.update().values(content=b"", caller_id=None)))
    assert desk.post("/v1/callers", body, key="the-same-key")[0] == 410
    assert desk.post("/v1/callers", body)[0] == 201


@pytest.mark.parametrize("kept_from_it", [True, False])
def test_a_scrub_that_could_not_be_done_is_done_when_it_is_asked_for_again(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch, kept_from_it: bool
) -> None:
    status, told = desk.post("/v1/callers", {"caller": CALLER})
    assert status == 201
    boss, scrubbed, scrub = Desk(desk.client, store, Role.SUPERVISOR), list[Database](), Database.scrub

    def at_first_busy(self: Database) -> None:
        scrubbed.append(self)
        if kept_from_it and len(scrubbed) == 1:
            raise Busy("busy", "scrub it again later")
        scrub(self)

    monkeypatch.setattr(Database, "scrub", at_first_busy)
    statuses = [
        desk.client.delete(f"/v1/callers/{told['caller_id']}", headers=boss.headers()).status_code for _ in "ab"
    ]
    assert (statuses, len(scrubbed)) == ([503 if kept_from_it else 200, 410], 2)
