"""What screening promises whatever the answers: worse is never less, unknown never safer, both languages tell it."""

import string
from collections.abc import Iterator
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matcher.screen import NO, QUESTIONS, YES, Answers, Screening, Sentence, screen
from matcher.screen.dangers import ALARMS
from matcher.screen.forms import FORMS, NOTES
from matcher.screen.signs import MARKS
from matcher.screen.steps import STEPS
from matcher.screen.suggest import LADDER, suggested
from matcher.vocabulary import LANGUAGES, UNKNOWN, LevelOfCare, WithdrawalRisk

from .test_screen import EIGHT, STEADY

L = LevelOfCare

INTENSITY = {
    level: tier
    for tier, levels in enumerate(
        [
            [L.AFTERCARE],
            [L.OUTPATIENT],
            [L.OUTPATIENT_WITH_RESIDENCE, L.OPIOID_TREATMENT_PROGRAM],
            [L.INTENSIVE_OUTPATIENT],
            [L.INTENSIVE_OUTPATIENT_WITH_RESIDENCE],
            [L.PARTIAL_HOSPITALIZATION],
            [L.PARTIAL_HOSPITALIZATION_WITH_RESIDENCE],
            [L.OUTPATIENT_WITHDRAWAL_MANAGEMENT],
            [L.RESIDENTIAL_SHORT, L.RESIDENTIAL_LONG],
            [L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT],
            [L.HOSPITAL_INPATIENT, L.INPATIENT_WITHDRAWAL_MANAGEMENT],
        ]
    )
    for level in levels
}

BETTER_YES = {*EIGHT, "home_safe", "finished"}
WORSE = {
    **{name: (YES, UNKNOWN, NO) if name in BETTER_YES else (NO, UNKNOWN, YES) for name in QUESTIONS},
    "withdrawal": (WithdrawalRisk.LOW, UNKNOWN, WithdrawalRisk.MODERATE, WithdrawalRisk.SEVERE),
}
"""The answers to each question from the best to the worst."""

UNORDERED = {"substances", "methadone", "assessed"}
"""Questions whose answers are neither better nor worse."""


def answers() -> st.SearchStrategy[Answers]:
    asked = {
        name: st.integers(0, sum(question.possible))
        if question.many
        else st.sampled_from([UNKNOWN, *question.possible])
        for name, question in QUESTIONS.items()
        if name != "assessed"
    }
    return st.builds(Answers, **asked)


def nearly_steady() -> st.SearchStrategy[Answers]:
    """Callers with few answers that are not good, as random ones hardly ever are."""
    names = st.sampled_from(sorted(set(QUESTIONS) - UNORDERED))
    changes = st.dictionaries(names, st.integers(1, 3), max_size=3)
    wish = st.sampled_from([{}, {"methadone": YES, "substances": 2}, {"substances": 0}, {"methadone": YES}])
    return st.builds(
        lambda worse, also: replace(
            STEADY, **{name: WORSE[name][min(place, len(WORSE[name]) - 1)] for name, place in worse.items()}, **also
        ),
        changes,
        wish,
    )


CALLERS = st.one_of(answers(), nearly_steady())


@given(CALLERS, st.sampled_from(sorted(set(QUESTIONS) - UNORDERED)))
@settings(max_examples=400, deadline=None)
def test_an_answer_that_gets_worse_never_suggests_less_and_unknown_stands_between(caller: Answers, name: str) -> None:
    levels = [INTENSITY[suggested(replace(caller, **{name: answer}))] for answer in WORSE[name]]
    assert levels == sorted(levels)


@given(CALLERS)
@settings(max_examples=200, deadline=None)
def test_severe_withdrawal_never_gets_an_outpatient_level(caller: Answers) -> None:
    beds = {L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, L.INPATIENT_WITHDRAWAL_MANAGEMENT}
    for severe in ({"withdrawal": WithdrawalRisk.SEVERE}, {"stopping": YES}, {"delirium": YES}):
        assert suggested(replace(caller, **severe)) in beds


@given(CALLERS)
@settings(max_examples=100, deadline=None)
def test_both_languages_tell_the_same_and_never_in_the_same_words(caller: Answers) -> None:
    english, spanish = (screen(caller, language) for language in LANGUAGES)
    assert english.suggested == spanish.suggested in LADDER
    assert [one.code for one in english.reasons] == [one.code for one in spanish.reasons]
    assert [one.field for one in english.open_questions] == [one.field for one in spanish.open_questions]
    for one, other in zip(spoken(english), spoken(spanish), strict=True):
        assert one != other
        assert "{" not in one + other
        assert one.strip()
        assert other.strip()


