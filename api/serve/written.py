"""Openings as the API writes them, as JSON text: words by their codes, openings and facilities by their ids.

Text and not objects that are made into text, since all of them together take longer than to rank.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from matcher.brief import Brief
from matcher.explain import Explanation
from matcher.vocabulary import LevelOfCare, Medication, MedicationUse, Payer, PoolKind, TravelMode

from .held import Held

NULL = "null"
TRUE = ("false", "true")


def _codes(words: Iterable[Any]) -> tuple[str, ...]:
    """Return the codes by number, as JSON; -1, the last, is null."""
    return (*(f'"{word.code}"' for word in words), NULL)


MODES, MEDICATIONS, USES, PAYERS, KINDS = map(_codes, (TravelMode, Medication, MedicationUse, Payer, PoolKind))


def opening(held: Held, one: Brief, said: Mapping[str, Any] | None = None, place: int = 0) -> orjson.Fragment:
    """Return an opening in codes and numbers; with ``place`` as a match, with what is said of it where it is given."""
    row, _, group, cost, reported, against, full, ask, costs, mode, minutes, distance, medication, use, payer, drawn = (
        one
    )
    pools = ",".join([pool(held, *each) for each in drawn if each[0]])
    head = held.heads.get(row) or _head(held, row)
    listed = f',"place":{place},"group":{group},"reported":{TRUE[reported]}' if place else ""
    words = f",{orjson.dumps(said)[1:-1].decode()}" if said else ""
    return orjson.Fragment(
        f'{head},"way":{{"mode":{MODES[mode]},"minutes":{minutes if minutes >= 0 else NULL},"distance":{distance},'
        f'"medication":{MEDICATIONS[medication]},"use":{USES[use]},"payer":{PAYERS[payer]}}},"cost":{cost},'
        f'"verdicts":{{"against":{against},"full":{full},"ask":{ask},"cost":{costs}}},"pools":[{pools}]{listed}{words}}}'
    )


def pool(held: Held, draws: int, kind: int, limit: int, reported: int, simulated: int) -> str:
    """Return a pool that an opening draws on, as it was last reported."""
    free = limit if limit >= 0 else NULL
    age = max(0, held.policy.now - reported) if reported >= 0 else NULL
    return f'{{"kind":{KINDS[kind]},"draws":{draws},"free":{free},"age":{age},"simulated":{TRUE[simulated]}}}'


def _head(held: Held, row: int) -> str:
    """Return what is always the same of an opening, kept from the first time."""
    loaded, (facility, level) = held.loaded, held.places[row]
    fixed = {
        "opening_id": loaded.directory.opening_ids[row],
        "facility_id": loaded.directory.facility_ids[facility],
        "level": LevelOfCare.at(level).code,
        "start_date": loaded.facilities.start_dates[row],
    }
    held.heads[row] = head = orjson.dumps(fixed)[:-1].decode()
    return head


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
    return {"facility": facility, "reasons": explanation.reasons}
