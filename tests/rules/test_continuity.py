from matcher.rules.continuity import continuity

from ..facts import opening, policy, referral


def test_moving_somebody_already_placed_costs() -> None:
    numbers = policy(move_minutes=5)
    assert continuity(referral(placed=42), opening(key=42), numbers) == 0
    assert continuity(referral(placed=42), opening(key=41), numbers) == 5
    assert continuity(referral(placed=-1), opening(key=41), numbers) == 0
