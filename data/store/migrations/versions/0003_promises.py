"""Placements and their claims, the waitlist, and tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXT, NUMBER, BYTES = sa.Text(), sa.BigInteger(), sa.LargeBinary()
ACTIVE = sa.text("state in ('offered', 'held', 'confirmed')")


def one_of(column: str, words: tuple[str, ...], name: str) -> sa.CheckConstraint:
    """Return the constraint that a column holds one of these words."""
    return sa.CheckConstraint(f"{column} in ({', '.join(repr(word) for word in words)})", name=op.f(name))


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "given",
        sa.Column("given_id", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("rules", TEXT, nullable=False),
        sa.Column("release", TEXT, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("given_id", name="pk_given"),
    )
    op.create_table(
        "tasks",
        sa.Column("task_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("facility_id", TEXT, nullable=True),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("done_at", NUMBER, nullable=True),
        sa.Column("done_by", TEXT, nullable=True),
        sa.Column("outcome", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("task_id", name="pk_tasks"),
        one_of(
            "kind",
            (
                "follow-up-24-hours",
                "follow-up-72-hours",
                "follow-up-30-days",
                "interim-services-48-hours",
                "admission-14-days",
                "admission-120-days",
                "overpromised",
                "moved",
            ),
            "ck_tasks_kind",
        ),
    )
    op.create_index("ix_tasks_done_at_due_at", "tasks", ["done_at", "due_at"], unique=False)
    op.create_index("ix_tasks_subject", "tasks", ["subject"], unique=False)
    op.create_table(
        "exclusions",
        sa.Column(
            "caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_exclusions_caller_id"), nullable=False
        ),
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("caller_id", "facility_id", name="pk_exclusions"),
    )
    op.create_table(
        "waitlist",
        sa.Column("entry_id", TEXT, nullable=False),
        sa.Column(
            "referral_id", TEXT, sa.ForeignKey("referrals.referral_id", name="fk_waitlist_referral_id"), nullable=False
        ),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_waitlist_caller_id"), nullable=False),
        sa.Column("given_id", TEXT, sa.ForeignKey("given.given_id", name="fk_waitlist_given_id"), nullable=False),
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("opening_id", TEXT, nullable=False),
        sa.Column("tier", NUMBER, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("missed", NUMBER, nullable=False),
        sa.Column("decision", BYTES, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_waitlist"),
        sa.CheckConstraint("state in ('waiting', 'offered', 'placed', 'left')", name=op.f("ck_waitlist_state")),
    )
    op.create_index("ix_waitlist_caller_id", "waitlist", ["caller_id"], unique=False)
    op.create_index(
        "ix_waitlist_opening_id_state_tier_since", "waitlist", ["opening_id", "state", "tier", "since"], unique=False
    )
    op.create_table(
        "placements",
        sa.Column("placement_id", TEXT, nullable=False),
        sa.Column(
            "referral_id",
            TEXT,
            sa.ForeignKey("referrals.referral_id", name="fk_placements_referral_id"),
            nullable=False,
        ),
        sa.Column(
            "caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_placements_caller_id"), nullable=False
        ),
        sa.Column("given_id", TEXT, sa.ForeignKey("given.given_id", name="fk_placements_given_id"), nullable=False),
        sa.Column("facility_id", TEXT, nullable=False),
        sa.Column("opening_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("decision", BYTES, nullable=False),
        sa.Column("code", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=True),
        sa.Column("entry_id", TEXT, sa.ForeignKey("waitlist.entry_id", name="fk_placements_entry_id"), nullable=True),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=True),
        sa.Column("extended", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("placement_id", name="pk_placements"),
        sa.CheckConstraint(
            "(state in ('offered', 'held')) = (expires_at is not null)", name=op.f("ck_placements_expires")
        ),
        one_of(
            "state",
            ("offered", "held", "confirmed", "admitted", "declined", "expired", "no-show", "released"),
            "ck_placements_state",
        ),
    )
    op.create_index("ix_placements_caller_id", "placements", ["caller_id"], unique=False)
    op.create_index("ix_placements_expires_at", "placements", ["expires_at"], unique=False)
    op.create_index("ix_placements_facility_id_state", "placements", ["facility_id", "state"], unique=False)
    op.create_index(
        "ux_placements_active", "placements", ["referral_id"], unique=True, sqlite_where=ACTIVE, postgresql_where=ACTIVE
    )
    op.create_index(
        "ux_placements_code",
        "placements",
        ["facility_id", "code"],
        unique=True,
        sqlite_where=ACTIVE,
        postgresql_where=ACTIVE,
    )
    op.create_table(
        "waits",
        sa.Column("entry_id", TEXT, sa.ForeignKey("waitlist.entry_id", name="fk_waits_entry_id"), nullable=False),
        sa.Column("pool_id", TEXT, sa.ForeignKey("pools.pool_id", name="fk_waits_pool_id"), nullable=False),
        sa.Column("draws", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "pool_id", name="pk_waits"),
        sa.CheckConstraint("draws > 0", name=op.f("ck_waits_draws")),
    )
    op.create_index("ix_waits_pool_id", "waits", ["pool_id"], unique=False)
    op.create_table(
        "claims",
        sa.Column(
            "placement_id",
            TEXT,
            sa.ForeignKey("placements.placement_id", name="fk_claims_placement_id"),
            nullable=False,
        ),
        sa.Column("pool_id", TEXT, sa.ForeignKey("pools.pool_id", name="fk_claims_pool_id"), nullable=False),
        sa.Column("draws", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("placement_id", "pool_id", name="pk_claims"),
        sa.CheckConstraint("draws > 0", name=op.f("ck_claims_draws")),
    )
    op.create_index("ix_claims_pool_id", "claims", ["pool_id"], unique=False)
    op.create_table(
        "overrides",
        sa.Column(
            "placement_id",
            TEXT,
            sa.ForeignKey("placements.placement_id", name="fk_overrides_placement_id"),
            nullable=False,
        ),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("reason", BYTES, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("second", TEXT, nullable=True),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("placement_id", "rule", name="pk_overrides"),
    )
    op.create_table(
        "reassignments",
        sa.Column("reassignment_id", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("asked_by", TEXT, nullable=False),
        sa.Column("asked_at", NUMBER, nullable=False),
        sa.Column("weight", NUMBER, nullable=True),
        sa.Column("most", NUMBER, nullable=True),
        sa.Column("touched", TEXT, nullable=False),
        sa.Column("given_id", TEXT, sa.ForeignKey("given.given_id", name="fk_reassignments_given_id"), nullable=True),
        sa.Column("told", TEXT, nullable=True),
        sa.Column("code", TEXT, nullable=True),
        sa.Column("chosen_by", TEXT, nullable=True),
        sa.Column("tried", NUMBER, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("reassignment_id", name="pk_reassignments"),
        one_of("state", ("asked", "proposed", "applying", "applied", "failed"), "ck_reassignments_state"),
    )
    op.create_index("ix_reassignments_state", "reassignments", ["state"], unique=False)
    op.create_table(
        "moves",
        sa.Column(
            "reassignment_id",
            TEXT,
            sa.ForeignKey("reassignments.reassignment_id", name="fk_moves_reassignment_id"),
            nullable=False,
        ),
        sa.Column(
            "referral_id", TEXT, sa.ForeignKey("referrals.referral_id", name="fk_moves_referral_id"), nullable=False
        ),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_moves_caller_id"), nullable=False),
        sa.Column(
            "placement_id", TEXT, sa.ForeignKey("placements.placement_id", name="fk_moves_placement_id"), nullable=True
        ),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("before", TEXT, nullable=False),
        sa.Column("after", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("pool_id", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=True),
        sa.Column("became", TEXT, sa.ForeignKey("placements.placement_id", name="fk_moves_became"), nullable=True),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("reassignment_id", "referral_id", name="pk_moves"),
        one_of("state", ("stays", "waits", "proposed", "chosen", "applied", "refused"), "ck_moves_state"),
    )
    op.create_index("ix_moves_reassignment_id_state", "moves", ["reassignment_id", "state"], unique=False)
