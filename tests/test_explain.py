import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.explain import Explainer, Explanation, Judged
from matcher.facts import Opening, Pool, Referral, Way
from matcher.problem import Problem
from matcher.records import plain
from matcher.rule import Kind
from matcher.rules import PREFERENCES, RULES
from matcher.say import Reason, Verdict
from matcher.sweep import Sweep
from matcher.trip import ways_of
from matcher.vocabulary import LevelOfCare, Payer, TravelMode

from .facts import CHICAGO, MILE_NORTH, TODAY, opening, policy, pool, referral, world
from .worlds import CROWDED, WILD, World, judged_by, possible, row

MANY = settings(derandomize=True, deadline=None, max_examples=60)
ANY = st.one_of(WILD, CROWDED.filter(lambda made: bool(made.callers)))


def explainer(problem: Problem, language: str = "en") -> Explainer:
    sweep = Sweep(problem.directory, problem.policy, compile_rules=False)
    return Explainer(sweep, row(problem), language)


def explained(caller: Referral, place: Opening, seats: Pool | None = None, language: str = "en") -> Explanation:
    return explainer(world({"ann": caller}, {"place": place}, {"seats": seats or pool()}), language)(0)


def said(explanation: Explanation, code: str) -> Reason:
    return next(reason for reason in explanation.reasons if reason.code == code)


@MANY
@given(ANY)
def test_what_the_rules_come_to_is_what_their_bare_answers_come_to(made: World) -> None:
    problem = made.problem()
    explain, limits = explainer(problem), problem.directory.pools["limit"]
    allowed = {(it.opening, it.way): it for it in possible(problem)}
    for number in range(len(made.places)):
        for way, judged in enumerate(judged_by(explain, number)):
            assert bool(judged.refused) == ((number, way) not in allowed)
            if judged.refused:
                continue
            it = allowed[number, way]
            full = [at for at, units in it.draws if at >= 0 and limits[at] < units]
            assert judged.full == len(full)
            assert bool(judged.unreported) == any(at < 0 for at, _ in it.draws)
            assert judged.fits is not bool(full)
            if not full:
                assert judged.cost == it.cost + it.price


@MANY
@given(ANY)
def test_an_opening_is_explained_by_the_way_with_least_against_it(made: World) -> None:
    problem = made.problem()
    explain = explainer(problem)
    for number in range(len(made.places)):
        ways, told = judged_by(explain, number), explain(number)
        assert len(told.those(Verdict.AGAINST)) == min(way.refused for way in ways)
        assert told.fits == any(way.fits for way in ways)
        if told.fits:
            fitting = [way for way in ways if way.fits and way.cost == told.cost]
            assert told.way in [way_in(explain, number, way) for way in fitting]


@MANY
@given(ANY)
def test_every_refusal_gives_all_its_reasons_each_with_what_would_change_it(made: World) -> None:
    problem = made.problem()
    explain = explainer(problem)
    for number in range(len(made.places)):
        for way, judged in enumerate(judged_by(explain, number)):
            told = next(explain.each([number], [way]))
            assert told.way == way_in(explain, number, judged)
            assert len(told.those(Verdict.AGAINST)) == judged.refused
            assert len(told.those(Verdict.FULL)) == judged.full
            assert all(reason.change for reason in told.those(Verdict.AGAINST, Verdict.FULL, Verdict.ASK))
            assert not any(reason.change for reason in told.those(Verdict.FOR, Verdict.COST))
            assert [reason.code for reason in told.reasons] == in_order(told)


def way_in(explain: Explainer, number: int, judged: Judged) -> Way:
    return explain.way(judged, plain(Opening, explain.directory.openings[number]))


def in_order(told: Explanation) -> list[str]:
    codes = {reason.code for reason in told.reasons}
    return [rule.code for rule in RULES if rule.code in codes]


def burden(explain: Explainer, number: int, way: Way) -> int:
    place = plain(Opening, explain.directory.openings[number])
    records = {"referral": explain.referral, "opening": place, "way": way, "policy": explain.policy}
    return sum(rule.function(*[records[name] for name in rule.reads]) for rule in PREFERENCES)


@MANY
@given(ANY)
def test_the_burden_of_an_option_is_the_sum_of_its_preferences(made: World) -> None:
    problem = made.problem()
    explain = explainer(problem)
    for number in range(len(made.places)):
        told = explain(number)
        assert burden(explain, number, told.way) == sum(reason.amount for reason in told.those(Verdict.COST))
        assert all(reason.amount > 0 for reason in told.those(Verdict.COST))


