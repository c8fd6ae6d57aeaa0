"""Pages of a list in its own order: read on behind a row, and not behind a number of rows, which shifts as they change.

A row that stays where it is in the order is told once, whatever is added or taken away between two pages. Where a page
ended is told sealed: the place of somebody on the waitlist holds their tier, and a cursor goes into a URL.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, tuple_

from .errors import Malformed
from .keys import Keys, Unreadable

Order = Sequence[ColumnElement[Any]]
Place = tuple[int | str, ...]
"""Where a row stands in the order of its list: the values of the columns that order it, the last of them its id."""


class Page(NamedTuple):
    """Some rows of a list. ``last``: where the last of them stands, None where no more follow."""

    rows: Sequence[Row[Any]]
    last: Place | None


def page(connection: Connection, rows: Select[Any], order: Order, after: Place | None, limit: int) -> Page:
    """Return the next rows of a list behind a place; None: from its begin."""
    wanted = rows if after is None else rows.where(tuple_(*order) > _values(after))
    found = connection.execute(wanted.order_by(*order).limit(limit + 1)).all()
    if len(found) <= limit:
        return Page(found, None)
    return Page(found[:limit], tuple(found[limit - 1]._mapping[column] for column in order))


def up_to(order: Order, place: Place) -> ColumnElement[bool]:
    """Return the condition that a row stands before a place in this order, or there."""
    condition: ColumnElement[bool] = tuple_(*order) <= _values(place)
    return condition


def cursor(keys: Keys, of: str, place: Place | None) -> str | None:
    """Return a place of a list as text for a URL; ``of``: the list, which must be said again to read it."""
    return None if place is None else urlsafe_b64encode(keys.seal(json.dumps(place).encode(), _what(of))).decode()


def place(keys: Keys, of: str, text: str | None) -> Place | None:
    """Return the place that a cursor tells of this list. Raises ``Malformed``."""
    if text is None:
        return None
    try:
        return tuple(json.loads(keys.unseal(urlsafe_b64decode(text), _what(of))))
    except (Unreadable, ValueError):
        raise Malformed("after", "after is no cursor of this list; allowed: what next said of it") from None


def _values(place: Place) -> Any:
    return tuple_(*(literal(value) for value in place))


def _what(of: str) -> str:
    return f"pages:{of}"
