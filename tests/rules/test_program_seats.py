from matcher.rules.program_seats import program_seats

from ..facts import opening, referral


def test_a_bundle_draws_on_the_program_as_well() -> None:
    assert program_seats(referral(persons=2), opening(program_facility=1, program_seats=7)) == (7, 2)
    assert program_seats(referral(), opening(program_facility=1, program_seats=-1)) == (-1, 1)
    assert program_seats(referral(), opening()) == (-1, 0)
