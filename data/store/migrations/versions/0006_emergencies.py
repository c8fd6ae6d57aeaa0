"""Medical emergencies in which something was told without consent."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT, BYTES = sa.Text(), sa.LargeBinary()


def upgrade() -> None:
    """Take the step."""
    disclosure = sa.ForeignKey("disclosures.disclosure_id", name="fk_emergencies_disclosure_id")
    op.create_table(
        "emergencies",
        sa.Column("disclosure_id", TEXT, disclosure, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("disclosure_id", name="pk_emergencies"),
    )
