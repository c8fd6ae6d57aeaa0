from matcher.rules.accepting import accepting
from matcher.vocabulary import NOT_MET, UNKNOWN

from ..facts import opening


def test_a_program_accepting_referrals_is_met() -> None:
    assert accepting(opening(accepting=1)) == 0


def test_a_program_that_is_closed_is_not_met() -> None:
    assert accepting(opening(accepting=0)) == NOT_MET


def test_a_program_that_has_not_said_is_unknown() -> None:
    assert accepting(opening(accepting=-1)) == UNKNOWN
