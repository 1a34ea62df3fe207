"""Who may use the workbench: whoever opened its one-time address, or said its password; told again by a cookie."""

from __future__ import annotations

import hmac
import os
import secrets
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import CaseError

#: The shortest password, and the longest file that holds one.
LEAST_LETTERS, MOST_BYTES = 12, 1_000
#: Addresses that wait to be opened, and browsers that are known, at most; seconds that an address waits, and between passwords.
MOST, WAITING, PAUSE = 50, 3_600.0, 1.0


@dataclass
class Sessions:
    """Tokens that wait to be used once, and cookies that were given for them.

    password  asked for where the workbench is open to other machines; '' where it is not
    """

    port: int
    password: str = ""
    _waiting: dict[str, float] = field(default_factory=dict)
    _known: list[str] = field(default_factory=list)
    _asked: float = -PAUSE

    @property
    def cookie(self) -> str:
        """Name of the cookie: cookies of one host are sent to all its ports."""
        return f"parkzero_{self.port}"

    def token(self) -> str:
        """A new token, good for one browser within an hour."""
        now = time.monotonic()
        self._waiting = {token: until for token, until in list(self._waiting.items())[-MOST:] if until > now}
        token = secrets.token_urlsafe(32)
        self._waiting[token] = now + WAITING
        return token

    def enter(self, token: str) -> str | None:
        """The value of the cookie for a token that nobody used before; else None."""
        until = self._waiting.pop(token, None)
        return self._begun() if until is not None and until > time.monotonic() else None

    def say(self, password: str) -> str | None:
        """The value of the cookie for the right password; None for another, and for one that comes too soon after the last."""
        now = time.monotonic()
        is_soon, self._asked = now - self._asked < PAUSE, now
        is_right = hmac.compare_digest(password.encode(), self.password.encode())
        return self._begun() if self.password and is_right and not is_soon else None

    def knows(self, value: str) -> bool:
        """True for the value of a cookie that was given."""
        return any(hmac.compare_digest(value.encode(), known.encode()) for known in self._known)

    def _begun(self) -> str:
        value = secrets.token_urlsafe(32)
        self._known = [*self._known[-MOST:], value]
        return value


def password_of(path: Path) -> str:
    """The password that stands in a file, on one line. Raises CaseError where it is no such file, or others may read it."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_BYTES:
            raise CaseError.because("--password-file {path}: is no file with one line", path=path)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError.because(
            "--password-file {path}: cannot be read ({error})", path=path, error=getattr(error, "strerror", None) or "no UTF-8"
        ) from error
    if len(text) < LEAST_LETTERS or "\n" in text:
        raise CaseError.because(
            "--password-file {path}: write one line of at least {least} letters", path=path, least=LEAST_LETTERS
        )
    if os.name == "posix" and found.st_mode & 0o077:
        raise CaseError.because("--password-file {path}: others can read it; take that right away (chmod 600)", path=path)
    return text