def test_a_shortfall_is_told_with_its_number_and_unit() -> None:
    far = opening(latitude=CHICAGO[0] + 30 * MILE_NORTH)
    reason = said(explained(referral(), far), "reach")
    assert (reason.verdict, reason.amount, reason.unit) == (Verdict.AGAINST, 11, "minutes")
    assert reason.sentence == "56 min by car one way, at best 11 min over the caller's limit"
    assert reason.change == "11 min more travel each way"


def test_the_shortfall_is_the_smallest_change_that_lifts_it() -> None:
    far = opening(latitude=CHICAGO[0] + 30 * MILE_NORTH)
    short = said(explained(referral(), far), "reach").amount
    assert explained(referral(daily_limit=45 + short), far).fits
    assert not explained(referral(daily_limit=45 + short - 1), far).fits


@pytest.mark.parametrize(
    ("reported", "age"),
    [(0, "just now"), (1, "1 min ago"), (59, "59 min ago"), (60, "1 h ago"), (1439, "23 h ago"), (4320, "3 d ago")],
)
def test_seats_are_told_with_the_age_of_their_report(reported: int, age: str) -> None:
    seats = pool(limit=4, reported=TODAY * 1440 - reported, simulated=0)
    assert said(explained(referral(), opening(), seats), "seats").sentence == f"free seats: 4, reported {age}"


def test_a_report_without_a_date_or_of_the_future_is_told_so() -> None:
    undated, future = pool(reported=-1, simulated=0), pool(reported=TODAY * 1440 + 9, simulated=0)
    assert said(explained(referral(), opening(), undated), "seats").sentence.endswith("reported at an unknown time")
    assert said(explained(referral(), opening(), future), "seats").sentence.endswith("reported just now")
    spanish = said(explained(referral(), opening(), undated, "es"), "seats").sentence
    assert spanish == "plazas libres: 1, informado en fecha desconocida"


def test_of_several_ways_the_one_that_fits_is_told() -> None:
    caller = referral(modes=TravelMode.WALK.bit | TravelMode.CAR.bit, payers=Payer.MEDICARE.bit | Payer.MEDICAID.bit)
    far = opening(latitude=CHICAGO[0] + 10 * MILE_NORTH)
    told = explained(caller, far)
    assert told.fits
    assert (told.way.mode, told.way.payer) == (TravelMode.CAR, Payer.MEDICAID)
    ways = ways_of(caller).tolist()
    problem = world({"ann": caller}, {"place": far}, {"seats": pool()})
    walking = next(explainer(problem).each([0], [ways.index([TravelMode.WALK, -1, -1, Payer.MEDICARE])]))
    assert {reason.code for reason in walking.those(Verdict.AGAINST)} == {"payer", "walking", "reach"}


def test_an_opening_that_fits_says_what_speaks_for_it() -> None:
    told = explained(referral(), opening())
    speaking = [reason.code for reason in told.those(Verdict.FOR)]
    assert speaking == ["level-of-care", "accepting", "payer", "reach", "schedule", "seats"]
    assert said(told, "level-of-care").sentence == "intensive outpatient serves the need for intensive outpatient"


def test_a_rule_that_does_not_concern_the_option_says_nothing() -> None:
    codes = {reason.code for reason in explained(referral(), opening()).reasons}
    assert not codes & {"medication", "medication-starts", "van", "van-seats", "ride-benefit", "walking"}


def test_every_question_is_counted_at_the_price_of_asking() -> None:
    silent = opening(accepting=-1, payers=0, payers_known=0)
    told, plain_told = explained(referral(), silent), explained(referral(), opening())
    assert [reason.code for reason in told.those(Verdict.ASK)] == ["accepting", "payer"]
    assert told.cost == plain_told.cost + 2 * policy().ask_minutes


def test_a_full_opening_does_not_fit_and_an_unreported_one_is_asked() -> None:
    full, silent = explained(referral(), opening(), pool(limit=0)), explained(referral(), opening(seats=-1))
    assert not full.fits
    assert said(full, "seats").verdict is Verdict.FULL
    assert silent.fits
    assert said(silent, "seats").verdict is Verdict.ASK


def test_a_level_that_does_not_serve_is_named_with_the_need() -> None:
    told = explained(referral(), opening(level=LevelOfCare.AFTERCARE))
    assert said(told, "level-of-care").sentence == "aftercare does not serve the need for intensive outpatient"


def test_all_kinds_of_rules_are_explained() -> None:
    told = explained(referral(), opening())
    kinds = {rule.kind for rule in RULES if rule.code in {reason.code for reason in told.reasons}}
    assert kinds == set(Kind)
