from enum import IntEnum

import pytest
from matcher import vocabulary
from matcher.grid import MASK_BITS
from matcher.vocabulary import (
    LANGUAGES,
    LevelOfCare,
    Medication,
    Payer,
    PoolKind,
    State,
    Tier,
    TravelMode,
    Word,
    mask,
    spaced,
    words_in,
)

KINDS: list[type[Word]] = Word.__subclasses__()
ENUMS: list[type[IntEnum]] = [*KINDS, State]
WORDS = [word for kind in KINDS for word in kind]


def test_numbers_are_places_in_a_mask_counted_from_zero() -> None:
    for kind in ENUMS:
        assert [word.value for word in kind] == list(range(len(kind)))
        assert len(kind) <= MASK_BITS


@pytest.mark.parametrize("word", WORDS, ids=repr)
def test_a_word_is_found_by_its_code(word: Word) -> None:
    assert type(word).of(word.code) is word
    assert type(word).of(f" {word.code.upper().replace('-', '_')} ") is word


@pytest.mark.parametrize("word", [word for word in WORDS if word.short], ids=repr)
def test_a_word_is_found_by_what_advisors_call_it(word: Word) -> None:
    assert type(word).of(word.short) is word
    assert type(word).of(word.short.lower()) is word


@pytest.mark.parametrize("word", WORDS, ids=repr)
def test_every_word_is_said_in_every_language_and_has_a_source(word: Word) -> None:
    assert all(word.said(language) for language in LANGUAGES)
    assert word.source


def test_no_two_words_of_a_kind_share_a_code_or_a_name() -> None:
    for kind in KINDS:
        for names in (
            [word.code for word in kind] + [word.short.lower() for word in kind if word.short],
            [word.en for word in kind],
            [word.es for word in kind],
        ):
            assert len(set(names)) == len(names)


def test_an_unknown_code_is_refused_with_the_value_and_all_that_is_allowed() -> None:
    with pytest.raises(
        ValueError, match="'teleport' is no travel mode; allowed are: walk, car, transit, van"
    ) as refused:
        TravelMode.of("teleport")
    assert all(mode.code in str(refused.value) for mode in TravelMode)


@pytest.mark.parametrize("code", ["", "  ", "-", "intensive", "iop op"])
def test_a_blank_or_partial_code_is_no_word(code: str) -> None:
    with pytest.raises(ValueError, match="is no level of care"):
        LevelOfCare.of(code)


def test_refusals_name_the_abbreviation_too() -> None:
    with pytest.raises(ValueError, match=r"intensive-outpatient \(IOP\)"):
        LevelOfCare.of("iopp")


def test_a_mask_holds_the_words_put_in_it_and_no_others() -> None:
    wanted = [Payer.MEDICAID, Payer.NO_CHARGE]
    assert words_in(Payer, mask(wanted)) == wanted
    assert mask([]) == 0
    assert words_in(Medication, 0) == []
    assert words_in(Medication, mask(Medication)) == list(Medication)


def test_a_class_name_is_read_as_words() -> None:
    assert spaced("LevelOfCare") == "level of care"


def test_the_legal_order_of_admission_is_the_order_of_the_tiers() -> None:
    assert sorted(Tier) == [Tier.PREGNANT_AND_INJECTING, Tier.PREGNANT, Tier.INJECTING, Tier.ALL_OTHERS]


def test_words_that_stored_records_hold_never_change_their_number() -> None:
    kept = [
        (LevelOfCare.INTENSIVE_OUTPATIENT, 7),
        (LevelOfCare.AFTERCARE, 11),
        (Payer.NO_CHARGE, 9),
        (Medication.ACAMPROSATE, 4),
        (TravelMode.RIDE_BENEFIT, 4),
        (PoolKind.VAN_SEATS, 2),
        (State["IL"], 13),
        (State["PW"], 58),
    ]
    assert [word.value for word, _ in kept] == [number for _, number in kept]


def test_unknown_is_no_number_of_any_word() -> None:
    assert all(vocabulary.UNKNOWN not in {word.value for word in kind} for kind in ENUMS)
