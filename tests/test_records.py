"""Rows that the sweep reads at random are kept in few bytes, and none of their numbers is lost by it."""

import numpy as np
import pytest
from hypothesis import given, settings
from matcher.facts import Opening
from matcher.records import BLOCK, LINE, blank, dtype, fields, pack, packed, repacked
from matcher.sweep import ASKED

from .worlds import WILD, World


@settings(derandomize=True, deadline=None, max_examples=50)
@given(WILD)
def test_packed_rows_hold_the_same_numbers(made: World) -> None:
    rows = made.problem().directory.openings
    found = pack(Opening, rows, ASKED)
    for name in fields(Opening):
        assert found[name].tolist() == rows[name].tolist()


def test_a_packed_row_is_short_and_begins_with_what_is_asked_first() -> None:
    kind, rows = packed(Opening, ASKED), pack(Opening, blank(Opening, 3), ASKED)
    assert sorted(ASKED) == sorted(fields(Opening))
    assert 3 * kind.itemsize <= 2 * dtype(Opening).itemsize
    assert kind.itemsize % LINE == rows.ctypes.data % LINE == 0
    offsets = [kind.fields[name][1] for name in ("payers", "medicaid_states", "plans", "medications", "level")]  # type: ignore[index]
    assert max(offsets) < LINE


def test_other_numbers_in_one_field_leave_the_rows_packed_before_as_they_were() -> None:
    before = pack(Opening, blank(Opening, 3), ASKED)
    after = repacked(before, "reported", np.array([7, -1, 9]))
    assert after["reported"].tolist() == [7, -1, 9]
    assert before["reported"].tolist() == [0, 0, 0]
    assert all((after[name] == before[name]).all() for name in ASKED if name != "reported")
    assert after.ctypes.data % LINE == 0
    with pytest.raises(ValueError, match="row 2: reported 2147483648; allowed: -2147483648 to 2147483647"):
        repacked(before, "reported", np.array([0, 0, 1 << 31]))


@pytest.mark.parametrize("name", fields(Opening))
def test_every_word_of_a_field_fits_and_a_number_beyond_it_is_refused(name: str) -> None:
    field, rows = fields(Opening)[name], blank(Opening, 2)
    rows[name][1] = -1 if not field.words else (1 << len(field.words)) - 1 if field.is_mask else len(field.words) - 1
    assert pack(Opening, rows, ASKED)[name][1].tolist() == rows[name][1].tolist()
    kind = packed(Opening, ASKED)[name].base
    if kind == np.int64:
        return
    rows[name][1] = np.iinfo(kind).max + 1
    with pytest.raises(ValueError, match=f"row 1: {name} {np.iinfo(kind).max + 1}; allowed: {np.iinfo(kind).min} to"):
        pack(Opening, rows, ASKED)


def test_rows_of_more_than_one_block_are_all_packed_and_a_wrong_one_is_named_by_its_row() -> None:
    rows = blank(Opening, BLOCK + 2)
    rows["reported"] = np.arange(BLOCK + 2)
    assert (pack(Opening, rows, ASKED)["reported"] == rows["reported"]).all()
    rows["reported"][BLOCK + 1] = 1 << 31
    with pytest.raises(ValueError, match=f"row {BLOCK + 1}: reported"):
        pack(Opening, rows, ASKED)
