"""The schema is kept: whatever it allows or forbids, every answer is one that it documents, and never a 5xx.

``MATCHER_CASES`` sets how many requests each operation gets.
"""

import json
import os
from typing import Any

import pytest
import schemathesis
from api.serve.app import create_app
from api.serve.examples import ANSWER, BODY
from api.serve.held import Held, Holder
from api.serve.matches import MatchesBody
from api.serve.told import MatchesTold
from api.settings import Settings
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.schemas import OpenApiSchema
from starlette.testclient import TestClient

from .conftest import MOMENT

CASES = int(os.environ.get("MATCHER_CASES", "25"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [("POST", "/v1/matches"), ("POST", "/v1/screenings"), ("GET", "/v1/rules"), ("GET", "/healthz"),
              ("GET", "/readyz"), ("GET", "/metrics")]  # fmt: skip


@pytest.fixture(scope="module")
def schema(held: Held) -> OpenApiSchema:
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0))
    app.state.journal.write = lambda _: None
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def test_every_operation_is_tested(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert sorted(OPERATIONS) == sorted((method.upper(), path) for path, found in paths.items() for method in found)


ALLOWED, FORBIDDEN = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE
KINDS = [(*operation, ALLOWED) for operation in OPERATIONS]
KINDS += [(*operation, FORBIDDEN) for operation in OPERATIONS if operation[0] == "POST"]
"""What takes nothing can be sent nothing that is forbidden."""


@pytest.mark.parametrize(("method", "path", "mode"), KINDS)
def test_every_answer_is_one_that_the_schema_documents(
    schema: OpenApiSchema, method: str, path: str, mode: schemathesis.GenerationMode
) -> None:
    operation = schema[path][method]
    checks = [*CHECKS, negative_data_rejection] if mode is FORBIDDEN else CHECKS
    few = settings(
        max_examples=CASES if method == "POST" else 3,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )

    @few
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(checks=checks)

    ask()


def test_a_planted_failure_is_found(held: Held) -> None:
    app = create_app(Holder(lambda _: held, lambda: MOMENT), Settings(rate=0))
    app.state.meter.text = lambda: 1 // 0
    planted = schemathesis.openapi.from_asgi("/openapi.json", app)
    case = planted["/metrics"]["GET"].Case()
    with pytest.raises(FailureGroup, match="1 distinct failure") as caught:
        case.call_and_validate(checks=CHECKS)
    assert "Server error" in str(caught.value.exceptions[0])


def test_the_worked_example_is_what_the_schema_says_and_the_server_takes(client: TestClient) -> None:
    MatchesBody.model_validate_json(json.dumps(BODY))
    MatchesTold.model_validate(ANSWER)
    found = client.post("/v1/matches?keep=2", json=BODY).json()
    assert set(found) == set(ANSWER)
    assert ANSWER["matches"]
    assert set(found["matches"][0]) == set(ANSWER["matches"][0])


def test_every_operation_has_an_id_a_tag_and_its_errors(client: TestClient) -> None:
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        for found in methods.values():
            assert found["operationId"], path
            assert found["tags"], path
            assert found["summary"], path
            assert {"400", "413", "422", "429", "500"} <= set(found["responses"]), path
            for status, told in found["responses"].items():
                assert status.startswith("2") or "application/problem+json" in told["content"]
