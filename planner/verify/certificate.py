"""A certificate: one zip file with what a run says (certificate.json), its yearly tables (CSV) and its programme (NPY arrays).

Every member has its SHA-256 in certificate.json, and that file its own without this seal. The seal finds what was changed by
accident; who changes a number and seals anew is found by the arithmetic.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.errors import CaseError
from planner.language.message import Message

#: What the file says that it is, and its first member.
FORMAT, TOLD = "parkzero certificate 3", "certificate.json"
EARLIER = ("parkzero certificate 1", "parkzero certificate 2")
#: Kinds of members, by the end of their name.
TABLE, ARRAY = ".csv", ".npy"
#: All members together are no larger than this (bytes).
MOST = 4_000_000_000

Row = Mapping[str, str]


@dataclass(frozen=True)
class PlanCertificate:
    """A certificate that was read.

    told    what certificate.json says, without its seal
    tables  name -> rows, each a column -> text
    arrays  name -> numbers of the programme; empty where there is none
    broken  names of members that are not as they were sealed
    """

    told: Mapping[str, Any]
    tables: Mapping[str, list[Row]]
    arrays: Mapping[str, np.ndarray]
    broken: tuple[str, ...]


def seal_of(told: Mapping[str, Any]) -> str:
    """Digest of what certificate.json says, its own left out."""
    rest = {name: value for name, value in told.items() if name != "seal"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write_certificate(path: Path, told: Mapping[str, Any], tables: Mapping[str, str], arrays: Mapping[str, np.ndarray]) -> None:
    """Write a certificate of what a run says, the text of its tables and its programme."""
    members: dict[str, bytes] = {f"{name}{TABLE}": text.encode() for name, text in tables.items()}
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        members[f"{name}{ARRAY}"] = buffer.getvalue()
    sealed = {**told, "format": FORMAT, "members": {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}}
    sealed["seal"] = seal_of(sealed)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {TOLD: json.dumps(sealed, indent=1, ensure_ascii=False).encode(), **members}.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    path.write_bytes(made.getvalue())


def is_certificate(path: Path) -> bool:
    """True for a file that was written as a certificate, whatever became of it."""
    try:
        with zipfile.ZipFile(path) as archive:
            return TOLD in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def read_certificate(path: Path) -> PlanCertificate:
    """Read a certificate. Raises CaseError where the file is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST:
                raise CaseError.because("{path}: is larger than a certificate can be", path=path)
            members = {name: archive.read(name) for name in archive.namelist()}
        told = json.loads(members.pop(TOLD))
        if isinstance(told, dict) and str(told.get("format", "")) in EARLIER:
            raise CaseError.because("{path}: is of an earlier form; make it anew with `plan certify`", path=path)
        if not isinstance(told, dict) or told.get("format") != FORMAT or not isinstance(told.get("members"), dict):
            raise CaseError.because("{path}: is no certificate of `plan certify`", path=path)
        broken = [TOLD] if told.get("seal") != seal_of(told) else []
        tables: dict[str, list[Row]] = {
            name.removesuffix(TABLE): list[Row](csv.DictReader(io.StringIO(data.decode())))
            for name, data in members.items()
            if name.endswith(TABLE)
        }
        arrays = {
            name.removesuffix(ARRAY): np.load(io.BytesIO(data), allow_pickle=False)
            for name, data in members.items()
            if name.endswith(ARRAY)
        }
    except OSError as error:
        raise CaseError.because("{path}: cannot be read ({error})", path=path, error=error.strerror or error) from None
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, NotImplementedError) as error:
        told_error = Message("{path}: is no certificate that can be read ({error})", path=path, error=str(error)[:200])
        raise CaseError([told_error]) from None
    sealed = told["members"]
    own = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    broken += [name for name in sorted({*sealed, *own}) if own.get(name) != sealed.get(name)]
    return PlanCertificate(told, tables, arrays, tuple(broken))


#: Numbers of files have twelve digits, and sums of them fewer.
DIGITS = 1e-7


@dataclass(frozen=True)
class Finding:
    """A sentence, and whether the certificate fails by it."""

    words: str
    fails: bool = False


def emissions_of(own: PlanCertificate) -> dict[int, dict[str, float]]:
    """Figures of emissions.csv (t, tce, MWh): year -> item -> value."""
    found: dict[int, dict[str, float]] = {}
    for r in own.tables["emissions"]:
        found.setdefault(int(r["year"]), {})[r["item"]] = float(r["value"])
    return found


def same(one: float, other: float, size: float = 1.0) -> bool:
    """True if two numbers are the same within the digits of a file, or of what they are sums of (`size`)."""
    return abs(one - other) <= DIGITS * max(abs(one), abs(other), size)
