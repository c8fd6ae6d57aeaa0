"""Answers that tell of a caller are sealed under the caller's key, with what was asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Take the step; what was kept before is emptied, since it may tell of somebody erased: its keys stay used."""
    op.add_column("answers", sa.Column("caller_id", sa.Text(), nullable=True))
    op.drop_column("answers", "request")
    op.execute(sa.text("update answers set content = :nothing").bindparams(nothing=b""))
