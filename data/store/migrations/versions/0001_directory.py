"""The directory: facilities, programs, openings, pools and their reports."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT, NUMBER = sa.Text(), sa.BigInteger()


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "facilities",
        sa.Column("facility_id", TEXT, nullable=False),
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in (
                "name",
                "street",
                "city",
                "state",
                "zip",
                "latitude",
                "longitude",
                "located_by",
                "phone",
                "accepting",
                "otp",
                "payers",
                "medicaid_states",
                "plans",
                "medications",
                "elsewhere",
                "van_range",
                "ages",
                "genders",
                "only",
                "refused",
                "programs",
                "languages",
                "accessibility",
                "services",
                "co_occurring",
                "telehealth",
                "takes_children",
                "assistance",
                "outside_therapist",
                "codes",
                "note",
            )
        ),
        sa.PrimaryKeyConstraint("facility_id", name="pk_facilities"),
    )
    op.create_table(
        "meta",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )
    op.create_table(
        "pools",
        sa.Column("pool_id", TEXT, nullable=False),
        sa.Column(
            "facility_id", TEXT, sa.ForeignKey("facilities.facility_id", name="fk_pools_facility_id"), nullable=False
        ),
        sa.Column("opening_id", TEXT, nullable=True),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("reported", NUMBER, nullable=True),
        sa.Column("reported_at", NUMBER, nullable=True),
        sa.Column("simulated", NUMBER, nullable=False),
        sa.Column("claims", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("pool_id", name="pk_pools"),
        sa.CheckConstraint("claims >= 0", name=op.f("ck_pools_claims")),
        sa.CheckConstraint("reported >= 0", name=op.f("ck_pools_reported")),
    )
    op.create_index("ix_pools_changed_at", "pools", ["changed_at"], unique=False)
    op.create_index("ix_pools_facility_id", "pools", ["facility_id"], unique=False)
    op.create_table(
        "programs",
        sa.Column("program_id", TEXT, nullable=False),
        sa.Column(
            "facility_id", TEXT, sa.ForeignKey("facilities.facility_id", name="fk_programs_facility_id"), nullable=False
        ),
        sa.Column("level", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("program_id", name="pk_programs"),
        sa.UniqueConstraint("facility_id", "level", name="uq_programs_facility_id_level"),
    )
    op.create_table(
        "openings",
        sa.Column("opening_id", TEXT, nullable=False),
        sa.Column(
            "program_id", TEXT, sa.ForeignKey("programs.program_id", name="fk_openings_program_id"), nullable=False
        ),
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in (
                "facility_id",
                "level",
                "unit",
                "start_date",
                "visits",
                "weeks",
                "sessions",
                "van_id",
                "ages",
                "genders",
                "telehealth",
            )
        ),
        sa.PrimaryKeyConstraint("opening_id", name="pk_openings"),
    )
    op.create_index("ix_openings_facility_id", "openings", ["facility_id"], unique=False)
    op.create_table(
        "seat_reports",
        sa.Column("report_id", TEXT, nullable=False),
        sa.Column("pool_id", TEXT, sa.ForeignKey("pools.pool_id", name="fk_seat_reports_pool_id"), nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("report_id", name="pk_seat_reports"),
    )
    op.create_index("ix_seat_reports_pool_id_at", "seat_reports", ["pool_id", "at"], unique=False)
