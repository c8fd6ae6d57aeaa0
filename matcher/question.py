"""The next best question: which answer the caller has not given yet would change the three best openings most.

Rules know a third value, so an unasked answer can be tried: the sweep is run with each answer it could have, weighted
by how often callers give it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .explain import Explainer
from .records import Rows, frozen
from .rule import Sentence
from .sweep import Sweep
from .vocabulary import UNKNOWN, Payer

BEST = 3
LISTED = 40
"""Openings that a question is said to decide or not: the best ones now."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer a question can get.

    ``share``: how often callers give it, the shares of a question add up to 1. ``sets``: fields of the referral it
    fills. ``adds``: masks it adds to what is known already.
    """

    said: Sentence
    share: float
    sets: Mapping[str, Any]
    adds: Mapping[str, int]

    def given(self, referral: Rows) -> Rows:
        """Return the referral (one row) as it would be with this answer."""
        row = referral.copy()
        for name, value in self.sets.items():
            row[name] = value
        for name, bits in self.adds.items():
            row[name] |= bits
        # Who says "Medicaid" means the state they live in, until they say otherwise.
        if row["payers"][0] & Payer.MEDICAID.bit and row["medicaid_state"][0] == UNKNOWN:
            row["medicaid_state"] = row["state"]
        return frozen(row)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the caller. ``unasked``: what its field holds till it is asked. ``legal``: it decides the tier."""

    code: str
    asks: Sentence
    unasked: Any
    legal: bool
    answers: tuple[Answer, ...]

    def is_open(self, referral: Rows) -> bool:
        """Whether it has not been answered yet; its field has its code as name."""
        return bool(np.array_equal(referral[self.code][0], self.unasked))


@dataclass(frozen=True, slots=True)
class Tried:
    """What one answer would do.

    ``changed``: of the three best openings. Of the openings listed now, ``decided``: those it rules out, or that have
    less to be asked about then; ``fitting``: those that are still options.
    """

    answer: Answer
    changed: int
    decided: int
    fitting: int


@dataclass(frozen=True, slots=True)
class Worth:
    """A question and what asking it is worth, on average over its answers.

    ``changes``: of the three best openings. ``decides``: of the ``listed`` openings.
    """

    question: Question
    changes: float
    decides: float
    listed: int
    tried: tuple[Tried, ...]


def next_question(sweep: Sweep, referral: Rows, questions: Sequence[Question]) -> Worth | None:
    """Return the open question that changes the best three most; None where no answer would change them.

    Of two that change as much, the first.
    """
    now = [int(number) for number in sweep.ranked(referral, LISTED).opening]
    best, found = 0.0, None
    for question in questions:
        if question.is_open(referral):
            average = _changes(sweep, referral, question, now[:BEST], best)
            if average > best:
                best, found = average, question
    return _worth(sweep, referral, now, found, best) if found else None


def legal_questions(referral: Rows, questions: Sequence[Question]) -> list[Question]:
    """Return the open questions that decide the legal order of admission (45 CFR 96.131)."""
    return [question for question in questions if question.legal and question.is_open(referral)]


def _changes(sweep: Sweep, referral: Rows, question: Question, best: list[int], least: float) -> float:
    """How many of the three best openings an answer changes on average; 0 once it cannot be more than ``least``."""
    average, left = 0.0, 1.0
    for answer in sorted(question.answers, key=lambda one: -one.share):
        if average + left * BEST <= least:
            return 0.0
        average += answer.share * _changed(sweep, answer.given(referral), best)
        left -= answer.share
    return average


def _changed(sweep: Sweep, row: Rows, best: list[int]) -> int:
    """How many of the three best openings others take the place of, or nothing does."""
    then = set(sweep.ranked(row, BEST).opening.tolist())
    return max(len(then - set(best)), len(set(best) - then))


def _worth(sweep: Sweep, referral: Rows, now: list[int], question: Question, changes: float) -> Worth:
    before = Explainer(sweep, referral).to_ask(now)
    tried = []
    for answer in question.answers:
        row = answer.given(referral)
        after = Explainer(sweep, row).to_ask(now)
        decided = sum(then < asked for asked, then in zip(before, after, strict=True) if asked >= 0)
        fitting = sum(then >= 0 for then in after)
        tried.append(Tried(answer, _changed(sweep, row, now[:BEST]), decided, fitting))
    decides = sum(one.answer.share * one.decided for one in tried)
    return Worth(question, changes, decides, len(now), tuple(tried))
