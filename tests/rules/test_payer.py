from matcher.rules.payer import payer
from matcher.vocabulary import NOT_MET, UNKNOWN, Payer, State

from ..facts import opening, referral, way

BY_MEDICAID = way(payer=Payer.MEDICAID)
BY_PLAN = way(payer=Payer.PRIVATE)


def test_medicaid_of_the_state_is_taken() -> None:
    assert payer(referral(medicaid_state=State["IL"]), opening(), BY_MEDICAID) == 0


def test_medicaid_of_another_state_is_not_taken() -> None:
    assert payer(referral(medicaid_state=State["IN"]), opening(), BY_MEDICAID) == NOT_MET


def test_medicaid_of_another_state_is_taken_where_the_facility_reports_it() -> None:
    both = opening(medicaid_states=1 << State["IL"] | 1 << State["IN"])
    assert payer(referral(medicaid_state=State["IN"]), both, BY_MEDICAID) == 0


def test_medicaid_of_an_unknown_state_is_asked() -> None:
    assert payer(referral(medicaid_state=-1), opening(), BY_MEDICAID) == UNKNOWN


def test_the_last_state_of_the_list_has_its_own_bit() -> None:
    palau = opening(medicaid_states=1 << State["PW"])
    assert payer(referral(medicaid_state=State["PW"]), palau, BY_MEDICAID) == 0
    assert payer(referral(medicaid_state=State["AL"]), palau, BY_MEDICAID) == NOT_MET


def test_a_plan_in_network_is_taken() -> None:
    assert payer(referral(plan=0), opening(), BY_PLAN) == 0


def test_a_plan_reported_out_of_network_is_not_taken() -> None:
    assert payer(referral(plan=1), opening(), BY_PLAN) == NOT_MET


def test_a_plan_that_the_facility_has_not_named_is_asked() -> None:
    assert payer(referral(plan=2), opening(), BY_PLAN) == UNKNOWN


def test_an_unknown_plan_is_asked() -> None:
    assert payer(referral(plan=-1), opening(), BY_PLAN) == UNKNOWN


def test_a_payer_reported_as_not_taken_is_not_met() -> None:
    assert payer(referral(), opening(), way(payer=Payer.MEDICARE)) == NOT_MET


def test_a_payer_that_is_not_reported_is_asked() -> None:
    silent = opening(payers=0, payers_known=0)
    assert payer(referral(), silent, BY_MEDICAID) == UNKNOWN
    assert payer(referral(plan=0), silent, BY_PLAN) == UNKNOWN


def test_a_payer_without_plan_or_state_is_taken_as_reported() -> None:
    assert payer(referral(), opening(payers=Payer.MEDICARE.bit), way(payer=Payer.MEDICARE)) == 0


def test_a_caller_whose_payer_is_unknown_is_asked() -> None:
    assert payer(referral(payers=0), opening(), way(payer=-1)) == UNKNOWN
