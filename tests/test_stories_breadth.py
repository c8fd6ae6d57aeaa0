"""Stories of callers whose place is decided by more than distance and payer, as a person would tell them."""

import pytest
from matcher.facts import EXCLUDED, Opening
from matcher.grid import tie_keys
from matcher.say import Verdict
from matcher.vocabulary import (
    Access,
    AgeGroup,
    Gender,
    Language,
    LevelOfCare,
    Medication,
    MedicationUse,
    Payer,
    PoolKind,
    Population,
    Service,
    State,
    Substance,
    Tier,
    TravelMode,
    WithdrawalRisk,
)

from .facts import CHICAGO, EVENINGS, MILE_NORTH, opening, pool, referral
from .test_stories import Answer, ask, away, batch, pools, who_goes_where

MORNINGS = tuple(0b111111 << 18 if day in (0, 2, 3) else 0 for day in range(7))
AFTER_WORK = tuple(0b1111111111 << 34 if day < 5 else 0 for day in range(7))
HOUSE = {"level": LevelOfCare.RECOVERY_RESIDENCE, "bed": 1, "visits": 0}


def against(told: Answer, name: str) -> list[str]:
    return list(told.reasons(name, Verdict.AGAINST))


def to_ask(told: Answer, name: str) -> list[str]:
    return list(told.reasons(name, Verdict.ASK))


@pytest.mark.parametrize("payer", list(Payer))
def test_a_caller_is_sent_where_their_payer_is_taken_and_nowhere_else(payer: Payer) -> None:
    caller = referral(payers=payer.bit, plan=0 if payer is Payer.PRIVATE else -1)
    takes = opening(payers=payer.bit, medicaid_states=1 << State["IL"])
    told = ask(caller, takes=takes, refuses=away(1, payers=0))
    assert told.listed == ["takes"]
    assert against(told, "refuses") == ["payer"]


def test_a_caller_without_insurance_finds_the_place_that_charges_nothing() -> None:
    caller = referral(payers=Payer.SELF_PAY.bit | Payer.NO_CHARGE.bit)
    told = ask(caller, dear=opening(payers=Payer.SELF_PAY.bit), free=away(2, payers=Payer.NO_CHARGE.bit))
    assert told.listed == ["free", "dear"]
    assert [notice.code for notice in told.ranking.notices] == ["uninsured"]


@pytest.mark.parametrize(
    ("tier", "pregnant", "injecting"),
    [(Tier.PREGNANT_AND_INJECTING, 1, 1), (Tier.PREGNANT, 1, 0), (Tier.INJECTING, 0, 1)],
)
def test_the_last_seat_goes_to_whom_the_law_puts_first(tier: Tier, pregnant: int, injecting: int) -> None:
    near, far = referral(), referral(latitude=CHICAGO[0] + 5 * MILE_NORTH)
    first = far._replace(pregnant=pregnant, injecting=injecting)
    answer = batch({"near": near, "far": first}, pools(), place=opening())
    assert who_goes_where(answer) == {"far": "place"}
    assert answer.proof.people[tier] == 1
    assert who_goes_where(batch({"near": near, "far": far}, pools(), place=opening())) == {"near": "place"}


def test_a_pregnant_caller_comes_before_one_who_injects_and_both_before_all_others() -> None:
    callers = {
        "both": referral(pregnant=1, injecting=1),
        "pregnant": referral(pregnant=1),
        "injecting": referral(injecting=1),
        "other": referral(),
    }
    for seats, placed in enumerate(
        ([], ["both"], ["both", "pregnant"], ["both", "injecting", "pregnant"], sorted(callers))
    ):
        answer = batch(callers, pools(seats=pool(limit=seats)), place=opening())
        assert sorted(who_goes_where(answer)) == placed


