"""All checks of a certificate, and of the files of a run that it is of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from planner.language.message import Message
from planner.verify.bound import check_bound
from planner.verify.certificate import Finding, PlanCertificate
from planner.verify.cost import check_cost
from planner.verify.rules import check_rules
from planner.verify.sums import check_sums


def verify(own: PlanCertificate, run: Path | None = None) -> list[Finding]:
    """What was found, in the order of the checks."""
    found = [*_seal(own), *_future(own)]
    for check in (check_cost, check_sums, check_rules, check_bound):
        try:
            found += check(own)
        except (KeyError, ValueError, TypeError, IndexError, OverflowError, ZeroDivisionError) as error:
            words = Message("a number or a row that is needed is missing or is none ({error})", error=repr(error))
            found.append(Finding(words, True))
    return [*found, *(_files(own, run) if run is not None else [])]


def _seal(own: PlanCertificate) -> Iterator[Finding]:
    for name in own.broken:
        yield Finding(Message("seal: {name} is not as it was written", name=name), True)
    if not own.broken:
        yield Finding(Message("seal: {count} members are as they were written", count=len(own.told["members"])))


def _future(own: PlanCertificate) -> Iterator[Finding]:
    """That it is of one path of several, whose figures futures.csv of the park changes."""
    if own.told.get("future"):
        words = Message(
            "future: {future}, one of several; its figures are those of the park as futures.csv changes them",
            future=own.told["future"],
        )
        yield Finding(words)


def _files(own: PlanCertificate, run: Path) -> Iterator[Finding]:
    """Files of a run that are others than those that the certificate is of."""
    other = []
    for name, digest in own.told["files"].items():
        path = run / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            other.append(name)
    if other:
        values = {"count": len(other), "folder": run, "first": other[0]}
        words = Message("files: {count} of {folder} are others or missing, first {first}", **values)
        yield Finding(words, True)
    else:
        yield Finding(Message("files: {count} of {folder} are those of the certificate", count=len(own.told["files"]), folder=run))
