"""Types of the catalogue that a park does not offer though it has what they take and give; the park with one of them offered."""

from __future__ import annotations

import csv
import shutil
import tempfile
from pathlib import Path

from models.case import Case
from planner.language.language import mark
from planner.park import GoalRequest, read_case
from planner.park.book import opened
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints

#: Most that is offered of a type: so many times the mean of all demand; of a store so many hours of that.
TIMES, HOURS = 4.0, 24.0
#: Why a type is not tried.
NEEDS_POWER = mark("{types}: each has its power from a type of its own, which is ordered apart; offer both in technologies.csv")
NEEDS_PROFILE = mark("{types}: each needs a profile of sun, wind or water, which only the park knows; offer it in technologies.csv")
NEEDS_SOURCE = mark("{types}: each needs a source of CO2, which only the park knows; offer it in technologies.csv and captures.csv")
NO_ZONE = mark("{types}: no zone has all that it takes and gives")


def types_not_offered(case: Case) -> list[str]:
    """Converters that take something, and stores, of the catalogue, whose carriers the park has and of which it offers none.

    What needs a profile of weather, or a source of CO2, is left out: only the park knows them.
    """
    return [name for name, reason in _not_offered(case).items() if not reason]


def types_left_out(case: Case) -> dict[str, list[str]]:
    """Reason -> the types that are not offered, though the park has their carriers, and that are not tried for it."""
    found: dict[str, list[str]] = {}
    for name, reason in _not_offered(case).items():
        if reason:
            found.setdefault(reason, []).append(name)
    return found


def _not_offered(case: Case) -> dict[str, str]:
    """Type that is not offered, though the park has its carriers -> why it is not tried; empty where it is."""
    catalogue = read_catalogue(None, Complaints())
    offered = {t.type_name for t in case.technologies} | {t.technology for t in case.technologies}
    there = set().union(*_carriers(case).values())
    found = {}
    for row in catalogue.rows("types"):
        name, role = row.get("type"), row.get("role")
        ports = catalogue.rows("ports", type=name)
        carriers = {port.get("carrier") for port in ports}
        if role == "converter" and not ports:
            continue  # the power of stores, of no use by itself
        if name in offered or role not in ("converter", "store", "capture") or not carriers - {"co2"} <= there:
            continue
        if role == "capture":
            found[name] = NEEDS_SOURCE
        elif role == "converter" and not any(port.get("direction") == "in" for port in ports):
            found[name] = NEEDS_PROFILE
        elif row.get("power_type"):
            found[name] = NEEDS_POWER
        else:
            found[name] = "" if _zone(case, carriers) else NO_ZONE
    return found


def _carriers(case: Case) -> dict[str, set[str]]:
    """Zone -> the carriers that it has."""
    ports = {(p.type, p.carrier) for p in case.ports}
    there: dict[str, set[str]] = {}
    for zone, carrier in [(d.zone, d.carrier) for d in case.demand] + [(s.zone, s.carrier) for s in case.supplies]:
        there.setdefault(zone, set()).add(carrier)
    for t in case.technologies:
        there.setdefault(t.zone, set()).update(carrier for kind, carrier in ports if kind == t.type_name)
    return there


def _zone(case: Case, carriers: set[str]) -> str:
    """The first zone that has all of the carriers; empty where none has."""
    return next((zone for zone, own in _carriers(case).items() if carriers <= own), "")


def offered(folder: Path, costs: tuple[Path, ...], goal: GoalRequest, case: Case, name: str) -> Case:
    """The park with a type of the catalogue offered, read anew with all that the catalogue says of it.

    Raises CaseError where the park cannot have it.
    """
    with opened(folder) as book, tempfile.TemporaryDirectory(prefix="parkzero-") as place:
        copy = shutil.copytree(book.folder, Path(place) / "park")
        rows = [["technology"]]
        if (copy / "technologies.csv").is_file():
            with (copy / "technologies.csv").open(encoding="utf-8-sig", newline="") as table:
                rows = list(csv.reader(table)) or rows
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