def test_a_deaf_caller_is_sent_where_sign_language_is_spoken() -> None:
    caller = referral(languages=Language.SIGN_LANGUAGE.bit, accessibility=Access.HEARING.bit)
    signs = away(5, languages=Language.SIGN_LANGUAGE.bit, accessibility=Access.HEARING.bit)
    told = ask(caller, near=opening(), signs=signs)
    assert told.listed == ["signs"]
    assert against(told, "near") == ["language", "accessibility"]


def test_a_place_that_has_not_said_whether_it_signs_is_asked() -> None:
    silent = opening(languages_known=Language.ENGLISH.bit)
    told = ask(referral(languages=Language.SIGN_LANGUAGE.bit), silent=silent)
    assert told.listed == ["silent"]
    assert "language" in to_ask(told, "silent")


def test_a_spanish_speaker_is_not_sent_where_only_english_is_spoken() -> None:
    caller = referral(languages=Language.SPANISH.bit)
    told = ask(caller, english=opening(), spanish=away(3, languages=Language.SPANISH.bit | Language.ENGLISH.bit))
    assert told.listed == ["spanish"]
    both = ask(caller._replace(languages=caller.languages | Language.ENGLISH.bit), english=opening())
    assert both.listed == ["english"]


def test_a_mother_of_two_goes_where_both_children_have_a_bed() -> None:
    supply = pools(one=pool(kind=PoolKind.CHILD_PLACES, limit=1), two=pool(kind=PoolKind.CHILD_PLACES, limit=2))
    one, two = list(supply).index("one"), list(supply).index("two")
    mother = referral(children=2)
    told = ask(mother, supply, tight=opening(child_places=one), roomy=away(4, child_places=two))
    assert told.listed == ["roomy"]
    assert list(told.reasons("tight", Verdict.FULL)) == ["child-places"]
    assert ask(mother._replace(children=0), supply, tight=opening(child_places=one)).listed == ["tight"]


def test_a_place_that_takes_no_children_is_no_place_for_a_mother_with_hers() -> None:
    told = ask(referral(children=1), alone=opening(takes_children=0))
    assert told.listed == []
    assert "children" in against(told, "alone")


def test_a_couple_takes_two_seats_or_none() -> None:
    couple = referral(persons=2, genders=Gender.FEMALE.bit | Gender.MALE.bit)
    supply = pools(both=pool(limit=2))
    told = ask(couple, supply, one=opening(), two=away(3, seats=list(supply).index("both")))
    assert told.listed == ["two"]
    assert list(told.reasons("one", Verdict.FULL)) == ["seats"]


def test_a_house_for_men_is_no_place_for_a_couple() -> None:
    couple = referral(persons=2, genders=Gender.FEMALE.bit | Gender.MALE.bit)
    men = opening(genders=Gender.MALE.bit)
    told = ask(couple, pools(both=pool(limit=2)), men=men._replace(seats=len(pools())))
    assert "gender" in against(told, "men")


def test_a_man_on_methadone_is_sent_to_the_residence_that_accepts_it() -> None:
    man = referral(
        need=LevelOfCare.RECOVERY_RESIDENCE,
        genders=Gender.MALE.bit,
        medications=Medication.METHADONE.bit,
        uses=MedicationUse.ELSEWHERE.bit,
        substances=Substance.OPIOIDS.bit,
    )
    told = ask(man, abstinent=opening(**HOUSE, elsewhere=0), accepts=away(6, **HOUSE))
    assert told.listed == ["accepts"]
    assert "medication" in against(told, "abstinent")


def test_a_nurse_who_is_free_only_after_work_is_not_sent_to_a_morning_group() -> None:
    nurse = referral(free=AFTER_WORK)
    told = ask(nurse, mornings=opening(sessions=MORNINGS), evenings=away(4, sessions=EVENINGS))
    assert told.listed == ["evenings"]
    assert told.reasons("mornings", Verdict.AGAINST)["schedule"].amount == 3


def test_a_nurse_who_cannot_be_there_in_time_is_not_sent_however_good_the_hours() -> None:
    just = tuple(0b111111 << 36 if day in (0, 2, 3) else 0 for day in range(7))
    nurse = referral(free=just, daily_limit=90)
    assert ask(nurse, far=away(15, sessions=EVENINGS)).listed == []
    assert ask(nurse._replace(free=AFTER_WORK), far=away(15, sessions=EVENINGS)).listed == ["far"]


