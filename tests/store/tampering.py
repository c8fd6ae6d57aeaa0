"""What another hand may do to the table of events, at random; each returns in words what it did."""

from collections.abc import Callable
from random import Random
from typing import Any

from data.store.chain import START, Event, link
from data.store.database import Database
from data.store.heads import Heads
from data.store.tables import chains, events
from sqlalchemy import Connection, delete, insert, select

Rows = list[Event]
Tamper = Callable[[Random, Rows, Heads], Rows]


def every(connection: Connection) -> Rows:
    return [Event(*row) for row in connection.execute(select(events).order_by(events.c.chain, events.c.seq))]


def put(database: Database, rows: Rows, heads: dict[str, tuple[int, bytes]]) -> None:
    """Make these the events and these the ends of the chains."""

    def work(connection: Connection) -> None:
        connection.execute(delete(events))
        connection.execute(delete(chains))
        connection.execute(insert(events), [row._asdict() for row in rows])
        connection.execute(
            insert(chains), [{"chain": name, "seq": seq, "hash": end} for name, (seq, end) in heads.items()]
        )

    database.write(work)


def ends(rows: Rows) -> dict[str, tuple[int, bytes]]:
    return {row.chain: (row.seq, row.hash) for row in sorted(rows, key=lambda row: row.seq)}


def changed(chance: Random, row: Event) -> Event:
    """The event with one field that is not what it was."""
    name = chance.choice(Event._fields[2:])
    value: Any = getattr(row, name)
    if isinstance(value, int):
        value += chance.choice((-60, 1, 3600))
    elif isinstance(value, bytes):
        value = bytes([value[0] ^ 1 << chance.randrange(8)]) + value[1:]
    else:
        value = value + "x" if chance.random() < 0.5 or not value else value[:-1]
    return row._replace(**{name: value})


def edit(chance: Random, rows: Rows, heads: Heads) -> Rows:
    at = chance.randrange(len(rows))
    return [*rows[:at], changed(chance, rows[at]), *rows[at + 1 :]]


def remove(chance: Random, rows: Rows, heads: Heads) -> Rows:
    at = chance.randrange(len(rows))
    return rows[:at] + rows[at + 1 :]


def swap(chance: Random, rows: Rows, heads: Heads) -> Rows:
    one, other = chance.sample(range(len(rows)), 2)
    places = {one: rows[other], other: rows[one]}
    return [places.get(at, row)._replace(chain=row.chain, seq=row.seq) for at, row in enumerate(rows)]


def rewrite(chance: Random, rows: Rows, heads: Heads) -> Rows:
    """Change an event behind the signed head, and every hash after it so that all links hold again."""
    name = chance.choice(sorted(heads.signed))
    at = chance.randint(1, heads.signed[name].seq)
    own, rest = _parted(rows, name)
    own[at - 1] = own[at - 1]._replace(body=own[at - 1].body + " ")
    before, linked = START, []
    for row in own:
        before = link(before, *row[:-1])
        linked.append(row._replace(hash=before))
    return rest + linked


def cut(chance: Random, rows: Rows, heads: Heads) -> Rows:
    """Cut off the end of a chain, reaching behind the signed head."""
    name = chance.choice(sorted(heads.signed))
    own, rest = _parted(rows, name)
    return rest + own[: chance.randrange(heads.signed[name].seq)]


def _parted(rows: Rows, name: str) -> tuple[Rows, Rows]:
    return [row for row in rows if row.chain == name], [row for row in rows if row.chain != name]


OPEN: tuple[Tamper, ...] = (edit, remove, swap)
"""Where the ends of the chains are left as they were."""
HIDDEN: tuple[Tamper, ...] = (rewrite, cut)
"""Where the ends are made to fit, so that only the signed head tells."""
