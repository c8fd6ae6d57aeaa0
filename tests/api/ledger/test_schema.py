"""Whatever is sent to any operation of the ledger, by any role: no server error, and the answer is as documented."""

import json
import re
import secrets
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from data.store.change import Store
from data.store.users import issue
from data.store.words import Role
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance
from starlette.testclient import TestClient

from ...soak import size
from .desk import Desk, facility_token

CASES = size(6, 60)
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture
def tokens(app: Any, store: Store) -> Iterator[tuple[Any, dict[Role, str]]]:
    with TestClient(app) as client:
        found = {role: Desk(client, store, role).token for role in (Role.ADVISOR, Role.SUPERVISOR)}
        found[Role.FACILITY] = facility_token(store, "elsewhere")
        until = store.clock() + 36_000
        found[Role.SYSTEM] = store.write("setup", lambda change: issue(change, Role.SYSTEM, until)).token
        yield app, found


def test_every_answer_is_one_that_the_schema_documents(tokens: tuple[Any, dict[Role, str]]) -> None:
    app, of = tokens
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            if path != "/v1/sessions":  # a hash takes 50 ms, and a session that ended would end the walk
                for token in of.values():
                    walk(schema[path][method.upper()], token)


def walk(operation: Any, token: str) -> None:
    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()


WRONG = [
    b"", b"{", b"\xff\xfe", b'{"referral_id": "\\u0000", "opening_id": "o"}', b"[" * 100_000, b"1" * 400,
    json.dumps({"referral_id": "r", "opening_id": "o", "overrides": [{"rule": "x" * 301, "reason": "why"}]}).encode(),
    b'{"referral_id": 1e400, "opening_id": ' + b"9" * 5000 + b"}", b'{"number": 99999999999999999999999999}',
    b"x" * 10_000_000,
]  # fmt: skip


@pytest.mark.parametrize("body", WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_used_is_refused(desk: Desk, body: bytes) -> None:
    for path, method in (("/v1/placements", "POST"), ("/v1/openings/o/seats", "PUT"), ("/v1/openings/seats", "POST")):
        told = desk.client.request(method, path, content=body, headers=desk.headers() | {"content-type": JSON})
        assert 400 <= told.status_code < 500, (path, told.text)
        assert re.fullmatch(r"application/problem\+json", told.headers["content-type"])


JSON = "application/json"


def test_a_planted_failure_is_found(app: Any) -> None:
    """The control of the first test."""
    app.state.meter.text = lambda: date.min.toordinal() // 0
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    with pytest.raises(FailureGroup, match="1 distinct failure"):
        schema["/metrics"]["GET"].Case().call_and_validate(checks=CHECKS)
