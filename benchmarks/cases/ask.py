"""One caller on the phone who has said little: the question worth asking next."""

from collections.abc import Iterator, Sequence

import numpy as np

from data.questions import questions
from matcher.question import Question, next_question
from matcher.records import Rows, frozen
from matcher.sweep import Sweep

from ..instance import facilities_of, nation
from ..measure import each, percentiles
from ..registry import Case, Figure, register

CALLERS = 500
MILLI = 1e3


def run(size: int) -> Iterator[Figure]:
    """Milliseconds a caller over ``size`` openings, where only place, need and travel are known."""
    problem = nation(CALLERS, facilities_of(size))
    sweep, asked = Sweep(problem.directory, problem.policy), questions(problem.directory, problem.policy)
    order = problem.referrals.rows["key"].argsort()
    rows = [silent(problem.referrals.rows[i : i + 1].view(np.recarray), asked) for i in order]
    taken, found = each(lambda row: next_question(sweep, row, asked), rows)
    yield from percentiles(taken, MILLI, "ms")
    yield Figure("answered", sum(one is not None for one in found) / CALLERS, "fraction")


def silent(row: Rows, asked: Sequence[Question]) -> Rows:
    """The same caller, who has not said how to pay, when they are free, and so on."""
    row = row.copy()
    for question in asked:
        if question.code != "modes":
            row[question.code] = question.unasked
    return frozen(row)


register(Case("ask", "the question worth asking next", (55_000,), run))
