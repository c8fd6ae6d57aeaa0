"""Whatever is sent, the answer is a problem that names what is allowed, and never a server error."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from api.serve.app import create_app
from api.serve.held import Held, Holder
from api.serve.limits import Buckets
from api.serve.problems import MEDIA, ProblemDetails, ProblemError
from api.settings import Settings
from starlette.testclient import TestClient

from .conftest import CALLER, MOMENT

HEADERS = {"content-type": "application/json"}
GOOD = json.dumps({"caller": CALLER}).encode()


def problem(found: Any, status: int) -> ProblemDetails:
    assert found.status_code == status, found.text
    assert found.headers["content-type"] == MEDIA
    told = ProblemDetails.model_validate(found.json())
    assert told.status == status
    assert told.instance == found.headers["x-request-id"]
    return told


def post(client: TestClient, content: bytes | Iterator[bytes], **headers: str) -> Any:
    return client.post("/v1/matches", content=content, headers=HEADERS | headers)


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 400, "no-json"),
        (b"{", 400, "no-json"),
        (b"\xff\xfe{}", 400, "no-json"),
        (GOOD.replace(b"WA", b"W\xff"), 400, "no-json"),
        (GOOD.replace(b"98101", b"\\u0000"), 400, "nul"),
        (GOOD.replace(b"98101", b"981\x0001"), 400, "no-json"),
        (b"[" * 100_000, 400, "too-deep"),
        (b'{"caller":' * 33 + b"1" + b"}" * 33, 400, "too-deep"),
        (b" " * 1_000_001, 413, "too-large"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'{"caller":{"zip":"98101","need":"IOP","persons":1' + b"0" * 100 + b"}}", 422, "invalid"),
        (b'{"caller":{"zip":"98101","need":"IOP","persons":1' + b"0" * 5000 + b"}}", 400, "no-json"),
        (b'{"caller":{"zip":"98101","need":"IOP","latitude":1e999,"longitude":0}}', 422, "invalid"),
        (b'{"caller":{"zip":"98101","need":"\\ud800"}}', 400, "no-json"),
        (b'{"caller":{}}', 422, "invalid"),
        (b'{"caller":{"zip":"98101"},"answers":{"assessed":"XX"}}', 422, "invalid"),
    ],
)
def test_what_cannot_be_used_is_a_problem(client: TestClient, content: bytes, status: int, slug: str) -> None:
    assert problem(post(client, content), status).type.endswith(f":{slug}")


def test_a_good_request_passes_all_limits(client: TestClient) -> None:
    """The control of the test above; brackets in a text are no depth."""
    assert post(client, GOOD).status_code == 200
    odd = json.dumps({"caller": CALLER | {"placed": '[{"\\' * 50 + "\\\\u0000"}}).encode()
    assert post(client, odd).status_code == 200


def test_a_body_sent_in_parts_is_bounded_as_well(client: TestClient) -> None:
    def parts(count: int) -> Iterator[bytes]:
        yield GOOD
        yield from (b" " * 100_000 for _ in range(count))

    assert problem(post(client, parts(20)), 413).type.endswith(":too-large")
    assert post(client, parts(2)).status_code == 200


def test_a_length_that_is_none_or_too_long_is_refused(client: TestClient) -> None:
    problem(post(client, GOOD, **{"content-length": "99999999999999999999"}), 413)
    problem(post(client, GOOD, **{"content-length": "x"}), 413)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/xml", "multipart/form-data"])
def test_a_body_that_is_not_said_to_be_json_is_refused(client: TestClient, kind: str) -> None:
    problem(client.post("/v1/matches", content=GOOD, headers={"content-type": kind}), 415)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("keep=0", "keep"),
        ("keep=201", "keep"),
        ("keep=1e3", "keep"),
        ("why_not=-1", "why_not"),
        ("language=fr", "language"),
        ("sentences=maybe", "sentences"),
        ("color=red", "color"),
        ("%FF=%FF", "?"),
    ],
)
def test_a_parameter_that_is_not_understood_is_named(client: TestClient, query: str, field: str) -> None:
    told = problem(client.post(f"/v1/matches?{query}", json={"caller": CALLER}), 422)
    assert told.errors is not None
    assert [one.field for one in told.errors] == [field]


def test_an_unknown_code_is_named_with_all_that_are_allowed(client: TestClient) -> None:
    told = problem(client.post("/v1/matches", json={"caller": CALLER | {"modes": ["rocket"]}}), 422)
    assert told.errors is not None
    (error,) = told.errors
    assert (error.field, error.value) == ("caller.modes.0", "rocket")
    assert "'transit'" in error.allowed


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nowhere", 404), ("GET", "/v1/matches", 405), ("PUT", "/healthz", 405)]
)
def test_what_is_not_there_is_a_problem_too(client: TestClient, method: str, path: str, status: int) -> None:
    found = client.request(method, path)
    problem(found, status)
    assert (status == 405) == ("allow" in found.headers)


def test_an_unknown_failure_tells_nothing_but_its_id(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("98101 of Ann")

    monkeypatch.setattr("api.serve.asking.due", fail)
    found = client.post("/v1/matches", json={"caller": CALLER})
    told = problem(found, 500)
    assert "Traceback" not in found.text
    assert told.instance in caplog.text
    assert "RuntimeError at" in caplog.text
    assert "98101" not in found.text + caplog.text


def test_too_many_requests_of_a_client_wait(held: Held) -> None:
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0.001, burst=3))
    with TestClient(app) as client:
        assert [client.get("/healthz").status_code for _ in range(3)] == [200] * 3
        refused = client.get("/healthz")
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 100


def asked_from(held: Held, addresses: list[str]) -> list[int]:
    """What a server that takes three requests at once answers, one from each of these addresses."""
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0.001, burst=3))
    return [TestClient(app, client=(address, 5000)).get("/healthz").status_code for address in addresses]


HOME = [f"2001:db8:1:2::{number:x}" for number in range(1, 6)]


def test_all_ipv6_addresses_of_a_home_are_one_client(held: Held) -> None:
    neighbors = [f"2001:db8:1:{number:x}::1" for number in range(3, 6)]
    assert asked_from(held, HOME + neighbors) == [200] * 3 + [429] * 2 + [200] * 3
    wrapped = [*(f"::ffff:192.0.2.{number}" for number in range(4)), "192.0.2.3", "::ffff:192.0.2.3", "192.0.2.3"]
    assert asked_from(held, wrapped) == [200] * 6 + [429]


def test_counted_by_each_address_a_home_would_have_no_limit(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an address is somebody."""
    monkeypatch.setattr("api.serve.gate.site_of", str)
    assert asked_from(held, HOME) == [200] * 5


