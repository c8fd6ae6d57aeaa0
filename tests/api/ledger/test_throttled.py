"""Who may ask how often: guesses at passwords wait, and each advisor of an office has a rate of their own."""

import pytest
from api.serve.app import create_app
from api.serve.followed import Followed
from api.serve.gate import Gate
from api.serve.ledger import Ledger
from api.settings import Settings
from data.store.change import Store
from data.store.users import revoke
from starlette.testclient import TestClient

from .desk import Desk


def test_after_some_failures_it_says_how_long_to_wait(desk: Desk) -> None:
    body = {"login": "ada", "password": "nothing of the kind"}
    statuses = [desk.client.post("/v1/sessions", json=body) for _ in range(6)]
    assert [told.status_code for told in statuses] == [401] * 5 + [429]
    assert 1 <= int(statuses[-1].headers["retry-after"]) <= 30
    assert statuses[-1].headers["content-type"] == "application/problem+json"


def asked(client: TestClient, times: int, **headers: str) -> list[int]:
    return [client.get("/v1/tasks", headers=headers).status_code for _ in range(times)]


def slow(store: Store) -> TestClient:
    return TestClient(create_app(Followed(store), Settings(rate=0.001, burst=8), ledger=Ledger(store)))


def test_each_advisor_of_an_office_has_a_rate_of_their_own(store: Store) -> None:
    with slow(store) as client:
        tokens = [Desk(client, store).token for _ in range(2)]
        first = [asked(client, 1, authorization=f"Bearer {token}") for token in tokens]  # now they are known
        assert first == [[200], [200]]
        for token in tokens:
            assert asked(client, 9, authorization=f"Bearer {token}") == [200] * 8 + [429]
            assert asked(client, 1, authorization=f"bearer   {token}") == [429]


def test_tokens_made_up_are_counted_by_their_address(store: Store) -> None:
    with slow(store) as client:
        statuses = [asked(client, 1, authorization=f"Bearer made-up-{number}")[0] for number in range(9)]
    assert statuses == [401] * 8 + [429]


def test_counted_by_whatever_is_sent_there_would_be_no_limit(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: each Authorization header is somebody."""
    monkeypatch.setattr(Gate, "_asker", lambda self, scope: str(scope["headers"]))
    with slow(store) as client:
        statuses = [asked(client, 1, authorization=f"Bearer made-up-{number}")[0] for number in range(20)]
    assert statuses == [401] * 20


def test_a_token_that_is_over_is_known_no_more(store: Store) -> None:
    ledger = Ledger(store)
    with TestClient(create_app(Followed(store), Settings(rate=0), ledger=ledger)) as client:
        desk = Desk(client, store)
        header = f"Bearer {desk.token}"
        assert ledger.known_in(header.encode()) is None
        assert asked(client, 1, authorization=header) == [200]
        assert ledger.known_in(header.encode()) == desk.token
        store.write("boss", lambda change: revoke(change, desk.user_id))
        ledger._known[desk.token] = (0.0, ledger._known[desk.token][1])  # it was asked a while ago
        assert asked(client, 1, authorization=header) == [401]
        assert ledger.known_in(header.encode()) is None
