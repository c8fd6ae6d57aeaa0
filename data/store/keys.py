"""A key of each caller's own, wrapped by the key of the settings: without it nothing that tells of them can be read.

Content is sealed by AES-256-GCM, bound to what it is and whose: a sealed name moved to another caller, or to another
column, does not open. Erasing a caller's key erases what was sealed by it, in every copy. Marks are HMAC-SHA-256 by a
third key: the same phone number gives the same mark, and a mark tells nothing without the key.
"""

import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SIZE = 32
"""Bytes of every key."""
NONCE = 12


class Unreadable(Exception):  # noqa: N818
    """Sealed content that this key does not open: it was changed, moved, or sealed by another."""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The keys a running ledger needs, all derived from the one secret in its settings."""

    _secret: str
    _wrap: AESGCM
    _blind: bytes
    signing: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: str) -> "Keys":
        """Derive the keys from 32 secret bytes in base64. Raises ``ValueError`` when they are not."""
        try:
            raw = b64decode(secret, validate=True)
        except (Error, ValueError):
            raw = b""
        if len(raw) != SIZE:
            raise ValueError(f"the ledger's secret must be {SIZE} bytes in base64; `matcher store secret` makes one")
        wrap, blind, sign = (_derived(raw, name) for name in ("wrap", "blind", "sign"))
        return cls(secret, AESGCM(wrap), blind, Ed25519PrivateKey.from_private_bytes(sign))

    def __reduce__(self) -> tuple[Any, ...]:
        """Tell how a process made by this one derives the same keys."""
        return Keys.of, (self._secret,)

    def fresh(self, caller_id: str) -> tuple[bytes, "Seal"]:
        """Make a new caller's key: wrapped, to be kept, and ready for use."""
        key = AESGCM.generate_key(SIZE * 8)
        return _sealed(self._wrap, key, f"key:{caller_id}"), Seal(AESGCM(key), caller_id)

    def unwrap(self, caller_id: str, wrapped: bytes) -> "Seal":
        """Return a caller's key. Raises ``Unreadable``."""
        return Seal(AESGCM(_opened(self._wrap, wrapped, f"key:{caller_id}")), caller_id)

    def seal(self, content: bytes, what: str) -> bytes:
        """Seal content of the ledger's own, as an answer that tells of no caller."""
        return _sealed(self._wrap, content, f"own:{what}")

    def unseal(self, content: bytes, what: str) -> bytes:
        """Open it. Raises ``Unreadable``."""
        return _opened(self._wrap, content, f"own:{what}")

    def mark(self, kind: str, value: str) -> bytes:
        """Return what stands for a value in a blind index: the same for equal values of one kind."""
        return hmac.new(self._blind, f"{kind}:{value}".encode(), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True, repr=False)
class Seal:
    """One caller's key."""

    _key: AESGCM
    caller_id: str

    def close(self, content: bytes, what: str) -> bytes:
        """Seal content; ``what`` names table, column and row, and must be said again to open it."""
        return _sealed(self._key, content, f"{self.caller_id}:{what}")

    def open(self, content: bytes, what: str) -> bytes:
        """Open sealed content. Raises ``Unreadable``."""
        return _opened(self._key, content, f"{self.caller_id}:{what}")


def fresh_secret() -> str:
    """Return a new secret by chance, in base64."""
    return b64encode(os.urandom(SIZE)).decode()


def _derived(secret: bytes, name: str) -> bytes:
    return HKDF(SHA256(), SIZE, None, f"placement-matcher:{name}".encode()).derive(secret)


def _sealed(key: AESGCM, content: bytes, bound: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + key.encrypt(nonce, content, bound.encode())


def _opened(key: AESGCM, content: bytes, bound: str) -> bytes:
    try:
        return key.decrypt(content[:NONCE], content[NONCE:], bound.encode())
    except (InvalidTag, ValueError):
        raise Unreadable(f"content of {bound.partition(':')[2]} cannot be opened") from None
