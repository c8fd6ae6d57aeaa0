"""One caller over HTTP gets what the command line gives, and never an empty page."""

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from api.serve.held import Held
from api.serve.told import MatchesTold
from matcher.rank import rank
from starlette.testclient import TestClient

from ..test_command import answer
from .conftest import CALLER, MOMENT

COMMAND = ["--zip", "98101", "--need", "IOP", "--payer", "medicaid", "--state", "WA", "--mode", "car"]
NOBODY_FITS: dict[str, Any] = CALLER | {"daily_limit": 0, "need": "residential-short", "admission_limit": 0}


def told(client: TestClient, query: str = "", caller: dict[str, Any] = CALLER, **more: Any) -> Any:
    found = client.post(f"/v1/matches{query}", json={"caller": caller, **more})
    assert found.status_code == 200, found.text
    MatchesTold.model_validate(found.json())
    return found.json()


def test_the_matches_are_those_of_the_command_line(client: TestClient, folder: Path) -> None:
    ours = told(client, "?sentences=true&why_not=20")
    theirs = answer("rank", folder, *COMMAND, "--why-not", "20", "--now", MOMENT.isoformat())
    assert ours["simulated"] is theirs["simulated"] is True
    assert len(ours["matches"]) == len(theirs["matches"]) == 10
    for mine, one in zip(ours["matches"], theirs["matches"], strict=True):
        assert [mine[name] for name in ("place", "group", "opening_id", "reported")] == [
            one[name] for name in ("place", "group", "opening_id", "reported")
        ]
        same_reasons(mine, one["explanation"])
    for mine, one in zip(ours["others"], theirs["others"], strict=True):
        same_reasons(mine, one)


def same_reasons(mine: Any, theirs: Any) -> None:
    assert mine["opening_id"] == theirs["opening_id"]
    assert mine["facility_id"] == theirs["facility_id"]
    assert mine["cost"] == theirs["cost"]
    assert mine["reasons"] == theirs["reasons"]
    assert mine["way"] == theirs["way"]


def test_another_caller_gets_other_matches(client: TestClient) -> None:
    """The control of the test above."""
    far = told(client, caller=CALLER | {"zip": "60601", "medicaid_state": "IL"})
    assert {one["opening_id"] for one in far["matches"]}.isdisjoint(
        one["opening_id"] for one in told(client)["matches"]
    )


@pytest.mark.parametrize("query", ["?sentences=true", "?why_not=3", "?question=true", "?sentences=true&language=es"])
def test_what_is_asked_for_besides_leaves_the_matches_as_they_are(client: TestClient, query: str) -> None:
    plain, more = told(client)["matches"], told(client, query)["matches"]
    numbers = [{name: value for name, value in one.items() if name not in ("reasons", "facility")} for one in more]
    assert numbers == plain


def test_without_parameters_nothing_is_put_into_words(client: TestClient) -> None:
    found = told(client)
    assert not any("reasons" in one or "facility" in one for one in found["matches"])
    assert not {"others", "question", "legal"} & set(found)
    assert any("reasons" in one for one in told(client, "?sentences=true")["matches"])


def test_where_nothing_matches_the_nearest_misses_and_first_steps_are_told(client: TestClient, held: Held) -> None:
    found = told(client, "?sentences=true", NOBODY_FITS)
    assert found["matches"] == []
    assert found["misses"]
    assert all(one["verdicts"]["against"] for one in found["misses"])
    row, _ = held.encoder({"zip": "98101", "need": "residential-short", "payers": "medicaid", "medicaid_state": "WA",
                           "modes": "car", "daily_limit": "0", "admission_limit": "0"})  # fmt: skip
    ranking = rank(held.sweep, row)
    ids = held.loaded.directory.opening_ids
    assert [one["opening_id"] for one in found["misses"]] == [ids[one.opening] for one in ranking.misses]
    assert [one["opening_id"] for one in found["full"]] == [ids[one.opening] for one in ranking.full]
    assert [one["match"]["opening_id"] for one in found["interim"]] == [one.match.opening_id for one in ranking.interim]


def test_dangers_come_before_everything_else(client: TestClient) -> None:
    found = client.post("/v1/matches", json={"caller": CALLER, "answers": {"overdose": True}})
    assert found.text.startswith('{"dangers":[{"code":"overdose"')
    assert "911" in found.json()["dangers"][0]["now"][0]
    assert told(client, answers={"overdose": False})["dangers"] == []


def test_the_answers_suggest_a_level_where_none_is_named(client: TestClient) -> None:
    unsaid = {name: value for name, value in CALLER.items() if name != "need"}
    assert told(client, caller=unsaid, answers={"assessed": "asam:2.1@4th"})["need"] == "intensive-outpatient"
    assert told(client, answers={"assessed": "OP"})["need"] == "intensive-outpatient"
    refused = client.post("/v1/matches", json={"caller": unsaid})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "caller.need"


def test_the_next_question_is_told_where_it_is_asked_for(client: TestClient) -> None:
    found = told(client, "?question=true", {"zip": "98101", "need": "IOP", "modes": ["car"]})
    assert found["question"]["asks"].endswith("?")
    assert [one["code"] for one in found["legal"]] == ["pregnant", "injecting"]


@pytest.mark.parametrize("part", ["question", "sentences", "why_not"])
def test_a_part_that_fails_is_named_and_the_list_stands(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("out of order")

    names = {"question": "next_question", "sentences": "written.said", "why_not": "nearby_but"}
    whole = told(client)["matches"]
    monkeypatch.setattr(f"api.serve.asking.{names[part]}", fail)
    found = told(client, "?question=true&why_not=2" + ("&sentences=true" if part == "sentences" else ""))
    assert part in found["unfinished"]
    assert [one["opening_id"] for one in found["matches"]] == [one["opening_id"] for one in whole]


def test_a_whole_answer_names_nothing_unfinished(client: TestClient) -> None:
    assert told(client, "?question=true&why_not=2&sentences=true")["unfinished"] == []


def test_notices_of_the_law_are_told_to_the_advisor(client: TestClient) -> None:
    found = told(client, "?sentences=true&language=es", CALLER | {"pregnant": True})
    assert [one["code"] for one in found["notices"]] == ["pregnant"]
    assert found["notices"][0]["sentence"].startswith("Embarazada")
    assert "sentence" not in told(client, caller=CALLER | {"pregnant": True})["notices"][0]


@pytest.mark.parametrize("caller", [CALLER, NOBODY_FITS])
@pytest.mark.parametrize("query", ["", "?sentences=true&why_not=3&question=true"])
def test_an_answer_is_written_as_orjson_writes_it(client: TestClient, query: str, caller: dict[str, Any]) -> None:
    found = client.post(f"/v1/matches{query}", json={"caller": caller})
    assert found.content == orjson.dumps(found.json())
    assert found.content != orjson.dumps(found.json() | {"need": "detox"})


def test_the_same_request_gets_the_same_bytes(client: TestClient) -> None:
    body = json.dumps({"caller": CALLER})
    sent = [
        client.post("/v1/matches", content=body, headers={"content-type": "application/json"}).content for _ in "ab"
    ]
    assert sent[0] == sent[1]


def test_a_call_is_screened(client: TestClient) -> None:
    found = client.post("/v1/screenings?language=es", json={"suicidal": True})
    assert found.status_code == 200
    assert found.json()["dangers"][0]["sentence"].startswith("Hay pensamientos")
    assert found.json()["signs"][0]["met"] is None
