"""A task for whoever waits for an opening that is gone."""

from alembic import op

revision = "0010"
down_revision = "0009"

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
    "opening-gone",
)


def upgrade() -> None:
    """Take the step."""
    if op.get_bind().dialect.name == "postgresql":  # SQLite makes the table anew, without the constraint it had
        op.drop_constraint(op.f("ck_tasks_kind"), "tasks", type_="check")
    with op.batch_alter_table("tasks") as tasks:
        listed = ", ".join(f"'{kind}'" for kind in KINDS)
        tasks.create_check_constraint(op.f("ck_tasks_kind"), f"kind in ({listed})")
