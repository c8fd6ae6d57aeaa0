"""What the tables are made of: keys, references, words, numbers, and sealed content."""

from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, LargeBinary, MetaData, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str) -> Column[str]:
    """The primary key: an opaque id."""
    return Column(name, Text, primary_key=True)


def ref(target: str, nullable: bool = False) -> Column[str]:
    """A reference to ``table.column``, by the column's own name."""
    return Column(target.partition(".")[2], Text, ForeignKey(target), nullable=nullable)


def word(name: str, nullable: bool = False) -> Column[str]:
    """An id, a code, or text that tells nothing of a caller."""
    return Column(name, Text, nullable=nullable)


def number(name: str, nullable: bool = False) -> Column[int]:
    """A whole number; of moments, seconds since 1970 in UTC."""
    return Column(name, BigInteger, nullable=nullable)


def sealed(name: str = "content", nullable: bool = False) -> Column[bytes]:
    """Encrypted content, or a hash."""
    return Column(name, LargeBinary, nullable=nullable)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Return the constraint that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", name=column)
