"""What a program has in all, whether block-grant funds pay for it, since when it is nearly full, and the task of it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

KINDS = (
    "follow-up-24-hours",
    "follow-up-72-hours",
    "follow-up-30-days",
    "interim-services-48-hours",
    "admission-14-days",
    "admission-120-days",
    "overpromised",
    "moved",
    "capacity-notice-7-days",
)


def upgrade() -> None:
    """Take the step."""
    op.add_column("facilities", sa.Column("block_grant", sa.Text(), nullable=False, server_default=""))
    op.add_column("openings", sa.Column("capacity", sa.Text(), nullable=False, server_default=""))
    op.add_column("programs", sa.Column("nearly_full_since", sa.BigInteger(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":  # SQLite makes the table anew, without the constraint it had
        op.drop_constraint(op.f("ck_tasks_kind"), "tasks", type_="check")
    with op.batch_alter_table("tasks") as tasks:
        listed = ", ".join(f"'{kind}'" for kind in KINDS)
        tasks.create_check_constraint(op.f("ck_tasks_kind"), f"kind in ({listed})")
