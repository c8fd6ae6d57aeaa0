import numpy as np
import pytest
from data.questions import questions
from hypothesis import given, settings
from matcher.facts import Opening, Referral
from matcher.problem import Problem
from matcher.question import BEST, Answer, Question, Worth, legal_questions, next_question
from matcher.sweep import Sweep
from matcher.vocabulary import Payer, Population, State, Tier

from .facts import EVENINGS, MILE_NORTH, NO_WEEK, opening, pool, referral, world
from .worlds import WILD, World, row

NOON = tuple(0b111111 << 24 for _ in range(7))
UNTOLD = referral(payers=0, medicaid_state=-1)


def asked(problem: Problem) -> tuple[Question, ...]:
    return questions(problem.directory, np.rec.array(problem.policy))


def near(count: int, **facts: object) -> list[Opening]:
    return [opening(latitude=opening().latitude + i * MILE_NORTH, **facts) for i in range(count)]


def of(caller: Referral, *places: Opening) -> Problem:
    named = {f"o{i}": place._replace(seats=0) for i, place in enumerate(places)}
    return world({"ann": caller}, named, {"seats": pool(limit=99)})


def worth(problem: Problem) -> Worth | None:
    sweep = Sweep(problem.directory, problem.policy, compile_rules=False)
    return next_question(sweep, row(problem), asked(problem))


def test_a_caller_whose_payer_is_not_known_is_asked_for_it() -> None:
    medicaid = near(3, payers=Payer.MEDICAID.bit)
    medicare = near(4, payers=Payer.MEDICARE.bit, medicaid_states=0)
    found = worth(of(UNTOLD, *medicare, *medicaid))
    assert found
    assert found.question.code == "payers"
    by_answer = {one.answer.said["en"]: one for one in found.tried}
    assert by_answer["Medicaid"].fitting == 3
    assert by_answer["Medicare"].fitting == 4
    assert all(one.decided == found.listed == 7 for one in found.tried)


def test_a_question_that_changes_nothing_is_not_asked() -> None:
    assert worth(of(UNTOLD._replace(payers=Payer.MEDICAID.bit, medicaid_state=State["IL"]), *near(3))) is None


def test_what_is_known_is_not_asked_again() -> None:
    free = near(3, sessions=NOON) + near(3, sessions=EVENINGS)
    found = worth(of(referral(free=NO_WEEK), *free))
    assert found
    assert found.question.code == "free"
    assert worth(of(referral(), *free)) is None


def test_withdrawal_is_asked_about_where_a_risk_would_change_where_to_go() -> None:
    found = worth(of(referral(withdrawal=-1), *near(1)))
    assert found is not None
    assert found.question.code == "withdrawal"
    assert found.changes == pytest.approx(
        sum(one.answer.share for one in found.tried if one.answer.said["en"] != "low risk")
    )


def test_who_says_medicaid_means_the_state_they_are_in() -> None:
    problem = of(UNTOLD, *near(1))
    payers = next(one for one in asked(problem) if one.code == "payers")
    said = payers.answers[0].given(row(problem))
    assert said["medicaid_state"][0] == State["IL"]
    assert said["payers"][0] == Payer.MEDICAID.bit | Payer.NO_CHARGE.bit


def test_an_answer_adds_to_the_populations_known() -> None:
    problem = of(referral(substances=0, populations=Population.VETERANS.bit), *near(1))
    substances = next(one for one in asked(problem) if one.code == "substances")
    opioids = next(one for one in substances.answers if one.said["en"] == "opioids")
    assert opioids.given(row(problem))["populations"][0] == Population.VETERANS.bit | Population.OPIOID_USE.bit


def test_the_legal_order_is_a_question_while_it_is_open() -> None:
    for pregnant, injecting, codes in ((-1, -1, ["pregnant", "injecting"]), (0, -1, ["injecting"]), (1, 0, [])):
        problem = of(referral(pregnant=pregnant, injecting=injecting, tier=Tier.ALL_OTHERS), *near(1))
        assert [one.code for one in legal_questions(row(problem), asked(problem))] == codes


def test_shares_of_a_question_add_up_to_one() -> None:
    for question in asked(of(referral(), *near(1))):
        assert sum(answer.share for answer in question.answers) == pytest.approx(1.0)
        assert all(answer.share > 0 and answer.sets for answer in question.answers)
        assert set(question.asks) == {"en", "es"}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(WILD)
def test_the_question_asked_is_the_one_a_plain_count_finds(made: World) -> None:
    problem = made.problem()
    sweep = Sweep(problem.directory, problem.policy)
    first, listed = row(problem), asked(problem)
    now = set(sweep.ranked(first, BEST).opening.tolist())

    def changes(answer: Answer) -> int:
        then = set(sweep.ranked(answer.given(first), BEST).opening.tolist())
        return max(len(then - now), len(now - then))

    counted = {
        question.code: sum(answer.share * changes(answer) for answer in question.answers)
        for question in listed
        if question.is_open(first)
    }
    most = max(counted.values(), default=0.0)
    found = next_question(sweep, first, listed)
    assert (found is None) == (most == 0)
    if found:
        assert found.changes == pytest.approx(most)
        assert counted[found.question.code] == pytest.approx(most)
