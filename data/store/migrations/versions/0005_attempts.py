"""Attempts to sign in that failed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT, NUMBER, BYTES = sa.Text(), sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "attempts",
        sa.Column("mark", BYTES, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("failures", NUMBER, nullable=False),
        sa.Column("last_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_attempts"),
    )
