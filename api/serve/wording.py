"""How the API writes openings in codes and numbers: words by their codes, openings and facilities by their ids."""

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from api.load import Loaded
from matcher.form import Form, Wording
from matcher.vocabulary import LevelOfCare, Medication, MedicationUse, Payer, PoolKind, TravelMode

WORDING = Wording(
    option=',"way":{"mode":<mode>,"minutes":<minutes>,"distance":<distance>,"medication":<medication>,"use":<use>,'
    '"payer":<payer>},"cost":<cost>,'
    '"verdicts":{"against":<against>,"full":<full>,"ask":<ask>,"cost":<costs>},"pools":[',
    pool='{"kind":<kind>,"draws":<draws>,"free":<limit>,"age":<age>,"simulated":<simulated>}',
    listed=',"place":<place>,"group":<group>,"reported":<reported>',
)
KINDS = {"mode": TravelMode, "medication": Medication, "use": MedicationUse, "payer": Payer, "kind": PoolKind}
TRUTHS = ("false", "true")


def _codes(words: Iterable[Any]) -> tuple[str, ...]:
    return tuple(f'"{word.code}"' for word in words)


WORDS = {name: _codes(words) for name, words in KINDS.items()} | {"reported": TRUTHS, "simulated": TRUTHS}


def form_of(loaded: Loaded, compile_rules: bool = True) -> Form:
    """Return how the openings of a directory are written."""
    return Form(list(_heads(loaded)), WORDING, WORDS, compile_rules)


def _heads(loaded: Loaded) -> Iterator[bytes]:
    """Yield what is always the same of each opening, still open."""
    directory, starts = loaded.directory, loaded.facilities.start_dates
    codes = [level.code for level in LevelOfCare]
    columns = (directory.openings[name].tolist() for name in ("facility", "level"))
    for at, (facility, level) in enumerate(zip(*columns, strict=True)):
        fixed = {
            "opening_id": directory.opening_ids[at],
            "facility_id": directory.facility_ids[facility],
            "level": codes[level],
            "start_date": starts[at],
        }
        yield orjson.dumps(fixed)[:-1]
