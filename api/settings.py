"""What an installation sets, from the environment: ``MATCHER_`` in front of the name in capitals."""

from functools import cache
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.findings import InputError

if TYPE_CHECKING:
    from data.store.database import Database
    from data.store.keys import Keys


class Settings(BaseSettings):
    """The settings of a server. A secret is a ``SecretStr``, so that it is never printed."""

    model_config = SettingsConfigDict(env_prefix="MATCHER_", frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        default="sqlite:///ledger.db", description="the ledger: sqlite:///FILE or postgresql://..."
    )
    secret: SecretStr = Field(default=SecretStr(""), description="32 bytes in base64; every key is derived from it")
    trusted_proxies: str = Field(
        default="", description="addresses and networks, by comma, of own proxies whose X-Forwarded-For is believed"
    )
    body_bytes: int = Field(default=1_000_000, gt=0, description="largest body of a request")
    json_depth: int = Field(default=32, gt=0, description="arrays and objects within each other in a body")
    rate: float = Field(default=100.0, ge=0, description="requests a second of one client in the long run; 0: no limit")
    burst: int = Field(default=200, gt=0, description="requests of one client at once")
    renew_seconds: float = Field(
        default=0.5, gt=0, description="how often it is asked whether the directory is current"
    )
    heads: Path | None = Field(default=None, description="file outside the ledger for the signed heads of its chains")

    @field_validator("trusted_proxies")
    @classmethod
    def _expect_networks(cls, text: str) -> str:
        """Refuse what is no address: whoever is believed by mistake says they are somebody else at every attempt."""
        for part in filter(None, (part.strip() for part in text.split(","))):
            try:
                ip_network(part)
            except ValueError:
                raise ValueError(f"{part} is no network; allowed: as 10.0.0.7, 10.0.0.0/8 or fd00::/8") from None
        return text


def keys(found: Settings) -> "Keys":
    """Return the keys of the ledger that these settings name. Raises ``InputError`` without a secret of 32 bytes."""
    from data.store.keys import Keys

    secret = found.secret.get_secret_value()
    if not secret:
        raise InputError(
            "MATCHER_SECRET is not set; it holds the ledger's secret, and `matcher store secret` makes one"
        )
    try:
        return Keys.of(secret)
    except ValueError as error:
        raise InputError(f"MATCHER_SECRET cannot be used: {error}") from error


def expect_own(database: "Database", found: "Keys") -> None:
    """Refuse the keys of another ledger. Raises ``InputError``."""
    from data.store.secret import is_of

    if not is_of(database, found):
        raise InputError("MATCHER_SECRET is not the secret of this ledger; allowed: the one it was first used with")


def read() -> Settings:
    """Read the settings. Raises ``InputError`` with all that cannot be used, none of it repeated where it is secret."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"MATCHER_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        raise InputError("; ".join(wrong)) from None


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return read()
