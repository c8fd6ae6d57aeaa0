"""Places from which a login was signed in, each with the mark of its login."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Take the step."""
    op.add_column("attempts", sa.Column("login", sa.LargeBinary(), nullable=True))
    op.create_index("ix_attempts_login", "attempts", ["login"])
