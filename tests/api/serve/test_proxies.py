"""Who asks behind a proxy is believed of the settings' own proxies alone."""

import pytest
from api.serve.gate import client_of
from api.serving import proxied
from api.settings import Settings
from pydantic import ValidationError
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from uvicorn import Config


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Tell the address that a request comes from."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": client_of(scope).encode()})


def seen(trusted: str, peer: str, forwarded: str) -> str:
    """Whom a server with these proxies takes for the asker."""
    config = Config(echo, log_config=None, lifespan="off", **proxied(Settings(trusted_proxies=trusted)))
    config.load()
    client = TestClient(config.loaded_app, client=(peer, 5000))
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
