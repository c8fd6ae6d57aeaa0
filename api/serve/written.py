"""Openings as the API answers with them, as JSON: in codes and numbers by the form of the directory, and in words.

Text and not objects that are made into text, since all of them together take longer than to rank.
"""

from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

import numpy as np
import orjson
from orjson import Fragment

from matcher.brief import Brief
from matcher.explain import Explanation
from matcher.options import Options
from matcher.records import Rows

from .held import Held

Said = Mapping[str, Any]


def matches(held: Held, row: Rows, found: Options) -> Fragment:
    """Return the matches of one referral (one row) as a list."""
    return Fragment(held.form.whole(*held.sweep.briefed(row, found)))


def openings(held: Held, row: Rows, found: Options, words: Sequence[Said], listed: bool) -> list[Fragment]:
    """Return openings one by one, with what is said of each where it is given; ``listed``: as matches."""
    each = held.form.each(*held.sweep.briefed(row, found), listed)
    return [_closed(one, said) for one, said in zip_longest(each, words)]


def match(held: Held, one: Brief) -> Fragment:
    """Return one match of a list."""
    (text,) = held.form.each(np.array([one[:-1]]), np.array([one.drawn]), True)
    return _closed(text, None)


def _closed(text: bytes, said: Said | None) -> Fragment:
    return Fragment(b"%b,%b" % (text, orjson.dumps(said)[1:]) if said else text + b"}")


def said(held: Held, explanation: Explanation) -> dict[str, Any]:
    """Return what a person reads of an opening: the facility, and every reason."""
    shown, row = held.loaded.facilities, explanation.opening
    at = int(held.loaded.directory.openings["facility"][row])
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
