from matcher.rules.ride_benefit import ride_benefit
from matcher.vocabulary import NOT_MET, UNKNOWN, Payer, TravelMode

from ..facts import way


def test_medicaid_pays_the_ride() -> None:
    assert ride_benefit(way(mode=TravelMode.RIDE_BENEFIT, payer=Payer.MEDICAID)) == 0


def test_no_other_payer_pays_the_ride() -> None:
    for payer in set(Payer) - {Payer.MEDICAID}:
        assert ride_benefit(way(mode=TravelMode.RIDE_BENEFIT, payer=payer)) == NOT_MET


def test_an_unknown_payer_is_asked() -> None:
    assert ride_benefit(way(mode=TravelMode.RIDE_BENEFIT, payer=-1)) == UNKNOWN


def test_only_a_way_by_the_ride_benefit_is_held_to_it() -> None:
    for mode in (-1, TravelMode.WALK, TravelMode.CAR, TravelMode.TRANSIT, TravelMode.VAN):
        assert ride_benefit(way(mode=mode, payer=Payer.SELF_PAY)) == 0
