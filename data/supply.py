"""Made-up facilities: where they stand, what they offer, and what of it they report.

Facilities follow the population, county by county more or less of it, so that some counties have none. Levels of care,
payers and medications come in the published shares (``tables/facility_figures.csv``), leaning on common causes: whether
a facility is residential, takes many payers, gives medications, and the scarcity of a level in its county. The shares
are of facilities that report; a stated share stays silent, and another also reports what it does not offer.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matcher.continuum import PROGRAMS
from matcher.records import Floats, Ints
from matcher.vocabulary import LevelOfCare, Medication, Payer

from . import welcome
from .chance import Bools, Chance, Texts, as_text, cells, texts
from .columns import FACILITIES, Columns
from .figures import SUPPLY, figures, group, ordered
from .population import Population, population, scattered

LEVEL_CODES = tuple(level.code for level in PROGRAMS)
PAYER_CODES = tuple(payer.code for payer in Payer)
MEDICATION_CODES = tuple(medication.code for medication in Medication)

_FIRST = texts(("Harbor", "Cedar", "Lakeside", "Summit", "Prairie", "Willow", "Bridge", "Canyon", "Orchard", "Granite"))
_LAST = texts(("House", "Center", "Clinic", "Program", "Place", "Services"))
_NOTE = "Made up by simulation: there is no such facility"


@dataclass(frozen=True, slots=True)
class Offer:
    """What each facility has, reported or not. One row a facility, one column a word of the vocabulary or a plan.

    ``site``: its point in the population. ``levels``: as in the directory of 2015, a few facilities name none.
    ``van_range``: miles, 0 is no van.
    """

    site: Ints
    levels: Bools
    payers: Bools
    plans: Bools
    medications: Bools
    elsewhere: Bools
    van_range: Ints


def offers(chance: Chance, count: int) -> Offer:
    """What ``count`` made-up facilities have."""
    known, where = figures(*SUPPLY), population()
    favor = np.exp(known["spread/county"] * chance.normal("county", where.counties))
    site = chance.pick("site", where.residents * favor[where.county], count)
    levels = _levels(chance, where, site)
    payers = _leaning(chance, "payer", PAYER_CODES, ordered(known, "payer", PAYER_CODES), count)
    takes_private = payers[:, [Payer.PRIVATE]]
    return Offer(
        site=site,
        levels=levels,
        payers=payers,
        plans=_each(chance, "plan", list(group(known, "plan")), count) & takes_private,
        medications=_medications(chance, levels[:, LevelOfCare.OPIOID_TREATMENT_PROGRAM]),
        elsewhere=_each(chance, "elsewhere", MEDICATION_CODES, count),
        van_range=_van_range(chance, count),
    )


def facilities(chance: Chance, offer: Offer) -> Columns:
    """The table of facilities: where each stands, and what it reports of what it has."""
    table = _sites(chance, offer) | _reports(chance, offer)
    blank = _same("", len(offer.site))
    return {name: table.get(name, blank).tolist() for name in FACILITIES}


def _sites(chance: Chance, offer: Offer) -> dict[str, Texts]:
    where, count = population(), len(offer.site)
    zips = where.zips[offer.site]
    first, last = (chance.pick(name, np.ones(len(of)), count) for name, of in (("first", _FIRST), ("last", _LAST)))
    named = zip(_FIRST[first], _LAST[last], strict=True)
    names = texts(f"Simulated {one} {two} {number:05}" for number, (one, two) in enumerate(named))
    latitude, longitude = scattered(chance, offer.site)
    return {
        "facility_id": texts(map(_facility_id, names, zips)),
        "name": names,
        "city": where.cities[offer.site],
        "state": where.states[offer.site],
        "zip": zips,
        "latitude": latitude,
        "longitude": longitude,
        "located_by": _same("address", count),
        "note": _same(_NOTE, count),
    }


def _reports(chance: Chance, offer: Offer) -> dict[str, Texts]:
    known, count = figures(*SUPPLY), len(offer.site)
    frank = chance.yes("frank", known["frank"], count)
    takes_private = offer.payers[:, Payer.PRIVATE]
    otp = _yes(offer.levels[:, LevelOfCare.OPIOID_TREATMENT_PROGRAM])
    accepting = _yes(~chance.yes("not_accepting", known["not_accepting"], count))
    plans = list(group(known, "plan"))
    told = {
        "accepting": accepting,
        "otp": otp,
        "payers": cells(PAYER_CODES, offer.payers, _noes(offer.payers, frank)),
        "plans": cells(plans, offer.plans, _noes(offer.plans, frank & takes_private)),
        "medications": cells(MEDICATION_CODES, offer.medications, _noes(offer.medications, frank)),
        "elsewhere": cells(MEDICATION_CODES, offer.elsewhere, _noes(offer.elsewhere, frank)),
        "van_range": as_text(offer.van_range),
        "block_grant": _yes(chance.yes("block_grant", known["block_grant"], count)),
    }
    silent = {name: chance.yes(f"silent/{name}", known[f"silent/{name}"], count) for name in told}
    silent["otp"] &= otp == "no"  # a certified program is on a federal list whatever it says of itself
    reported = {name: texts(np.where(silent[name], "", told[name])) for name in told}
    return reported | welcome.columns(chance, count, frank)


def _levels(chance: Chance, where: Population, site: Ints) -> Bools:
    known, county = figures(*SUPPLY), where.county[site]
    alike = np.sqrt(known["alike/level"])
    pulls = {code: (alike, chance.normal(f"county/{code}", where.counties)[county]) for code in LEVEL_CODES}
    return _leaning(chance, "level", LEVEL_CODES, ordered(known, "level", LEVEL_CODES), len(site), pulls)


def _leaning(
    chance: Chance,
    name: str,
    codes: Sequence[str],
    shares: Sequence[float | Floats],
    count: int,
    pulls: dict[str, tuple[float, Floats]] | None = None,
) -> Bools:
    known, cause = figures(*SUPPLY), chance.normal(f"lean/{name}", count)
    columns = []
    for code, share in zip(codes, shares, strict=True):
        extra = [pulls[code]] if pulls else []
        spread = chance.leaning(f"{name}/{code}", count, (-known[f"lean/{name}/{code}"], cause), *extra)
        columns.append(spread < share)
    return np.stack(columns, axis=1)


def _each(chance: Chance, name: str, codes: Sequence[str], count: int) -> Bools:
    shares = ordered(figures(*SUPPLY), name, codes)
    return np.stack([chance.yes(f"{name}/{code}", share, count) for code, share in zip(codes, shares, strict=True)], 1)


def _medications(chance: Chance, otp: Bools) -> Bools:
    """Methadone stands with the certification (42 CFR 8.12); buprenorphine is more common in such programs."""
    known, codes = figures(*SUPPLY), MEDICATION_CODES[1:]
    certified, inside = known["level/opioid-treatment-program"], known["otp_buprenorphine"]
    outside = (known["medication/buprenorphine"] - certified * inside) / (1.0 - certified)
    shares: list[float | Floats] = [np.where(otp, inside, outside), *ordered(known, "medication", codes[1:])]
    return np.concatenate([otp[:, np.newaxis], _leaning(chance, "medication", codes, shares, len(otp))], axis=1)


def _van_range(chance: Chance, count: int) -> Ints:
    known = figures(*SUPPLY)
    ranges = group(known, "van_range")
    miles = np.array(list(map(int, ranges)), np.int64)[chance.pick("van_range", list(ranges.values()), count)]
    return np.where(chance.yes("van", known["van"], count), miles, 0)


def _noes(yes: Bools, frank: Bools) -> Bools:
    return ~yes & frank[:, np.newaxis]


def _yes(where: Bools) -> Texts:
    return texts(np.where(where, "yes", "no"))


def _same(text: str, count: int) -> Texts:
    return texts([text])[np.zeros(count, np.int64)]


def _facility_id(name: str, zip_code: str) -> str:
    return f"sim-{hashlib.blake2b(f'{name}|{zip_code}'.encode(), digest_size=6).hexdigest()}"
