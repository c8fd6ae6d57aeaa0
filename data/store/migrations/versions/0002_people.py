"""Callers, who they are, contacts, consents, disclosures, stated reasons, referrals."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT, NUMBER, BYTES = sa.Text(), sa.BigInteger(), sa.LargeBinary()


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "caller_keys",
        sa.Column("caller_id", TEXT, nullable=False),
        sa.Column("wrapped", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("caller_id", name="pk_caller_keys"),
    )
    op.create_table(
        "callers",
        sa.Column("caller_id", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("erased_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("caller_id", name="pk_callers"),
    )
    op.create_table(
        "identities",
        sa.Column("caller_id", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("changed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("caller_id", name="pk_identities"),
    )
    op.create_table(
        "identity_marks",
        sa.Column("caller_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("mark", BYTES, nullable=False),
        sa.PrimaryKeyConstraint("caller_id", "kind", "mark", name="pk_identity_marks"),
    )
    op.create_index("ix_identity_marks_kind_mark", "identity_marks", ["kind", "mark"], unique=False)
    op.create_table(
        "consents",
        sa.Column("consent_id", TEXT, nullable=False),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_consents_caller_id"), nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("given_at", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("revoked_at", NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("consent_id", name="pk_consents"),
    )
    op.create_index("ix_consents_caller_id", "consents", ["caller_id"], unique=False)
    op.create_index("ix_consents_recipient", "consents", ["recipient"], unique=False)
    op.create_table(
        "contacts",
        sa.Column("contact_id", TEXT, nullable=False),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_contacts_caller_id"), nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contacts"),
    )
    op.create_table(
        "referrals",
        sa.Column("referral_id", TEXT, nullable=False),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_referrals_caller_id"), nullable=False),
        sa.Column("step", NUMBER, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("referral_id", name="pk_referrals"),
        sa.UniqueConstraint("caller_id", "step", name="uq_referrals_caller_id_step"),
    )
    op.create_table(
        "disclosures",
        sa.Column("disclosure_id", TEXT, nullable=False),
        sa.Column(
            "caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_disclosures_caller_id"), nullable=False
        ),
        sa.Column(
            "consent_id", TEXT, sa.ForeignKey("consents.consent_id", name="fk_disclosures_consent_id"), nullable=True
        ),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("purpose", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("disclosure_id", name="pk_disclosures"),
    )
    op.create_index("ix_disclosures_caller_id", "disclosures", ["caller_id"], unique=False)
    op.create_table(
        "accesses",
        sa.Column("access_id", TEXT, nullable=False),
        sa.Column("caller_id", TEXT, sa.ForeignKey("callers.caller_id", name="fk_accesses_caller_id"), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("content", BYTES, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("access_id", name="pk_accesses"),
    )
    op.create_index("ix_accesses_caller_id", "accesses", ["caller_id"], unique=False)
