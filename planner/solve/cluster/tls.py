"""An encrypted connection to a Dask scheduler: the files that it needs, and what is wrong with them.

Dask asks nobody who they are: whoever reaches a scheduler has it run what they send, and a scheduler has its clients read what it
sends. With TLS both show a certificate of one authority.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planner.language.message import Message

ENCRYPTED = "tls://"
#: Options that name the files, in the order of `Tls`.
OPTIONS = ("--scheduler-ca", "--scheduler-cert", "--scheduler-key")


@dataclass(frozen=True)
class Tls:
    """Files in PEM: certificate of the authority that both sides are checked with, our own certificate, and its key."""

    authority: str
    certificate: str
    key: str

    def security(self) -> Any:
        """As Dask takes them. Raises ImportError without the extra."""
        from distributed.security import Security

        return Security(
            require_encryption=True, tls_ca_file=self.authority, tls_client_cert=self.certificate, tls_client_key=self.key
        )

    @classmethod
    def of(cls, address: str, files: tuple[Path | None, Path | None, Path | None]) -> tuple[Tls | None, list[str]]:
        """The files of an encrypted connection, None for an address without, and what is wrong with them, a sentence each."""
        given = [option for option, file in zip(OPTIONS, files, strict=True) if file is not None]
        if not address.startswith(ENCRYPTED):
            own: list[str] = [Message("{options}: are of --scheduler tls://HOST:PORT", options=", ".join(given))] if given else []
            return None, own
        authority, certificate, key = files
        if authority is None or certificate is None or key is None:
            missing = ", ".join(option for option in OPTIONS if option not in given)
            return None, [Message("--scheduler {address}: needs {options}, too", address=address, options=missing)]
        faults = list(_faults(authority, certificate, key))
        return None if faults else cls(*(str(file.absolute()) for file in (authority, certificate, key))), faults


def _faults(authority: Path, certificate: Path, key: Path) -> Iterator[str]:
    """Why a file is none that is needed."""
    missing = False
    for option, file in zip(OPTIONS, (authority, certificate, key), strict=True):
        if not file.is_file():
            missing = True
            yield Message("{option} {file}: is no file", option=option, file=file)
    if missing:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(authority)
    except (OSError, ValueError):
        yield Message("{option} {file}: holds no certificate in PEM", option=OPTIONS[0], file=authority)
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")  # a key with a password must not ask for it
    except (OSError, ValueError):
        yield Message(
            "--scheduler-cert {certificate}, --scheduler-key {key}: are no certificate in PEM and its key without a password",
            certificate=certificate,
            key=key,
        )
