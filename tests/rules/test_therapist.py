from matcher.rules.therapist import therapist

from ..facts import opening, policy, referral


def test_a_therapist_who_cannot_surely_be_kept_costs() -> None:
    caller, numbers = referral(own_therapist=1), policy(therapist_minutes=6)
    assert [therapist(caller, opening(outside_therapist=said), numbers) for said in (1, 0, -1)] == [0, 6, 6]
    assert therapist(referral(), opening(outside_therapist=0), numbers) == 0
