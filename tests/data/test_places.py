import numpy as np
import pytest
from data.places import FEW, inside, place, places, usable


def test_a_zip_is_a_place_with_its_time_zone_and_point() -> None:
    chicago = place("60601")
    assert chicago is not None
    assert (chicago.city, chicago.state, chicago.county, chicago.timezone) == (
        "Chicago",
        "IL",
        "Cook County",
        "America/Chicago",
    )
    assert (chicago.latitude, chicago.longitude) == (41_885_800, -87_618_100)


@pytest.mark.parametrize(
    "text", ["", "6060", "606011", "abcde", "60601-1234", "\u0666\u0660\u0666\u0660\u0661", "99999"]
)
def test_what_is_no_zip_is_no_place_and_no_error(text: str) -> None:
    assert place(text) is None


@pytest.mark.parametrize("code", ["09001", "96960"])
def test_a_zip_whose_point_is_at_0_0_or_outside_the_country_is_no_place(code: str) -> None:
    assert place(code) is None


def test_usable_places_are_in_use_with_a_point_and_not_military() -> None:
    spots = usable()
    assert len(spots) == 41_032
    assert all(spot.active and not spot.military and spot.state not in ("AA", "AE", "AP") for spot in spots)
    assert inside(np.array([spot.latitude for spot in spots]), np.array([spot.longitude for spot in spots])).all()


def test_many_zips_looked_up_at_once_are_the_same_places_as_one_by_one() -> None:
    some = [spot.zip for spot in usable()[::37]]
    assert len(some) > FEW
    assert places([*some, "99999", "09001"]) == {code: place(code) for code in some}
    assert places([*some[:9], "99999"]) == {code: place(code) for code in some[:9]}


@pytest.mark.parametrize(
    ("latitude", "longitude", "within"),
    [(41.88, -87.63, True), (13.47, 144.75, True), (0, 0, False), (-87.63, 41.88, False), (51.5, -0.1, False)],
)
def test_places_outside_the_country_are_told_from_those_inside(latitude: float, longitude: float, within: bool) -> None:
    found = inside(np.array([round(latitude * 1e6)]), np.array([round(longitude * 1e6)]))
    assert found.tolist() == [within]