def test_a_caller_in_a_hamlet_with_video_only_is_served_from_across_the_state() -> None:
    hamlet = referral(modes=TravelMode.VIDEO.bit, latitude=37_000_000, longitude=-89_180_000)
    told = ask(hamlet, city=opening(telehealth=1), other=opening(telehealth=1, state=State["WI"]))
    assert told.listed == ["city"]
    assert told.about("city").way.minutes == 0
    assert ask(hamlet, city=opening(telehealth=0)).listed == []


def test_a_veteran_may_go_where_only_veterans_are_served_and_others_may_not() -> None:
    only = opening(only=Population.VETERANS.bit)
    assert ask(referral(populations=Population.VETERANS.bit), only=only).listed == ["only"]
    told = ask(referral(), only=only)
    assert told.listed == []
    assert against(told, "only") == ["exclusive"]


def test_a_girl_of_fifteen_is_not_sent_to_a_group_for_adults() -> None:
    girl = referral(ages=AgeGroup.ADOLESCENTS.bit)
    told = ask(girl, adults=opening(ages=AgeGroup.ADULTS.bit), young=away(9, ages=AgeGroup.ADOLESCENTS.bit))
    assert told.listed == ["young"]


def test_nobody_is_sent_back_to_a_place_that_barred_them() -> None:
    barred = referral(excluded=(0, *[-1] * (EXCLUDED - 1)))
    told = ask(barred, barred=opening(facility=0), other=away(7, facility=1))
    assert told.listed == ["other"]
    assert against(told, "barred") == ["excluded"]


def test_who_may_die_of_withdrawal_is_sent_to_withdrawal_management_first() -> None:
    caller = referral(withdrawal=WithdrawalRisk.SEVERE)
    ward = away(3, level=LevelOfCare.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, bed=1, visits=0, manages=WithdrawalRisk.SEVERE)
    told = ask(caller, group=opening(), ward=ward)
    assert told.listed == []
    assert "withdrawal-safety" in against(told, "group")
    assert [(step.level, step.match.opening_id) for step in told.ranking.interim] == [
        (LevelOfCare.RESIDENTIAL_WITHDRAWAL_MANAGEMENT, "ward")
    ]
    assert ask(caller._replace(withdrawal=WithdrawalRisk.LOW), group=opening(), ward=ward).listed == ["group"]


def test_a_pregnant_caller_is_not_sent_where_she_is_not_admitted() -> None:
    caller = referral(pregnant=1, populations=Population.PREGNANT_OR_POSTPARTUM.bit, tier=Tier.PREGNANT)
    told = ask(caller, refuses=opening(refused=Population.PREGNANT_OR_POSTPARTUM.bit))
    assert told.listed == []


def test_who_needs_care_of_a_mental_illness_too_is_sent_where_it_is_given() -> None:
    caller = referral(co_occurring=1)
    told = ask(caller, one=opening(co_occurring=0), both=away(5, co_occurring=1))
    assert told.listed == ["both"]


def test_somebody_placed_stays_where_another_place_is_hardly_better() -> None:
    def listed(miles: float) -> list[str]:
        placed = int(tie_keys(["here"], 0)[0])
        return ask(referral(placed=placed), here=away(miles), other=opening()).listed

    assert listed(1)[0] == "here"
    assert listed(20)[0] == "other"


def test_a_wish_for_acupuncture_never_outweighs_a_need() -> None:
    wishes = referral(services=Service.ACUPUNCTURE.bit)
    needles: Opening = away(1, services=Service.ACUPUNCTURE.bit)
    assert ask(wishes, plain=opening(), needles=needles).listed == ["needles", "plain"]
    refused = needles._replace(payers=0)
    assert ask(wishes, plain=opening(), needles=refused).listed == ["plain"]
