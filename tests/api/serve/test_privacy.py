"""Who calls stands in no log, no metric, no URL, and in no answer but to the one who asked."""

import logging
from typing import Any, NamedTuple

import pytest
from api.serve.caller import Caller
from api.serve.gate import Gate
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


class Walked(NamedTuple):
    """What a server under test wrote and answered on the way."""

    statuses: list[int]
    log: str
    ours: str
    metrics: str

    def leaks(self) -> list[str]:
        return leaks(self.log + self.ours + self.metrics)


def walked(app: FastAPI, caplog: pytest.LogCaptureFixture) -> Walked:
    """Send all the requests, and gather every log and metric."""
    written: list[str] = []
    app.state.journal.write = written.append
    # The test's own client logs the URLs that it asks for.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    with caplog.at_level(logging.DEBUG), TestClient(app) as client:
        statuses = [found.status_code for found in requests(client)]
        metrics = client.get("/metrics").text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("matcher"))
    return Walked(statuses, "".join(written), ours, metrics)


def test_no_canary_is_in_logs_or_metrics(app: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    found = walked(app, caplog)
    assert {200, 400, 404, 405, 422} <= set(found.statuses)
    assert found.leaks() == []
    assert "POST /v1/matches 200" in found.log
    assert len(found.log.splitlines()) == len(found.statuses) + 1


def test_a_server_that_logs_paths_is_found(
    app: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: the access log has the path that was asked for, and not its template."""
    answer = Gate.__call__

    async def leaky(door: Gate, scope: Any, receive: Any, send: Any) -> None:
        door._journal.note(scope.get("path", ""))
        await answer(door, scope, receive, send)

    monkeypatch.setattr(Gate, "__call__", leaky)
    assert walked(app, caplog).leaks() == ["Zebulon"]


def test_a_server_that_logs_callers_is_found(
    app: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: a line of the error log has what was said of a caller."""
    cells = Caller.cells

    def leaky(caller: Caller) -> dict[str, str]:
        logging.getLogger("matcher.errors").error("%s", cells(caller))
        return cells(caller)

    monkeypatch.setattr(Caller, "cells", leaky)
    assert {"98117", "47.687654"} <= set(walked(app, caplog).leaks())


def test_a_server_that_counts_callers_is_found(
    app: FastAPI, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: a metric has a label for each path."""
    monkeypatch.setattr("api.serve.gate.UNMATCHED", "/v1/callers/Zebulon")
    assert "Zebulon" in leaks(walked(app, caplog).metrics)


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
