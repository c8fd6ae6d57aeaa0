import pytest
from matcher.notices import notices
from matcher.vocabulary import LANGUAGES, Payer, Tier

from .facts import policy, referral


def codes(**facts: int) -> list[str]:
    return [notice.code for notice in notices(referral(**facts), policy())]


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier.PREGNANT_AND_INJECTING, ["pregnant", "injecting"]),
        (Tier.PREGNANT, ["pregnant"]),
        (Tier.INJECTING, ["injecting"]),
        (Tier.ALL_OTHERS, []),
    ],
)
def test_the_duties_of_each_tier_are_told(tier: Tier, expected: list[str]) -> None:
    assert codes(tier=tier) == expected


def test_a_helpline_whose_policy_has_no_tiers_has_no_duties_told() -> None:
    assert notices(referral(tier=Tier.PREGNANT), policy(tiers=0)) == ()


def test_the_days_and_hours_are_those_of_the_policy() -> None:
    told = notices(referral(tier=Tier.INJECTING), policy())[0]
    assert all(number in told.sentence for number in ("14 days", "120 days", "48 hours"))
    later = notices(referral(tier=Tier.INJECTING), policy(admission_days=10))[0]
    assert "10 days" in later.sentence


def test_medicare_wants_a_plan_of_a_physician() -> None:
    assert codes(payers=Payer.MEDICARE.bit) == ["medicare"]


def test_who_has_no_insurance_is_shown_where_to_get_it() -> None:
    assert codes(payers=Payer.SELF_PAY.bit | Payer.NO_CHARGE.bit) == ["uninsured"]
    assert codes(payers=Payer.MEDICAID.bit | Payer.NO_CHARGE.bit) == []
    assert codes(payers=0) == []


def test_every_notice_is_told_in_every_language_with_its_source() -> None:
    caller = referral(tier=Tier.PREGNANT_AND_INJECTING, payers=Payer.MEDICARE.bit)
    told = [notices(caller, policy(), language) for language in LANGUAGES]
    assert len({tuple(notice.sentence for notice in one) for one in told}) == len(LANGUAGES)
    assert all(notice.source and "{" not in notice.sentence for one in told for notice in one)
