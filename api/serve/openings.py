"""``/v1/openings``: what is free and who said so; facilities report seats, one by one, the same again, or in bulk."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from data.encode_pools import MOST_UNITS
from data.store import seats
from data.store.answers import Answer
from data.store.change import Change
from data.store.errors import Missing
from data.store.reports import Said, report_all
from data.store.seats import Seats
from data.store.users import Who
from data.store.words import Role

from .ledger import Ledger, answer, ledger_of
from .placed import moment
from .placements import ERRORS
from .problems import FieldProblem, ProblemError, invalid

READS = (Role.ADVISOR, Role.SUPERVISOR, Role.FACILITY, Role.SYSTEM)
REPORTS = (Role.FACILITY, Role.ADVISOR, Role.SYSTEM)
"""Who may report: the facility, or an advisor who was told on the phone."""
BULK = ("pool_id", "number")
MOST_ROWS = 5000
Number = Annotated[int, Field(ge=0, le=MOST_UNITS)]


class SeatsBody(BaseModel):
    """How many are free or held for us; null: the same as last time."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    number: Number | None = Field(description="free seats, those held for us included; null: same as last time")


class SeatsTold(BaseModel):
    """A pool of seats as the ledger knows it. ``reported`` null: never reported; ``version``: its ETag."""

    model_config = ConfigDict(extra="forbid")

    pool_id: str
    facility_id: str
    reported: int | None
    reported_at: str | None
    simulated: bool
    claims: int
    free: int | None
    overpromised: int
    version: int


class BulkTold(BaseModel):
    """What a bulk report brought, in the order of its rows."""

    model_config = ConfigDict(extra="forbid")

    pools: list[SeatsTold]


router = APIRouter(prefix="/v1/openings", tags=["seats"])


@router.post(
    "/seats",
    operation_id="reportManySeats",
    summary="Report seats in bulk",
    responses=ERRORS,
    response_model=BulkTold,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "text/csv": {"schema": {"type": "string"}, "example": "pool_id,number\nseats/f1/outpatient/A/,3\n"}
            },
        }
    },
)
async def report_many(request: Request) -> Response:  # fmt: skip
    """Report the seats of many pools at once, as CSV: all of them or, where a row cannot be used, none."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, REPORTS)
    rows = _rows(await request.body())
    return await ledger.write(request, asker, partial(_report_all, said=rows, asker=asker))


@router.get(
    "/{opening_id:path}/seats",
    operation_id="readSeats",
    summary="What is free?",
    responses=ERRORS,
    response_model=SeatsTold,
)
async def read_seats(request: Request, opening_id: str) -> Response:  # fmt: skip
    """Tell what is reported, claimed and free of an opening's seats; the ETag is the version a report may name."""
    ledger = ledger_of(request)
    await ledger.asking(request, READS)
    found = await ledger.work(partial(_seats, ledger, f"seats/{opening_id}"))
    content = answer(200, told(found)).content
    return Response(content, headers={"ETag": f'"{found.version}"'}, media_type="application/json")


@router.put(
    "/{opening_id:path}/seats",
    operation_id="reportSeats",
    summary="Report seats",
    responses=ERRORS,
    response_model=SeatsTold,
)
async def report_seats(request: Request, opening_id: str, body: SeatsBody) -> Response:  # fmt: skip
    """Report how many seats there are, or that they are the same as last time; If-Match: only if nothing changed."""
    ledger = ledger_of(request)
    asker = await ledger.asking(request, REPORTS)
    version = _version(request.headers.get("if-match"))
    said = [Said(f"seats/{opening_id}", body.number, version)]
    return await ledger.write(request, asker, partial(_report, said=said, asker=asker))


def _report(change: Change, said: Sequence[Said], asker: Who) -> Answer:
    return answer(200, told(_reported(change, said, asker)[0]))


def _report_all(change: Change, said: Sequence[Said], asker: Who) -> Answer:
    return answer(200, {"pools": [told(pool) for pool in _reported(change, said, asker)]})


def _reported(change: Change, said: Sequence[Said], asker: Who) -> list[Seats]:
    """Report pools; a facility reports its own alone. Raises ``Missing`` where one is another's."""
    if asker.role is Role.FACILITY:
        for pool in seats.of(change.connection, [one.pool_id for one in said]):
            if pool.facility_id != asker.facility_id:
                raise Missing("pool", f"no pool {pool.pool_id}")
    return report_all(change, said)


def _rows(body: bytes) -> list[Said]:
    """Read a bulk report. Raises ``ProblemError`` naming the line of the file, the column and what is allowed."""
    try:
        table = csv.reader(io.StringIO(body.decode("utf-8-sig")), strict=True)
        lines = [(table.line_num, cells) for cells in table]
    except (UnicodeError, csv.Error):
        raise ProblemError(400, "no-csv", "the body is no CSV table in UTF-8") from None
    if not lines or tuple(lines[0][1]) != BULK or len(lines) - 1 > MOST_ROWS:
        raise ProblemError(422, "invalid", f"allowed: the columns {','.join(BULK)}, and up to {MOST_ROWS} rows")
    return [_row(at, cells) for at, cells in lines[1:]]


def _row(at: int, cells: Sequence[str]) -> Said:
    if len(cells) != len(BULK):
        raise invalid([FieldProblem(field=f"row {at}", problem=f"{len(cells)} cells", allowed="2 cells")])
    text = cells[1].strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= MOST_UNITS):
        raise invalid([FieldProblem(field=f"row {at}.number", problem="no number", allowed=f"0 to {MOST_UNITS}")])
    return Said(cells[0].strip(), int(text), line=at)


def _version(text: str | None) -> int | None:
    if text is None or text.strip() == "*":
        return None
    number = text.strip().strip('"')
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise ProblemError(412, "changed", "If-Match is no version of these seats")
    return int(number)


def _seats(ledger: Ledger, pool_id: str) -> Seats:
    with ledger.store.database.read() as connection:
        return seats.seats(connection, pool_id)


def told(pool: Seats) -> dict[str, Any]:
    """Return a pool as the API tells it."""
    same = ("pool_id", "facility_id", "reported", "claims", "free", "version")
    return {name: getattr(pool, name) for name in same} | {
        "reported_at": None if pool.reported_at is None else moment(pool.reported_at),
        "simulated": pool.simulated == 1,
        "overpromised": max(0, pool.claims - (pool.reported or 0)),
    }
