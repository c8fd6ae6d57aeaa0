"""What was promised to whom: placements and what they claim, the waitlist, and what has to be done by when."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from ..words import ACTIVE, PlacementState, TaskKind, WaitState
from .base import key, metadata, number, one_of, ref, sealed, word


def only_one(name: str, *columns: str) -> Index:
    """Return the index by which no two active placements share these columns, in either database."""
    return Index(name, *columns, unique=True, sqlite_where=text(ACTIVE), postgresql_where=text(ACTIVE))


given = Table("given", metadata, key("given_id"), sealed(), word("rules"), word("release"), number("made_at"))

placements = Table(
    "placements",
    metadata,
    key("placement_id"),
    ref("referrals.referral_id"),
    ref("callers.caller_id"),
    ref("given.given_id"),
    word("facility_id"),
    word("opening_id"),
    word("state"),
    sealed("decision"),
    word("code", nullable=True),
    word("reason", nullable=True),
    ref("waitlist.entry_id", nullable=True),
    word("made_by"),
    number("made_at"),
    number("changed_at"),
    number("expires_at", nullable=True),
    number("extended"),
    number("version"),
    one_of("state", PlacementState),
    CheckConstraint("(state in ('offered', 'held')) = (expires_at is not null)", name="expires"),
    only_one("ux_placements_active", "referral_id"),
    only_one("ux_placements_code", "facility_id", "code"),
    Index(None, "caller_id"),
    Index(None, "facility_id", "state"),
    Index(None, "expires_at"),
)

claims = Table(
    "claims",
    metadata,
    Column("placement_id", Text, ForeignKey("placements.placement_id"), primary_key=True),
    Column("pool_id", Text, ForeignKey("pools.pool_id"), primary_key=True),
    number("draws"),
    number("ended_at", nullable=True),
    CheckConstraint("draws > 0", name="draws"),
    Index(None, "pool_id"),
)

overrides = Table(
    "overrides",
    metadata,
    Column("placement_id", Text, ForeignKey("placements.placement_id"), primary_key=True),
    Column("rule", Text, primary_key=True),
    sealed("reason"),
    word("by"),
    word("second", nullable=True),
    number("at"),
)

waitlist = Table(
    "waitlist",
    metadata,
    key("entry_id"),
    ref("referrals.referral_id"),
    ref("callers.caller_id"),
    ref("given.given_id"),
    word("facility_id"),
    word("opening_id"),
    number("tier"),
    number("since"),
    number("missed"),
    sealed("decision"),
    word("state"),
    number("changed_at"),
    one_of("state", WaitState),
    Index(None, "opening_id", "state", "tier", "since"),
    Index(None, "caller_id"),
)

waits = Table(
    "waits",
    metadata,
    Column("entry_id", Text, ForeignKey("waitlist.entry_id"), primary_key=True),
    Column("pool_id", Text, ForeignKey("pools.pool_id"), primary_key=True),
    number("draws"),
    CheckConstraint("draws > 0", name="draws"),
    Index(None, "pool_id"),
)
exclusions = Table(
    "exclusions",
    metadata,
    Column("caller_id", Text, ForeignKey("callers.caller_id"), primary_key=True),
    Column("facility_id", Text, primary_key=True),
    word("reason"),
    number("since"),
)
tasks = Table(
    "tasks",
    metadata,
    key("task_id"),
    word("kind"),
    word("subject"),
    word("facility_id", nullable=True),
    number("due_at"),
    number("made_at"),
    number("done_at", nullable=True),
    word("done_by", nullable=True),
    word("outcome", nullable=True),
    one_of("kind", TaskKind),
    Index(None, "done_at", "due_at"),
    Index(None, "subject"),
)