def spoken(found: Screening) -> list[str]:
    said = [found.notice]
    for danger in found.dangers:
        said += [danger.sentence, *danger.now]
    said += [sign.sentence for sign in found.signs] + [reason.sentence for reason in found.reasons]
    return said + [question.sentence for question in found.open_questions]


def sentences() -> Iterator[Sentence]:
    yield from (question.asks for question in QUESTIONS.values())
    for alarm in ALARMS:
        yield from (alarm.says, *alarm.now)
    for mark in MARKS:
        yield from (mark.name, mark.met, mark.missing)
    yield from (step.because for step in STEPS)
    yield from (form.because for form in FORMS)
    yield from (note.says for note in NOTES)


def test_every_sentence_is_written_in_both_languages_with_the_same_names() -> None:
    for sentence in sentences():
        assert sentence.en.strip() != sentence.es.strip() != ""
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in sentence]
        assert names[0] == names[1]


def test_codes_are_told_apart_and_every_danger_names_its_source() -> None:
    reasons = [step.code for step in STEPS] + [form.code for form in FORMS] + [note.code for note in NOTES]
    for codes in (reasons, [alarm.code for alarm in ALARMS], [mark.code for mark in MARKS]):
        assert len(set(codes)) == len(codes)
    assert all(alarm.source and alarm.now for alarm in ALARMS)


def test_every_field_of_the_answers_has_its_question() -> None:
    assert list(QUESTIONS) == [field.name for field in fields(Answers)]
    assert all(getattr(Answers(), name) == question.unknown for name, question in QUESTIONS.items())


def test_a_call_of_which_nothing_is_known_gets_the_safer_level_and_all_questions_dangers_first() -> None:
    found = screen(Answers())
    assert found.suggested == L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    assert "not-known" in {reason.code for reason in found.reasons}
    asked = [question.field for question in found.open_questions]
    assert asked[:6] == ["overdose", "withdrawal_signs", "suicidal", "delirium", "stopping", "withdrawal"]
    assert set(asked) == set(QUESTIONS) - {"assessed"}
    assert [question.danger for question in found.open_questions] == sorted(
        (question.danger for question in found.open_questions), reverse=True
    )


def test_the_question_that_would_change_most_is_asked_before_the_others() -> None:
    found = screen(replace(STEADY, therapist=UNKNOWN, unstable=UNKNOWN, returned=UNKNOWN))
    assert [question.field for question in found.open_questions] == ["unstable", "returned", "therapist"]


def test_questions_that_another_answer_settles_are_not_asked() -> None:
    settled = replace(STEADY, homeless=YES, home_safe=UNKNOWN, methadone=UNKNOWN, stopping=YES, withdrawal=UNKNOWN)
    assert screen(settled).open_questions == ()
    opioids = replace(STEADY, substances=2, methadone=UNKNOWN)
    assert [question.field for question in screen(opioids).open_questions] == ["methadone"]


def test_withdrawal_of_unknown_danger_counts_as_moderate_where_the_substance_may_be_dangerous() -> None:
    unknown = replace(STEADY, withdrawal=UNKNOWN)
    found = screen(unknown)
    assert found.suggested == L.OUTPATIENT_WITHDRAWAL_MANAGEMENT
    assert "withdrawal-not-known" in {reason.code for reason in found.reasons}
    assert suggested(replace(unknown, substances=8)) == L.OUTPATIENT


def test_it_suggests_and_never_diagnoses_in_both_languages() -> None:
    assert screen(STEADY).notice == "It suggests and never diagnoses. Not clinical advice."
    assert screen(STEADY, "es").notice == "Sugiere y nunca diagnostica. No es consejo clínico."


@pytest.mark.parametrize(
    ("name", "value"), [("overdose", 2), ("withdrawal", 3), ("substances", 64), ("substances", -1), ("assessed", 99)]
)
def test_what_is_no_answer_is_refused_with_field_and_value(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=rf"{name} {value} is no answer; allowed are: "):
        Answers(**{name: value})


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr' is not spoken; allowed: en, es"):
        screen(STEADY, "fr")
