"""Who asks behind a proxy is believed of the settings' own proxies alone, and whoever forwards besides is told of."""

import logging

import pytest
from api.serve.app import create_app
from api.serve.gate import client_of
from api.serve.held import Held, Holder
from api.serve.proxies import WARNING, Proxies
from api.settings import Settings
from pydantic import ValidationError
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from .conftest import MOMENT


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell the address that a request comes from."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": client_of(scope).encode()})


def seen(trusted: str, peer: str, forwarded: str) -> str:
    """Whom a server with these proxies takes for the asker."""
    client = TestClient(Proxies(echo, Settings(trusted_proxies=trusted).trusted_proxies), client=(peer, 5000))
    return str(client.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {}).text)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "asker"),
    [
        ("", "127.0.0.1", "203.0.113.7", "127.0.0.1"),  # nobody is believed unless somebody says so
        ("127.0.0.1", "127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1", "203.0.113.7", "198.51.100.1"),
        ("127.0.0.1, 10.0.0.0/8", "10.1.2.3", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "192.0.2.9, 203.0.113.7", "203.0.113.7"),  # what the asker made up stands before
        ("10.0.0.0/8", "10.1.2.3", "192.0.2.9, 203.0.113.7, 10.9.9.9", "203.0.113.7"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_only_own_proxies_say_who_asks(trusted: str, peer: str, forwarded: str, asker: str) -> None:
    assert seen(trusted, peer, forwarded) == asker


@pytest.mark.parametrize("text", ["*", "proxy.example.org", "10.0.0.1/8", "300.1.1.1"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="trusted_proxies"):
        Settings(trusted_proxies=text)


def warned(held: Held, caplog: pytest.LogCaptureFixture, trusted: str, peer: str, **headers: str) -> list[str]:
    """What the server's log warns of after three requests of a peer with these headers."""
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0, trusted_proxies=trusted))
    client = TestClient(app, client=(peer, 5000), headers={name.replace("_", "-"): at for name, at in headers.items()})
    assert [client.get("/healthz").status_code for _ in range(3)] == [200] * 3
    return [said.getMessage() for said in caplog.records if said.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("trusted", "headers"),
    [
        ("", {"x_forwarded_for": "203.0.113.7"}),
        ("", {"forwarded": "for=203.0.113.7"}),
        ("10.0.0.8, 10.1.0.0/16", {"x_forwarded_for": "203.0.113.7"}),
        ("10.0.0.7", {"forwarded": "for=203.0.113.7"}),  # believed, but this header is not read
    ],
)
def test_a_proxy_that_is_not_believed_is_told_of_once_and_nobody_is_named(
    held: Held, caplog: pytest.LogCaptureFixture, trusted: str, headers: dict[str, str]
) -> None:
    assert warned(held, caplog, trusted, "10.0.0.7", **headers) == [WARNING]
    assert "MATCHER_TRUSTED_PROXIES" in caplog.text
    assert not [said for said in ("203.0.113", "10.0.0.7:", "10.0.0.8", "10.1.0.0") if said in caplog.text]


@pytest.mark.parametrize(
    ("trusted", "headers"),
    [
        ("", {}),
        ("10.0.0.7", {"x_forwarded_for": "203.0.113.7"}),
        ("10.0.0.0/8", {"x_forwarded_for": "203.0.113.7", "forwarded": "for=203.0.113.7"}),
    ],
)
def test_where_who_asks_is_known_nothing_is_told(
    held: Held, caplog: pytest.LogCaptureFixture, trusted: str, headers: dict[str, str]
) -> None:
    assert warned(held, caplog, trusted, "10.0.0.7", **headers) == []


def test_told_at_each_request_it_would_fill_the_log(
    held: Held, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: nobody remembers that it was told."""
    monkeypatch.setattr(Proxies, "_told", property(lambda _: False, lambda _, told: None), raising=False)
    assert warned(held, caplog, "", "10.0.0.7", x_forwarded_for="203.0.113.7") == [WARNING] * 3


def test_those_who_come_through_an_own_proxy_are_clients_of_their_own(held: Held) -> None:
    def asked(trusted: str) -> list[int]:
        settings = Settings(rate=0.001, burst=1, trusted_proxies=trusted)
        client = TestClient(create_app(Holder(lambda _: held, lambda: MOMENT), settings), client=("10.0.0.7", 5000))
        homes = ["203.0.113.7", "203.0.113.8", "203.0.113.8"]
        return [client.get("/healthz", headers={"x-forwarded-for": home}).status_code for home in homes]

    assert asked("10.0.0.7") == [200, 200, 429]
    assert asked("") == [200, 429, 429]  # the control: nobody is believed, and all are one
