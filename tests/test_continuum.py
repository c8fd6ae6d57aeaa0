import networkx as nx
import pytest
from matcher.continuum import LEVELS, interim, need_of, serving, steps_down
from matcher.vocabulary import LevelOfCare, words_in

L = LevelOfCare


def serves(level: LevelOfCare, need: LevelOfCare) -> bool:
    return bool(serving(need) & level.bit)


def test_every_level_is_described_in_the_order_of_its_number() -> None:
    assert list(LEVELS) == list(LevelOfCare)


@pytest.mark.parametrize("level", list(LevelOfCare))
def test_the_facts_of_a_level_agree_with_each_other(level: LevelOfCare) -> None:
    facts = LEVELS[level]
    assert facts.bed == (facts.visits == 0) or facts.program is not None
    assert facts.hours[0] <= facts.hours[1] <= 168
    assert 1 <= facts.weeks[0] <= facts.typical_weeks <= facts.weeks[1]
    assert facts.source


@pytest.mark.parametrize("level", list(LevelOfCare))
def test_every_level_serves_its_own_need(level: LevelOfCare) -> None:
    assert serves(level, level)


def test_residential_of_asam_3_5_does_not_serve_a_medical_need_of_2_7() -> None:
    medical, residential = need_of("asam:2.7@4th"), need_of("asam:3.5@4th")
    assert not serves(residential, medical)
    assert not serves(L.RESIDENTIAL_LONG, medical)


def test_an_intensive_outpatient_program_does_not_serve_a_need_for_partial_hospitalization() -> None:
    assert serves(L.PARTIAL_HOSPITALIZATION, L.INTENSIVE_OUTPATIENT)
    assert not serves(L.INTENSIVE_OUTPATIENT, L.PARTIAL_HOSPITALIZATION)


def test_serving_is_a_relation_and_not_an_order() -> None:
    assert serves(L.RESIDENTIAL_SHORT, L.RESIDENTIAL_LONG)
    assert serves(L.RESIDENTIAL_LONG, L.RESIDENTIAL_SHORT)
    assert serves(L.INTENSIVE_OUTPATIENT, L.OUTPATIENT)
    assert serves(L.PARTIAL_HOSPITALIZATION, L.INTENSIVE_OUTPATIENT)
    assert not serves(L.PARTIAL_HOSPITALIZATION, L.OUTPATIENT)


def test_nothing_but_itself_serves_a_need_for_methadone_or_a_hospital() -> None:
    for need in (L.OPIOID_TREATMENT_PROGRAM, L.HOSPITAL_INPATIENT, L.INPATIENT_WITHDRAWAL_MANAGEMENT):
        assert words_in(LevelOfCare, serving(need)) == [need]


def test_steps_down_never_come_back() -> None:
    assert nx.is_directed_acyclic_graph(steps_down())
    assert set(steps_down()) == set(LevelOfCare)


def test_every_level_leads_down_to_aftercare() -> None:
    for level in LevelOfCare:
        assert nx.has_path(steps_down(), level, L.AFTERCARE)


def test_interim_levels_come_one_step_down_first() -> None:
    assert interim(L.PARTIAL_HOSPITALIZATION) == (L.INTENSIVE_OUTPATIENT, L.OUTPATIENT)
    assert interim(L.AFTERCARE) == ()
    assert interim(L.RESIDENTIAL_SHORT)[0] == L.PARTIAL_HOSPITALIZATION


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("IOP", L.INTENSIVE_OUTPATIENT),
        ("residential-long", L.RESIDENTIAL_LONG),
        ("asam:2.1", L.INTENSIVE_OUTPATIENT),
        ("ASAM:2.5@3RD", L.PARTIAL_HOSPITALIZATION),
        ("asam:3.2-wm@3rd", L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT),
        ("asam:4-WM@3rd", L.INPATIENT_WITHDRAWAL_MANAGEMENT),
        ("asam: 1.5 @ 4th ", L.OUTPATIENT),
        ("asam:1.0", L.AFTERCARE),
        ("asam:3.1@4th", L.RESIDENTIAL_LONG),
        ("asam:otp@3rd", L.OPIOID_TREATMENT_PROGRAM),
    ],
)
def test_a_need_is_read_as_code_abbreviation_or_asam_number(text: str, need: LevelOfCare) -> None:
    assert need_of(text) is need


def test_an_asam_number_is_read_in_its_own_edition() -> None:
    assert need_of("asam:3.7@4th") is L.RESIDENTIAL_WITHDRAWAL_MANAGEMENT
    with pytest.raises(ValueError, match=r"'asam:3\.7@3rd' is no ASAM level with its edition"):
        need_of("asam:3.7@3rd")


def test_an_asam_number_without_an_edition_is_of_the_newest() -> None:
    assert need_of("asam:1.7") is need_of("asam:1.7@") is need_of("asam:1.7@4th")


@pytest.mark.parametrize("text", ["asam:", "asam:9.9", "asam:2.1@5th", "asam:2.1@@4th"])
def test_an_unknown_asam_level_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"allowed are: asam:.*asam:2\.1@4th") as refused:
        need_of(text)
    assert repr(text) in str(refused.value)


def test_an_unknown_need_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"'detox' is no level of care; allowed are: .*aftercare"):
        need_of("detox")
