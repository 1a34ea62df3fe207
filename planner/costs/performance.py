r"""Efficiency and COP of an offer, as ratios of ports.csv: what the catalogue says of the type, its inputs turned round.

.. math::
    r_{in} = 1 / \eta \qquad r_{electricity} = 1 / COP \qquad r_{waste-heat} = 1 - 1 / COP

η  of what goes in, by the net calorific value  1    COP  heat or cold by what drives it  1
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from models.errors import CaseError
from planner.language.message import Message
from planner.parks.new import data_folder

COLUMNS = ("type", "carrier", "direction", "ratio", "temperature", "source", "note")
#: What an efficiency and a COP may be: above the first, at most the second.
WITHIN = {"efficiency": (0.2, 1.1), "cop": (0.3, 15.0)}
WASTE = "waste-heat"


def ports_of(path: Path, given: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """Rows of ports.csv of the types whose lines state an efficiency or a COP. Raises CaseError for what cannot be one."""
    found, faults = dict[str, tuple[str, float]](), list[Message]()
    for item, line in given.items():
        for key, (least, most) in WITHIN.items():
            text, kind = line.get(key, ""), line.get("type", "")
            if not text or not kind:
                continue
            value = _number(text)
            if value is None or not least < value <= most:
                words = {"item": item, "key": key, "text": text, "least": f"{least:g}", "most": f"{most:g}"}
                faults.append(Message("--map: {item}: {key} = {text}: is not above {least} and at most {most}", **words))
            elif found.setdefault(kind, (key, value)) != (key, value):
                words = {"item": item, "key": key, "text": text, "type": kind}
                faults.append(Message("--map: {item}: {key} = {text}: another stands in a line of {type}", **words))
    rows: list[dict[str, str]] = []
    for kind, (key, value) in found.items():
        own = _catalogue(kind)
        inputs = [row for row in own if row["direction"] == "in" and row["carrier"] != WASTE]
        if len([row for row in own if row["direction"] == "out"]) != 1 or len(inputs) != 1:
            faults.append(
                Message("--map: {type}: {key} is of one thing made from another; state its ports.csv by hand", type=kind, key=key)
            )
            continue
        rows += [_row(row, value, f"quotation {path.name}", f"{key} {value:g}") for row in own]
    if faults:
        raise CaseError(faults)
    return rows


def _row(row: Mapping[str, str], value: float, source: str, note: str) -> dict[str, str]:
    if row["direction"] == "out":
        return {name: row[name] for name in COLUMNS}
    ratio = f"{1 - 1 / value if row['carrier'] == WASTE else 1 / value:.6g}"
    return {name: {"ratio": ratio, "source": source, "note": note}.get(name, row[name]) for name in COLUMNS}


def _catalogue(kind: str) -> list[dict[str, str]]:
    with (data_folder() / "catalogue" / "ports.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["type"] == kind]


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
