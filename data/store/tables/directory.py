"""The directory: facilities, their programs and openings, the pools these draw on, and who reported them."""

from sqlalchemy import CheckConstraint, Index, Table, UniqueConstraint

from ...columns import FACILITIES, OPENINGS
from .base import key, metadata, number, ref, word

COUNTED = ("child_places", "seats", "reported_at", "simulated")
"""Columns of openings that are numbers of pools, and kept there."""

meta = Table("meta", metadata, key("name"), word("value"))

facilities = Table(
    "facilities", metadata, key("facility_id"), *(word(name) for name in FACILITIES if name != "facility_id")
)

programs = Table(
    "programs",
    metadata,
    key("program_id"),
    ref("facilities.facility_id"),
    word("level"),
    number("nearly_full_since", nullable=True),
    UniqueConstraint("facility_id", "level"),
)

openings = Table(
    "openings",
    metadata,
    key("opening_id"),
    ref("programs.program_id"),
    *(word(name) for name in OPENINGS if name not in ("opening_id", *COUNTED)),
    Index(None, "facility_id"),
)

pools = Table(
    "pools",
    metadata,
    key("pool_id"),
    ref("facilities.facility_id"),
    word("opening_id", nullable=True),
    word("kind"),
    number("reported", nullable=True),
    number("reported_at", nullable=True),
    number("simulated"),
    number("claims"),
    number("version"),
    number("changed_at"),
    CheckConstraint("reported >= 0", name="reported"),
    CheckConstraint("claims >= 0", name="claims"),
    Index(None, "changed_at"),
    Index(None, "facility_id"),
)

seat_reports = Table(
    "seat_reports",
    metadata,
    key("report_id"),
    ref("pools.pool_id"),
    number("number"),
    number("at"),
    word("by"),
    word("kind"),
    Index(None, "pool_id", "at"),
)
