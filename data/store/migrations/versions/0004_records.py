"""Chains of events, users and tokens, answers kept for repeated requests."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT, NUMBER, BYTES = sa.Text(), sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "answers",
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("request", BYTES, nullable=False),
        sa.Column("status", NUMBER, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name="pk_answers"),
    )
    op.create_index("ix_answers_at", "answers", ["at"], unique=False)
    op.create_table(
        "chains",
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("hash", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("chain", name="pk_chains"),
    )
    op.create_table(
        "events",
        sa.Column("chain", TEXT, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("body", TEXT, nullable=False),
        sa.Column("hash", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("chain", "seq", name="pk_events"),
    )
    op.create_index("ix_events_subject", "events", ["subject"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("facility_id", TEXT, nullable=True),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("mark", name="pk_tokens"),
        sa.CheckConstraint("role in ('advisor', 'facility', 'supervisor', 'system')", name=op.f("ck_tokens_role")),
    )
    op.create_index("ix_tokens_owner", "tokens", ["owner"], unique=False)
    op.create_table(
        "users",
        sa.Column("user_id", TEXT, nullable=False),
        sa.Column("login", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("facility_id", TEXT, nullable=True),
        sa.Column("password", TEXT, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_users"),
        sa.CheckConstraint("role in ('advisor', 'facility', 'supervisor', 'system')", name=op.f("ck_users_role")),
        sa.UniqueConstraint("login", name="uq_users_login"),
    )
