"""One caller on the phone is encoded to the same bytes as the same caller in a table."""

from typing import Any

import numpy as np
import pytest
from data.columns import CALLERS
from data.encode import encode_directory
from data.encode_caller import CALLER, USUAL, CallerEncoder, CallerError
from data.encode_callers import CELLS, encode_callers
from data.simulate import simulate_callers, simulate_directory
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.facts import EXCLUDED, Referral
from matcher.problem import Directory
from matcher.records import Rows, dtype, plain
from matcher.vocabulary import LevelOfCare, State

from .rows import MONDAY_MORNING, POLICY, facilities, openings

DIRECTORY, *_ = encode_directory(
    facilities(
        {"plans": "Acme Health;Blue Plan"},
        *({"facility_id": f"f{i}", "latitude": f"41.{70 + i}"} for i in range(2, EXCLUDED + 3)),
    ),
    openings(),
    POLICY,
)
MOST = ";".join(f"f{i}" for i in range(1, EXCLUDED + 1))
"""As many facilities as a row holds."""
ENCODER = CallerEncoder(DIRECTORY, POLICY)
ODD = ("", "  ", "nonsense", "-1", "1e9", "yes;no", "!", ";", "٣")
"""Texts that most columns refuse."""


def codes(allowed: str) -> list[str]:
    return allowed.split(" joined by")[0].split(", ")


LIKELY: dict[str, list[str]] = {name: codes(cell.allowed) for name, cell in CELLS.items()} | {
    "need": ["IOP", "outpatient", "asam:2.1@3rd", *(level.code for level in LevelOfCare)],
    "medicaid_state": [*State.__members__, "wa"],
    "daily_limit": ["0", "45", "60.0", "1440", "1441"],
    "admission_limit": ["0", "45", "240"],
    "persons": ["0", "1", "2", "12", "13"],
    "children": ["0", "1", "2", "12", "13"],
    "ages": ["17", "18", "30", "65", "120", "121"],
    "free": ["Mon 17:00-21:00", "sun 00:00-24:00", "Tue 09:30-08:00", "Wed 9:15-10:00"],
    "zip": ["60601", "60601-1234", "02108", "2108", "00000", "96799"],
    "latitude": ["41.88", "0", "91", "18.4"],
    "longitude": ["-87.63", "0", "-66.1"],
    "plan": ["acme  HEALTH", "Blue Plan", "Unheard Of"],
    "excluded": ["f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f99", MOST, f"{MOST};f{EXCLUDED + 1}"],
    "placed": ["o1", "o2"],
}
MANY = {"payers", "medications", "uses", "substances", "modes", "genders", "populations", "languages", "accessibility",
        "services", "ages", "free", "excluded"}  # fmt: skip


def cell(name: str) -> st.SearchStrategy[str]:
    likely = st.sampled_from(LIKELY[name])
    several = st.lists(likely, max_size=9).map(";".join) if name in MANY else likely
    return st.one_of(several, several, several, st.sampled_from(ODD))


COLUMNS = [name for name in CALLERS if name not in ("referral_id", "simulated")]
SAID = st.fixed_dictionaries(
    {"need": cell("need"), "zip": cell("zip")},
    optional={name: cell(name) for name in COLUMNS if name not in ("need", "zip")},
)


def in_a_table(cells: dict[str, str], directory: Directory, policy: Rows) -> tuple[Any, set[str]]:
    """The row that the table of this one caller gives, if any, and the columns in which something was found."""
    usual = {name: str(policy[f"usual_{name}"][0]) for name in USUAL}
    row = dict.fromkeys(CALLERS, "") | {"referral_id": CALLER} | usual | cells
    referrals, findings = encode_callers({name: (text,) for name, text in row.items()}, directory, policy)
    return referrals.rows, {finding.column for finding in findings}


def agree(cells: dict[str, str], encoder: CallerEncoder, directory: Directory, policy: Rows) -> bool:
    """Hold both encodings together; whether the caller could be used. A table stops at what refuses the row."""
    table, found = in_a_table(cells, directory, policy)
    try:
        row, record = encoder(cells)
    except CallerError as error:
        wrong = error.wrong
    else:
        wrong = []
    assert found <= {one.column for one in wrong}
    assert bool(found) == bool(wrong)
    if wrong:
        assert all(one.problem and one.allowed for one in wrong if one.column != "plan")
        return False
    assert row.dtype == dtype(Referral)
    assert [name for name in Referral._fields if row[name].tobytes() != table[name].tobytes()] == []
    assert row.tobytes() == table.tobytes()
    assert record == plain(Referral, table[0])
    assert not row.flags.writeable
    return True


@given(SAID)
@settings(max_examples=1500, deadline=None)
def test_a_caller_is_encoded_as_in_a_table_and_refused_for_the_same_columns(cells: dict[str, str]) -> None:
    agree(cells, ENCODER, DIRECTORY, POLICY)


def test_every_simulated_caller_is_encoded_as_in_a_table() -> None:
    day = MONDAY_MORNING.date()
    tables = simulate_directory(60, 5, day)
    directory, *_ = encode_directory(
        tables["facilities.csv"], tables["openings.csv"], POLICY, tables["medication_starts.csv"], tables["vans.csv"]
    )
    callers = simulate_callers(300, 5, day, tables)
    encoder = CallerEncoder(directory, POLICY)
    rows = [{name: callers[name][i] for name in COLUMNS if callers[name][i]} for i in range(300)]
    assert sum(agree(row, encoder, directory, POLICY) for row in rows) > 250


def test_a_field_that_is_encoded_otherwise_is_found() -> None:
    """The control: a policy without tiers gives another row."""
    off = POLICY.copy()
    off["tiers"] = 0
    with pytest.raises(AssertionError):
        agree({"need": "IOP", "zip": "60601", "pregnant": "yes"}, CallerEncoder(DIRECTORY, off), DIRECTORY, POLICY)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(CallerError) as caught:
        ENCODER({"need": "IOPX", "zip": "00000", "payers": "gold"})
    assert {one.column for one in caught.value.wrong} == {"need", "zip", "payers"}
    assert np.all([one.allowed for one in caught.value.wrong])


def test_of_a_caller_that_is_kept_nothing_that_is_ruled_out_is_a_mistake_nor_lost() -> None:
    more = [f"f{i}" for i in range(1, EXCLUDED + 3)]
    cells = {"need": "IOP", "zip": "60601", "excluded": ";".join(["gone", *more])}
    for first in ((), ("f25", "f26")):
        kept, rest = ENCODER.within(cells, first)
        row, _ = ENCODER(kept)
        ids = DIRECTORY.facility_ids
        held = {ids[number] for number in row["excluded"][0]}
        assert held | {ids[number] for number in rest} == set(more)
        assert (len(held), len(rest)) == (EXCLUDED, 2)
        assert set(first) <= held
    with pytest.raises(CallerError):  # the control
        ENCODER(cells)


def test_who_rules_out_more_than_a_row_holds_is_refused_in_a_table() -> None:
    cells = {"need": "IOP", "zip": "60601", "excluded": MOST}
    assert len(in_a_table(cells, DIRECTORY, POLICY)[0]) == 1
    rows, found = in_a_table(cells | {"excluded": f"{MOST};f{EXCLUDED + 1}"}, DIRECTORY, POLICY)
    assert (len(rows), found) == (0, {"excluded"})
