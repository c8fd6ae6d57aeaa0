"""Small ledgers for tests: facilities ``a`` and ``b``, their pools, and callers who want them."""

from base64 import b64encode

from data.columns import FACILITIES, OPENINGS
from data.store.callers import attributes_of
from data.store.change import Change, Store
from data.store.database import Database
from data.store.placements import Placement, Wanted, promise
from data.store.seals import closed, fresh_seal
from data.store.tables import callers, facilities, given, metadata, openings, pools, programs, referrals
from data.store.words import PlacementState
from sqlalchemy import insert, select

SECRET = b64encode(bytes(range(32))).decode()
NOON = 1_798_200_000
"""A moment: 2026-12-25 12:00 UTC."""
SEATS = {"seats/a/1": ("a", 1), "seats/a/2": ("a", 3), "starts/a": ("a", 2), "seats/b/1": ("b", 2)}
"""Facility and seats reported, by pool."""
CALLERS = 8


class Clock:
    """A clock that stands still till it is moved. Seconds."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_minutes(self, minutes: int) -> None:
        self.now += minutes * 60


def seeded(store: Store, seats: dict[str, tuple[str, int]] | None = None, people: int = CALLERS) -> None:
    """Two facilities with an opening a pool of seats, and callers ``c0``... each with one referral ``r0``..."""
    numbers = SEATS if seats is None else seats

    def work(change: Change) -> None:
        sites = sorted({facility for facility, _ in numbers.values()})
        at, plain = change.connection, dict.fromkeys(FACILITIES, "")
        at.execute(insert(facilities), [plain | {"facility_id": site, "name": site.upper()} for site in sites])
        at.execute(
            insert(programs),
            [{"program_id": f"{site}/p", "facility_id": site, "level": "outpatient"} for site in sites],
        )
        units = [
            (pool.removeprefix("seats/"), site) for pool, (site, _) in numbers.items() if pool.startswith("seats/")
        ]
        blank = {name: "" for name in OPENINGS if name in openings.c}
        at.execute(
            insert(openings),
            [
                blank | {"opening_id": unit, "facility_id": site, "program_id": f"{site}/p", "level": "outpatient"}
                for unit, site in units
            ],
        )
        at.execute(
            insert(pools),
            [
                {
                    "pool_id": pool, "facility_id": site, "kind": "seats", "reported": number,
                    "opening_id": pool.removeprefix("seats/") if pool.startswith("seats/") else None,
                    "reported_at": change.now, "simulated": 1, "claims": 0, "version": 1, "changed_at": change.now,
                }
                for pool, (site, number) in numbers.items()
            ],
        )  # fmt: skip
        at.execute(insert(given), {"given_id": "g", "content": b"", "rules": "", "release": "", "made_at": change.now})
        seals = [fresh_seal(change, f"c{i}") for i in range(people)]
        at.execute(
            insert(callers),
            [
                {
                    "caller_id": f"c{i}", "content": closed(seal, {}, attributes_of(f"c{i}")), "version": 1,
                    "made_at": change.now, "erased_at": None,
                }
                for i, seal in enumerate(seals)
            ],
        )  # fmt: skip
        at.execute(
            insert(referrals),
            [
                {
                    "referral_id": f"r{i}", "caller_id": f"c{i}", "step": 1, "version": 1, "made_at": change.now,
                    "content": closed(seal, {}, f"referrals.content.r{i}"),
                }
                for i, seal in enumerate(seals)
            ],
        )  # fmt: skip

    store.write("test", work)


def wanted(number: int, *pool_ids: str, site: str = "a") -> Wanted:
    """What caller ``number`` wants: one unit of each pool."""
    draws = dict.fromkeys(pool_ids or ("seats/a/1",), 1)
    opening = next(iter(draws)).removeprefix("seats/")
    return Wanted(f"r{number}", f"c{number}", (site,), opening, draws, b"sealed", "g")


def hold(store: Store, number: int, *pool_ids: str, site: str = "a") -> Placement:
    """Hold for caller ``number`` one unit of each pool."""

    def work(change: Change) -> Placement:
        want = wanted(number, *pool_ids, site=site)
        change.take(*want.facilities)
        return promise(change, want, PlacementState.HELD)

    return store.write("advisor", work)


def pool(store: Store, pool_id: str = "seats/a/1") -> tuple[int, int]:
    """What is reported of a pool, and what is claimed."""
    with store.database.read() as connection:
        row = connection.execute(select(pools.c.reported, pools.c.claims).where(pools.c.pool_id == pool_id)).one()
    return row.reported, row.claims


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with database.read() as connection:
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for name, table in metadata.tables.items()
        }


def url_of(database: Database) -> str:
    """The URL by which another process opens the same database."""
    return database.engine.url.render_as_string(hide_password=False)
