"""The commands of certificates: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.process.terminal import stdout, tell
from planner.profiles.options import Spoken
from planner.tables.telling import told_from

#: A certificate that is refused.
REFUSED = 1
#: Said of a certificate that is not refused: of a plan that was shown to hold in all hours, and of one on typical days.
VERIFIED = mark(
    "{file}: verified. Believed: that cash, sources and programme are those of the park whose digests it has (docs/certificate.md)"
)
ON_DAYS = mark(
    "{file}: verified on typical days only: the plan was not shown to hold in all hours. Believed: that cash, sources and "
    "programme are those of the park whose digests it has (docs/certificate.md)"
)


def certify(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    to: Annotated[Path | None, typer.Option(help="File to write; left out: certificate.zip within OUT.")] = None,
    park: Annotated[Path | None, typer.Option(help="The park folder, where it is not where the run found it.")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds for the multipliers that prove the bound.")] = 300.0,
    language: Spoken = None,
) -> None:
    """Write a certificate of a run: its cost, rules and bound in one file, which others verify without a solver.

    Example: plan certify run1 && plan verify run1/certificate.zip
    """
    from planner.certify.make import certify as make

    if not 0 < time_limit < float("inf"):
        raise CaseError.because("--time-limit {seconds}: is not above 0", seconds=time_limit)
    if to is not None and not to.absolute().parent.is_dir():
        raise CaseError.because("--to {path}: the folder {parent} does not exist", path=to, parent=to.absolute().parent)
    with told_from(out):
        path, notes = make(out, to, time_limit, park)
    for note in notes:
        tell(note)
    tell(Message("{path}: {bytes} bytes; `plan verify {path}` checks it", path=path, bytes=f"{path.stat().st_size:,}"), stdout)


def verify(
    file: Annotated[Path, typer.Argument(help="Certificate that `plan certify` wrote.")],
    run: Annotated[Path | None, typer.Option(help="Output folder whose files it is to be of.")] = None,
    language: Spoken = None,
) -> None:
    """Verify a certificate by arithmetic: cost, rules, bound; exit code 1 where it is refused."""
    from planner.verify.certificate import read_certificate
    from planner.verify.verify import verify as check

    certificate = read_certificate(file)
    found = check(certificate, run)
    for finding in found:
        tell(Message("REFUSED {words}", words=finding.words) if finding.fails else finding.words, stdout)
    if any(finding.fails for finding in found):
        raise typer.Exit(REFUSED)
    tell(Message(VERIFIED if certificate.told.get("verified", True) else ON_DAYS, file=file), stdout)
