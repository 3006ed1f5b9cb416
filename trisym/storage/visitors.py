"""Who may change what, without accounts: a browser's signed token, and the key of the operator.

The operator is whoever runs the server. Tokens are signed (HMAC-SHA256, by itsdangerous) with a
secret that lies in the library, or in $TRISYM_SECRET where several servers share their visitors.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import time
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from filelock import FileLock
from itsdangerous import BadSignature, Signer

from trisym.errors import ConfigError, TrisymError
from trisym.storage.files import write_atomically
from trisym.storage.home import home

SECRET = "TRISYM_SECRET"
KEY = "TRISYM_ADMIN"
FILE = "server.secret"
SHORTEST = 8  # characters of a key or secret that somebody chose
TRIES, TRIES_S = 10, 60.0  # wrong keys that are looked at in a minute

log = logging.getLogger(__name__)
_wrong: deque[float] = deque(maxlen=TRIES)  # when the last wrong keys came


@dataclass(frozen=True)
class Visitor:
    """A browser, by its id; or the operator, who may change everything."""

    id: str
    operator: bool = False

    def may_change(self, owner: str) -> bool:
        """Say whether what this owner made is this visitor's to change."""
        return self.operator or (self.id != "" and self.id == owner)

    def check(self, owner: str, what: str = "This run") -> None:
        """Raise TrisymError unless what this owner made is this visitor's to change."""
        if not self.may_change(owner):
            raise TrisymError(
                f"{what} belongs to another browser: you may watch it, copy it and compare it."
            )


OPERATOR = Visitor("", operator=True)  # at the command line, in a script, in a test


def new_id() -> str:
    """Return an id for a browser that has none."""
    return secrets.token_hex(8)


def token(visitor_id: str) -> str:
    """Return what a browser keeps to show later who it is."""
    return _signer("visitor").sign(visitor_id).decode()


def read_token(text: str) -> str | None:
    """Return the id in a token of this server, or None for any other text."""
    return _unsigned("visitor", text)


def pass_for(visitor_id: str) -> str:
    """Return what the operator's browser keeps; it is worth nothing once the key has changed."""
    return _signer(f"operator {operator_key()}").sign(visitor_id).decode()


def is_pass(text: str, visitor_id: str) -> bool:
    """Say whether a text is the operator's pass of this browser."""
    return _unsigned(f"operator {operator_key()}", text) == visitor_id


def _signer(salt: str) -> Signer:
    return Signer(_secret(), salt=salt, digest_method=hashlib.sha256)


def _unsigned(salt: str, text: str) -> str | None:
    signer = _signer(salt)
    try:
        value = signer.unsign(text.encode())
        # Base64 leaves bits of its last letter unused: only the one text that was given out counts.
        return value.decode() if signer.sign(value) == text.encode() else None
    except (BadSignature, UnicodeError):
        return None


def mark() -> str:
    """Return eight characters that tell this server's cookies from those of its neighbours."""
    return hmac.new(_secret(), b"mark", hashlib.sha256).hexdigest()[:8]


def operator_key() -> str:
    """Return the key of the operator: $TRISYM_ADMIN, else one that stays with the library.

    Raises ConfigError when the chosen one is so short that it could be guessed.
    """
    return _chosen(KEY) or hmac.new(_secret(), b"operator", hashlib.sha256).hexdigest()[:16]


def is_key(text: str) -> bool:
    """Say whether a text is the operator's key; TrisymError after too many wrong ones."""
    now = time.monotonic()
    if len(_wrong) == TRIES and now - _wrong[0] < TRIES_S:
        raise TrisymError("Too many wrong keys: wait a minute and try again.")
    right = hmac.compare_digest(text.strip().encode(), operator_key().encode())
    if not right:
        _wrong.append(now)
    return right


def _chosen(name: str) -> str | None:
    text = os.environ.get(name, "").strip()
    if text and len(text) < SHORTEST:
        raise ConfigError(f"{name} must have at least {SHORTEST} characters.")
    return text or None


def _secret() -> bytes:
    chosen = _chosen(SECRET)
    return chosen.encode() if chosen else _kept_secret(home())


@lru_cache(maxsize=8)
def _kept_secret(folder: Path) -> bytes:
    """Return the library's secret, made when it is first asked for."""
    file = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{FILE}.lock"):
            if not file.exists():
                write_atomically(file, secrets.token_hex(32).encode(), mode=0o600)
            return file.read_bytes()
    except (OSError, TrisymError) as error:
        log.warning("Visitors are forgotten when this server ends: %s", error)
        return secrets.token_bytes(32)
