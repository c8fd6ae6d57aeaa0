"""A request tells of a caller what a table tells: the same columns, the same words, and nothing of who it is."""

from typing import Any

import pytest
from api.serve.answers import ScreeningAnswers
from api.serve.caller import Caller
from benchmarks.bodies import told
from data.columns import CALLERS
from data.encode_callers import CELLS
from data.simulate import simulate_callers, simulate_directory
from matcher.screen import QUESTIONS, Answers
from pydantic import ValidationError

from .conftest import MOMENT

SCHEMA = Caller.model_json_schema()["properties"]


def allowed(name: str) -> list[Any]:
    """The codes that the schema of a field allows."""
    kinds = [kind for kind in SCHEMA[name]["anyOf"] if kind["type"] != "null"]
    assert len(kinds) == 1
    found: list[Any] = (kinds[0].get("items") or kinds[0]).get("enum", [])
    return found


def test_the_fields_are_the_columns_of_the_callers_table_but_its_id() -> None:
    assert set(Caller.model_fields) == set(CALLERS) - {"referral_id", "simulated"}


def test_no_field_asks_who_it_is() -> None:
    assert not {"name", "phone", "birth_date", "ssn", "email", "street", "address"} & set(Caller.model_fields)


@pytest.mark.parametrize("name", [name for name in CELLS if allowed(name)])
def test_the_codes_of_a_field_are_those_of_its_cell(name: str) -> None:
    cell = CELLS[name]
    for code in allowed(name):
        assert cell.read(str(code))[1] == ""
    if name != "medicaid_state":
        assert set(allowed(name)) == set(cell.allowed.removesuffix(" joined by ;").split(", "))


def test_most_fields_are_of_codes() -> None:
    assert len([name for name in CELLS if allowed(name)]) >= 10


def test_a_caller_of_a_table_comes_back_as_its_cells() -> None:
    tables = simulate_directory(50, 1, MOMENT.date())
    callers = simulate_callers(200, 1, MOMENT.date(), tables)
    for i in range(200):
        cells = {name: column[i] for name, column in callers.items() if column[i] and name in Caller.model_fields}
        back = Caller.model_validate(told(cells)).cells()
        for name in ("latitude", "longitude"):
            assert float(back.pop(name, "0")) == pytest.approx(float(cells.pop(name, "0")))
        assert back == cells


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("payers", ["gold"]),
        ("payers", "medicaid"),
        ("pregnant", "yes"),
        ("pregnant", 1),
        ("ages", [130]),
        ("ages", ["30"]),
        ("persons", 0),
        ("daily_limit", 10**30),
        ("latitude", 91.0),
        ("latitude", float("nan")),
        ("zip", "2108"),
        ("free", ["Mon 25:00-26:00"]),
        ("name", "Ann"),
        ("referral_id", "r1"),
    ],
)
def test_what_no_caller_can_be_is_refused(field: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        Caller.model_validate({"zip": "60601", field: value})
    Caller.model_validate({"zip": "60601"})


def test_the_answers_are_those_that_screening_asks_for() -> None:
    assert list(ScreeningAnswers.model_fields) == list(QUESTIONS)
    for name, field in ScreeningAnswers.model_fields.items():
        assert field.description == QUESTIONS[name].asks.en


def test_answers_become_what_screening_takes() -> None:
    given = ScreeningAnswers(
        overdose=True, suicidal=False, withdrawal="severe", substances=["alcohol", "alcohol", "opioids"], assessed="IOP"
    )
    found = given.answers()
    assert (found.overdose, found.suicidal, found.delirium) == (1, 0, -1)
    assert found.substances.bit_count() == 2
    assert found == Answers(
        overdose=1, suicidal=0, withdrawal=found.withdrawal, substances=found.substances, assessed=found.assessed
    )
    assert ScreeningAnswers().answers() == Answers()
