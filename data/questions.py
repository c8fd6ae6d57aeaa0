"""The questions that can be asked of a caller, with how often each answer is given: ``tables/answers.csv``.

An answer is a cell of the callers table, so it means what it means there. How often it is given is a sum of published
figures joined by ``;``, or behind ``!`` what they leave of the whole; the figures stand in their own tables.
"""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import numpy as np

from matcher.facts import Referral
from matcher.problem import Directory
from matcher.question import Answer, Question
from matcher.records import Rows, fields

from .columns import CALLERS
from .encode_callers import encode_callers
from .figures import DEMAND, figures, rows

TABLE = "answers.csv"
ADDED = ("populations", "programs")
"""Masks that an answer adds to."""

DERIVED = ("key", "tier")
"""Fields of a referral that no rule reads."""

LEGAL = ("pregnant", "injecting")
"""Columns that decide the legal tier."""


def questions(directory: Directory, policy: Rows) -> tuple[Question, ...]:
    """Return the questions in the order of the table.

    Raises ``ValueError`` where a row is none: an unknown column, a cell the callers table refuses, no positive share.
    """
    listed = rows(TABLE)
    columns, cells = (["", *[row[name] for row in listed]] for name in ("column", "cell"))
    blank, *found = _encoded(columns, cells, directory, policy)
    made = []
    for column, group in groupby(zip(listed, found, strict=True), lambda pair: pair[0]["column"]):
        pairs = list(group)
        shares = [_share(row["figures"]) for row, _ in pairs]
        answers = tuple(
            _answer(row, said, blank, share / sum(shares)) for (row, said), share in zip(pairs, shares, strict=True)
        )
        asks = {"en": pairs[0][0]["asks_en"], "es": pairs[0][0]["asks_es"]}
        made.append(Question(column, asks, blank[column].copy(), column in LEGAL, answers))
    return tuple(made)


def _share(text: str) -> float:
    """Return the sum of the figures named, or 1 less them; of free hours, the share of the callers who have them."""
    known = {f"free_hours/{row['who']}": float(row["share"]) for row in rows("free_hours.csv")}
    known |= figures(*DEMAND)
    named = sum(known[name] for name in text.removeprefix("!").split(";"))
    return 1.0 - named if text.startswith("!") else named


def _encoded(columns: list[str], cells: list[str], directory: Directory, policy: Rows) -> list[Any]:
    """Return a referral of each cell, all else unsaid."""
    plain = {"zip": "10001", "need": "outpatient"}
    ids = [f"{number:06}" for number in range(len(cells))]
    table = {name: [plain.get(name, "")] * len(cells) for name in CALLERS} | {"referral_id": ids}
    for number, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        if column:
            table[column] = [*table[column][:number], cell, *table[column][number + 1 :]]
    referrals, findings = encode_callers(table, directory, policy)
    for finding in findings:
        raise ValueError(f"{TABLE}: {finding.column} {finding.value!r}: {finding.problem}; allowed: {finding.allowed}")
    at = {name: number for number, name in enumerate(referrals.ids)}
    return [referrals.rows[at[name]] for name in ids]


def _answer(row: Mapping[str, str], said: Any, blank: Any, share: float) -> Answer:
    changed = {
        name: said[name].copy()
        for name in fields(Referral)
        if name not in DERIVED and not np.array_equal(said[name], blank[name])
    }
    return Answer(
        {"en": row["answer_en"], "es": row["answer_es"]},
        share,
        {name: value for name, value in changed.items() if name not in ADDED},
        {name: int(value) for name, value in changed.items() if name in ADDED},
    )
