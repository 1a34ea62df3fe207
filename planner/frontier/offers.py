"""Types of the catalogue that a park does not offer though it has what they take and give; the park with one of them offered."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from models.case import Case
from models.errors import CaseError
from planner.read import GoalRequest, read_case
from planner.read.catalogue import read_catalogue
from planner.read.complaints import Complaints

#: Most that is offered of a type: so many times the mean of all demand; of a store so many hours of that.
TIMES, HOURS = 4.0, 24.0


def types_not_offered(case: Case) -> list[str]:
    """Converters that take something, and stores, of the catalogue, whose carriers the park has and of which it offers none.

    What needs a profile of weather, or a source of CO2, is left out: only the park knows them.
    """
    catalogue = read_catalogue(None, Complaints())
    offered = {t.type_name for t in case.technologies} | {t.technology for t in case.technologies}
    found = []
    for row in catalogue.rows("types"):
        name, role = row.get("type"), row.get("role")
        ports = catalogue.rows("ports", type=name)
        takes = role == "store" or any(port.get("direction") == "in" for port in ports)
        if name not in offered and role in ("converter", "store") and takes and _zone(case, {p.get("carrier") for p in ports}):
            found.append(name)
    return list(dict.fromkeys(found))


def _zone(case: Case, carriers: set[str]) -> str:
    """The first zone that has all of the carriers; empty where none has."""
    ports = {(p.type, p.carrier) for p in case.ports}
    there: dict[str, set[str]] = {}
    for zone, carrier in [(d.zone, d.carrier) for d in case.demand] + [(s.zone, s.carrier) for s in case.supplies]:
        there.setdefault(zone, set()).add(carrier)
    for t in case.technologies:
        there.setdefault(t.zone, set()).update(carrier for kind, carrier in ports if kind == t.type_name)
    return next((zone for zone, own in there.items() if carriers <= own), "")


def offered(folder: Path, costs: tuple[Path, ...], goal: GoalRequest, case: Case, name: str) -> Case:
    """The park with a type of the catalogue offered, read anew with all that the catalogue says of it.

    Raises CaseError where the park is no folder of CSV tables, or cannot have it.
    """
    if not (folder / "technologies.csv").is_file():
        raise CaseError.because(
            "{folder}: has no technologies.csv; types of the catalogue are tried with a park of CSV tables", folder=folder
        )
    with tempfile.TemporaryDirectory(prefix="parkzero-") as place:
        copy = shutil.copytree(folder, Path(place) / "park")
        with (copy / "technologies.csv").open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.reader(table))
        catalogue = read_catalogue(None, Complaints())
        carriers = {p.get("carrier") for p in catalogue.rows("ports", type=name)}
        hours = HOURS if catalogue.rows("types", type=name)[0].get("role") == "store" else 1.0
        most = TIMES * hours * max(sum(d.value for d in case.demand) / 8760, 1.0)
        own = {"technology": name, "type": name, "zone": _zone(case, carriers), "max_capacity": f"{most:.6g}"}
        head = [*rows[0], *(c for c in own if c not in rows[0] and (c != "zone" or own["zone"] != "park"))]
        body = [[*row, *[""] * (len(head) - len(row))] for row in rows[1:] if any(row)]
        with (copy / "technologies.csv").open("w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows([head, *body, [own.get(c, "") for c in head]])
        read = read_case(copy, costs, goal)
    return read.model_copy(update={"digest": case.digest, "files": case.files})
