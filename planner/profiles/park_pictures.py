"""Pictures of a park's profiles: of each demand in MW, with a line on energy and peak, and of each other profile as it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.case import Case, Demand
from models.errors import CaseError
from models.units import yearly_factor
from planner.language.language import Language
from planner.language.message import Message
from planner.profiles.picture import picture
from planner.profiles.profile import HOURS, Profile
from planner.profiles.told import Told
from planner.profiles.write import put


def write_pictures(case: Case, folder: Path, language: Language) -> tuple[list[Path], list[str]]:
    """(files, a line on each demand): an SVG drawing of each demand with a profile, and of each profile of a technology or supply.

    Profiles of a day are repeated over the year. Raises CaseError where the folder cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CaseError.because("--pictures {folder}: cannot be made ({error})", folder=folder, error=error.strerror) from error
    shown, lines = list[Profile](), list[str]()
    first: dict[str, Demand] = {}
    for demand in case.demand:
        first.setdefault(demand.demand, demand)
    for name, demand in first.items():
        shape = _year(case.profiles[demand.profile]) if demand.profile else np.ones(HOURS)
        energy = demand.value * yearly_factor(demand.unit, "MWh")
        values = shape * energy / shape.sum()
        shown.append(Profile(f"demand-{name}", values, "MW", Told(), case.park.first_weekday))
        lines.append(
            language.translate(
                "{demand}: {energy} MWh a year, highest hour {highest} MW, load factor {factor}",
                demand=name, energy=language.number(energy), highest=language.amount(float(values.max())),
                factor=f"{float(values.mean() / values.max()) if values.max() > 0 else 0.0:.2f}",
            )
        )  # fmt: skip
    used = dict.fromkeys(row.profile for rows in (case.technologies, case.supplies) for row in rows if row.profile)
    shown += [Profile(f"profile-{name}", _year(case.profiles[name]), "1", Told()) for name in used]
    files = []
    for profile in shown:
        path = folder / f"{profile.name}.svg"
        put(path, picture(profile, language))
        files.append(path)
    return files, lines


def check_pictures(folder: Path) -> list[str]:
    """What forbids to write pictures into a folder: a file of its name, or anything in it that is no picture."""
    if folder.exists() and (not folder.is_dir() or any(path.suffix != ".svg" for path in folder.iterdir())):
        return [Message("--pictures {folder}: is no folder of pictures; name a new one", folder=folder)]
    return []


def _year(values: np.ndarray) -> np.ndarray:
    """8,760 hours of a profile; one of some days is repeated."""
    values = np.asarray(values, dtype=float)
    return np.resize(values, HOURS)
