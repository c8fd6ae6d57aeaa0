"""Made-up callers' means: where they live, how they pay and travel, how far they can go, and when they are free."""

import numpy as np

from matcher.records import Floats, Ints
from matcher.vocabulary import Payer, TravelMode

from .chance import Bools, Chance, Texts, cells, texts
from .columns import Columns
from .figures import DEMAND, SUPPLY, figures, group, rows
from .places import MICRODEGREES, places
from .population import around, population, scattered

_INSURANCE = "health_insurance_of_known"


def columns(chance: Chance, count: int, facilities: Columns) -> dict[str, Texts]:
    """The columns of the callers' means. Payers and vehicles go together: the poor have fewer."""
    site = chance.pick("home", _reachable(facilities), count)
    shares = group(figures(*DEMAND), _INSURANCE)
    insurance = texts(shares)[chance.pick("insurance", list(shares.values()), count)]
    payers = _payers(chance, insurance)
    return {
        **_address(chance, site),
        "payers": told(chance, "payers", cells([one.code for one in Payer], payers)),
        "medicaid_state": _medicaid_state(chance, payers[:, Payer.MEDICAID], site),
        "plan": _plan(chance, payers[:, Payer.PRIVATE], facilities),
        "modes": told(chance, "modes", cells([one.code for one in TravelMode], _modes(chance, insurance, site))),
        "daily_limit": told(chance, "daily_limit", chosen(chance, "daily_limit", count)),
        "admission_limit": told(chance, "admission_limit", chosen(chance, "admission_limit", count)),
        "free": told(chance, "free", _free_hours(chance, count)),
    }


def chosen(chance: Chance, name: str, count: int) -> Texts:
    """The last parts of the figures ``name/...``, each as often as its share."""
    shares = group(figures(*DEMAND), name)
    return texts(shares)[chance.pick(name, list(shares.values()), count)]


def told(chance: Chance, name: str, column: Texts) -> Texts:
    """The column with blanks where the caller does not say, for the share ``caller_silent/name``."""
    silent = chance.yes(f"silent/{name}", figures(*DEMAND)[f"caller_silent/{name}"], len(column))
    return texts(np.where(silent, "", column))


def _reachable(facilities: Columns) -> Floats:
    """Residents of each point from which some facility is in reach; of all points where no facility is placed."""
    where, sites = population(), _points(facilities)
    near = around((where.latitude, where.longitude), sites, figures(*SUPPLY)["catchment_cell"])
    return np.where(near > 0, where.residents, 0.0) if near.any() else where.residents


def _points(facilities: Columns) -> tuple[Ints, Ints]:
    """Where the facilities stand, by coordinates or else by ZIP; those without either are left out."""
    by_zip = places(facilities["zip"])
    points: list[tuple[int, int]] = []
    for code, *degrees in zip(facilities["zip"], facilities["latitude"], facilities["longitude"], strict=True):
        if all(degrees):
            points.append((round(float(degrees[0]) * MICRODEGREES), round(float(degrees[1]) * MICRODEGREES)))
        elif code in by_zip:
            points.append((by_zip[code].latitude, by_zip[code].longitude))
    listed = np.array(points, np.int64).reshape(-1, 2)
    return listed[:, 0], listed[:, 1]


def _address(chance: Chance, site: Ints) -> dict[str, Texts]:
    known, where, count = figures(*DEMAND), population(), len(site)
    addressed = chance.yes("addressed", known["coordinates_known"], count)
    latitude, longitude = scattered(chance, site)
    return {
        "zip": where.zips[site],
        "latitude": texts(np.where(addressed, latitude, "")),
        "longitude": texts(np.where(addressed, longitude, "")),
    }


def _payers(chance: Chance, insurance: Texts) -> Bools:
    """Ways to pay by insurance; without any, what an uninsured caller can still try."""
    count = len(insurance)
    payers = np.zeros((count, len(Payer)), np.bool_)
    payers[:, Payer.MEDICAID] = insurance == "medicaid"
    payers[:, Payer.PRIVATE] = insurance == "private"
    other = chosen(chance, "other_insurance", count)
    for one in Payer:
        payers[:, one] |= (insurance == "medicare_or_other") & (other == one.code)
    for one in (Payer.SLIDING_FEE, Payer.SELF_PAY, Payer.NO_CHARGE):
        payers[:, one] = insurance == "none"
    also = chance.yes("also", figures(*DEMAND)["private_also_self_pay"], count)
    payers[:, Payer.SELF_PAY] |= (insurance == "private") & also
    return payers


def _medicaid_state(chance: Chance, medicaid: Bools, site: Ints) -> Texts:
    where, count = population(), len(site)
    away = chance.yes("away", figures(*DEMAND)["medicaid_elsewhere"], count)
    other = chance.pick("other_state", where.residents, count)
    state = where.states[np.where(away, other, site)]
    return texts(np.where(medicaid, told(chance, "medicaid_state", state), ""))


def _plan(chance: Chance, private: Bools, facilities: Columns) -> Texts:
    """A plan that some facility names; where none does, one of the made-up plans."""
    named = {part.removeprefix("!") for text in set(facilities["plans"]) for part in text.split(";")} - {""}
    plans = sorted(named) or list(group(figures(*SUPPLY), "plan"))
    picked = texts(plans)[chance.pick("plan", np.ones(len(plans)), len(private))]
    return texts(np.where(private, told(chance, "plan", picked), ""))


def _modes(chance: Chance, insurance: Texts, site: Ints) -> Bools:
    """Who has no vehicle at home, or may not drive, goes on foot, by bus, by van or by the Medicaid ride benefit."""
    known, count, urban = figures(*DEMAND), len(site), population().urban[site]
    poor = (insurance == "medicaid") | (insurance == "none")
    without = np.where(poor, known["no_vehicle/poor"], known["no_vehicle/others"])
    without = without * np.where(urban, known["no_vehicle/urban"], known["no_vehicle/rural"]) / known["no_vehicle/all"]
    car = ~chance.yes("vehicle", without, count) & chance.yes("drives", known["drives"], count)
    transit = np.where(urban, known["transit/urban"], known["transit/rural"])
    transit = np.where(car, urban * known["transit_beside_car"], transit)
    modes = np.zeros((count, len(TravelMode)), np.bool_)
    modes[:, TravelMode.CAR] = car
    modes[:, TravelMode.WALK] = ~car
    modes[:, TravelMode.TRANSIT] = chance.yes("transit", transit, count)
    modes[:, TravelMode.VAN] = ~car & chance.yes("van", known["accepts_van"], count)
    rides = chance.yes("rides", known["ride_benefit"], count)
    at_a_screen = np.where(car, known["video"], known["video_without_car"])
    modes[:, TravelMode.VIDEO] = chance.yes("video", at_a_screen, count)
    modes[:, TravelMode.RIDE_BENEFIT] = ~car & (insurance == "medicaid") & rides
    return modes


def _free_hours(chance: Chance, count: int) -> Texts:
    listed = rows("free_hours.csv")
    picked = chance.pick("hours", [float(row["share"]) for row in listed], count)
    return texts(row["hours"] for row in listed)[picked]
