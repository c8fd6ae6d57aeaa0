"""Openings as the API writes them: words by their codes, openings and facilities by their ids."""

from collections.abc import Iterable
from typing import Any

from matcher.brief import Brief, Drawn, Listed
from matcher.explain import Explanation
from matcher.facts import Way
from matcher.vocabulary import LevelOfCare, Medication, MedicationUse, Payer, PoolKind, TravelMode

from .held import Held


def _codes(words: Iterable[Any]) -> tuple[str | None, ...]:
    """Return the codes by number; -1, the last, is None."""
    return (*(word.code for word in words), None)


LEVELS, MODES, MEDICATIONS, USES, PAYERS, KINDS = map(
    _codes, (LevelOfCare, TravelMode, Medication, MedicationUse, Payer, PoolKind)
)


def way(one: Way) -> dict[str, Any]:
    """Return a way by its codes."""
    mode, minutes, distance, medication, use, payer = one
    return {
        "mode": MODES[mode],
        "minutes": minutes if minutes >= 0 else None,
        "distance": distance,
        "medication": MEDICATIONS[medication],
        "use": USES[use],
        "payer": PAYERS[payer],
    }


def pool(held: Held, drawn: Drawn) -> dict[str, Any]:
    """Return a pool that an opening draws on, as it was last reported."""
    if drawn.pool < 0:
        return {"kind": None, "draws": drawn.draws, "free": None, "age": None, "simulated": False}
    kind, limit, _, reported, simulated = held.sweep.directory.pools[drawn.pool].item()
    age = max(0, held.now - reported) if reported >= 0 else None
    free = limit if limit >= 0 else None
    return {"kind": KINDS[kind], "draws": drawn.draws, "free": free, "age": age, "simulated": simulated == 1}


def opening(held: Held, one: Brief) -> dict[str, Any]:
    """Return an opening in codes and numbers."""
    directory, row = held.sweep.directory, one.opening
    facility, level = held.places[row]
    return {
        "opening_id": directory.opening_ids[row],
        "facility_id": directory.facility_ids[facility],
        "level": LEVELS[level],
        "start_date": held.loaded.facilities.start_dates[row],
        "way": way(one.way),
        "cost": one.cost,
        "verdicts": {"against": one.against, "full": one.full, "ask": one.ask, "cost": one.costs},
        "pools": [pool(held, drawn) for drawn in one.drawn],
    }


def match(held: Held, one: Listed) -> dict[str, Any]:
    """Return a match in codes and numbers."""
    found = opening(held, one.brief)
    found["place"], found["group"], found["reported"] = one.place, one.group, one.reported
    return found


def said(held: Held, explanation: Explanation) -> dict[str, Any]:
    """Return what a person reads of an opening: the facility, and every reason."""
    shown, row = held.loaded.facilities, explanation.opening
    at, _ = held.places[row]
    facility = {
        "name": shown.names[at],
        "street": shown.streets[at],
        "city": shown.cities[at],
        "state": shown.states[at],
        "zip": shown.zips[at],
        "phone": shown.phones[at],
        "unit": shown.units[row],
    }
    reasons = [
        {"code": one.code, "verdict": one.verdict.value, "amount": one.amount, "unit": one.unit}
        | {"sentence": one.sentence, "change": one.change}
        for one in explanation.reasons
    ]
    return {"facility": facility, "reasons": reasons}
