"""Who calls stands in no log, no metric, no URL, and in no answer but to the one who asked."""

import logging
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from .conftest import CALLER

CANARIES = ("98117", "47.687654", "Zebulon", "555-0137", "sim-canary", "Quetzal")


def requests(client: TestClient) -> list[Any]:
    """Requests with canaries in every place where somebody could put who it is."""
    caller = CALLER | {"zip": "98117", "placed": "sim-canary"}
    place = {"latitude": 47.687654, "longitude": -122.3763}
    return [
        client.post("/v1/matches", json={"caller": caller | place}),
        client.post("/v1/matches?sentences=true&question=true&why_not=5", json={"caller": caller}),
        client.post("/v1/matches", json={"caller": caller | {"Zebulon Quetzal": "555-0137"}}),
        client.post("/v1/matches", json={"caller": caller | {"plan": "Quetzal"}}),
        client.post("/v1/matches", json={"caller": caller | {"excluded": ["sim-canary"]}}),
        client.post("/v1/matches", json={"caller": caller | {"zip": "98117-Zebulon"}}),
        client.post("/v1/matches?name=Zebulon", json={"caller": caller}),
        client.post("/v1/matches", content=b'{"caller": "Zebulon 98117', headers={"content-type": "application/json"}),
        client.get("/v1/callers/Zebulon?phone=555-0137"),
        client.get("/v1/nowhere/Zebulon?phone=555-0137"),
        client.request("ZEBULON", "/v1/matches"),
    ]


def leaks(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def test_no_canary_is_in_logs_or_metrics(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    written: list[str] = []
    app.state.journal.write = written.append
    # The test's own client logs the URLs that it asks for.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG), TestClient(app) as client:
        statuses = [found.status_code for found in requests(client)]
        metrics = client.get("/metrics").text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("matcher"))
    log = "".join(written)
    assert {200, 400, 404, 405, 422} <= set(statuses)
    assert leaks(log + ours + metrics) == []
    assert "POST /v1/matches 200" in log
    assert len(log.splitlines()) == len(statuses) + 1


def test_a_canary_in_a_log_is_found(app: FastAPI) -> None:
    """The control of the test above."""
    assert leaks('GET "/v1/matches?name=Zebulon"') == ["Zebulon"]


def test_a_refusal_says_no_place_or_name_back(client: TestClient) -> None:
    refused = [found for found in requests(client) if found.status_code >= 400]
    assert len(refused) >= 6
    assert [leaks(found.text) for found in refused] == [[]] * len(refused)


def test_no_answer_holds_the_callers_place(client: TestClient) -> None:
    found = client.post("/v1/matches", json={"caller": CALLER | {"latitude": 47.687654, "longitude": -122.3763}})
    assert "47.68" not in found.text


def test_a_line_of_the_log_is_id_method_template_status_and_milliseconds(app: FastAPI) -> None:
    written: list[str] = []
    app.state.journal.write = written.append
    with TestClient(app) as client:
        found = client.post("/v1/matches?keep=3", json={"caller": CALLER})
    when, request_id, method, route, status, took = "".join(written).split()
    assert when.endswith("Z")
    assert (request_id, method, route, status) == (found.headers["x-request-id"], "POST", "/v1/matches", "200")
    assert float(took) > 0


def test_metrics_count_by_template_method_and_class_of_status_alone(client: TestClient) -> None:
    client.post("/v1/matches", json={"caller": CALLER})
    client.get("/v1/matches/Zebulon")
    lines = [line for line in client.get("/metrics").text.splitlines() if line.startswith("matcher_requests_total{")]
    assert 'matcher_requests_total{method="POST",route="/v1/matches",status="2xx"} 1.0' in lines
    assert 'matcher_requests_total{method="GET",route="unmatched",status="4xx"} 1.0' in lines
