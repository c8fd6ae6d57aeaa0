from matcher.rules.withdrawal import withdrawal
from matcher.vocabulary import Substance, WithdrawalRisk

from ..facts import opening, referral


def test_severe_risk_needs_a_level_made_for_it() -> None:
    severe = referral(withdrawal=WithdrawalRisk.SEVERE)
    assert withdrawal(severe, opening(manages=WithdrawalRisk.SEVERE)) == 0
    assert withdrawal(severe, opening(manages=WithdrawalRisk.MODERATE)) == 1
    assert withdrawal(severe, opening(manages=WithdrawalRisk.LOW)) == 2


def test_low_risk_is_met_anywhere() -> None:
    assert withdrawal(referral(withdrawal=WithdrawalRisk.LOW), opening(manages=WithdrawalRisk.LOW)) == 0


def test_risk_not_known_is_asked_where_withdrawal_can_kill() -> None:
    assert withdrawal(referral(withdrawal=-1, substances=Substance.ALCOHOL.bit), opening()) == -1
    assert withdrawal(referral(withdrawal=-1, substances=Substance.OPIOIDS.bit), opening()) == 0
