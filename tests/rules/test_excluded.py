from matcher.facts import EXCLUDED
from matcher.rules.excluded import excluded

from ..facts import opening, referral


def test_a_facility_that_is_ruled_out_is_refused() -> None:
    barred = referral(excluded=(3, 2, *(-1,) * (EXCLUDED - 2)))
    assert excluded(barred, opening(facility=2)) == 1
    assert excluded(barred, opening(facility=1)) == 0


def test_neither_part_of_a_bundle_may_be_ruled_out() -> None:
    barred = referral(excluded=(2, *(-1,) * (EXCLUDED - 1)))
    assert excluded(barred, opening(facility=1, program_facility=2)) == 1
    assert excluded(referral(), opening(facility=1, program_facility=-1)) == 0