def test_a_bucket_fills_again_and_is_a_clients_own() -> None:
    buckets = Buckets(2.0, 4)
    for _ in range(4):
        buckets.take("a", 10.0)
    with pytest.raises(ProblemError):
        buckets.take("a", 10.1)
    buckets.take("b", 10.1)
    buckets.take("a", 10.6)
    with pytest.raises(ProblemError):
        buckets.take("a", 10.6)


def test_clients_that_were_quiet_are_forgotten() -> None:
    buckets = Buckets(1.0, 5)
    for number in range(10_500):
        buckets.take(str(number), 0.0)
    assert len(buckets._left) <= 10_001
    buckets.take("later", 100.0)
    assert len(buckets._left) <= 10_001


def test_without_a_rate_nobody_waits() -> None:
    buckets = Buckets(0.0, 1)
    for _ in range(10):
        buckets.take("a", 0.0)


def test_a_client_that_goes_away_is_no_error(held: Held) -> None:
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0))
    sent: list[Any] = []
    messages = [
        {"type": "http.request", "body": b'{"caller":', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/matches", "raw_path": b"/v1/matches", "query_string": b"",
             "root_path": "", "headers": [(b"content-type", b"application/json")], "http_version": "1.1",
             "scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2)}  # fmt: skip
    asyncio.run(app(scope, receive, send))
    assert [message.get("status", 400) for message in sent] == [400] * len(sent)
