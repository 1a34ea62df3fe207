"""Which format is written where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from models.errors import CaseError
from planner.export.iamc import write_iamc
from planner.export.load import Loaded, load_run
from planner.export.pypsa_network import write_pypsa
from planner.export.pypsa_years import write_pypsa_years


@dataclass(frozen=True)
class Written:
    """What was written: where, what it is in a few words, and what it leaves out, a line each."""

    path: Path
    what: str
    notes: tuple[str, ...] = ()


def write_export(
    out: Path, format_name: str, to: Path | None = None, park: Path | None = None, year: int | None = None
) -> Written:
    """Write the run of an output folder. Raises CaseError for a format, folder, place or year that will not do."""
    if format_name not in FORMATS:
        near = get_close_matches(format_name, FORMATS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise CaseError([f"--format {format_name}: is none of {', '.join(FORMATS)}{hint}"])
    place, write = FORMATS[format_name]
    if year is not None and format_name not in OF_A_YEAR:
        raise CaseError([f"--year {year}: is of no use beside --format {format_name}, which has all years"])
    path = out / place if to is None else to
    if not path.absolute().parent.is_dir() and out.is_dir():
        raise CaseError([f"--to {path}: the folder {path.absolute().parent} does not exist"])
    run = load_run(out, park)
    if year is not None and year not in run.inputs.years:
        raise CaseError([f"--year {year}: is no year of the plan; it has {run.inputs.years[0]} to {run.inputs.years[-1]}"])
    try:
        return write(run, path, year)
    except OSError as error:
        raise CaseError([f"--to {path}: cannot be written ({error.strerror or error})"]) from error


def _iamc(run: Loaded, path: Path, _: int | None) -> Written:
    if path.is_dir():
        raise CaseError([f"--to {path}: is a folder; name a file"])
    rows = write_iamc(run, path)
    return Written(path, f"{rows} rows in the IAMC format ({len(run.plans)} scenarios)")


def _pypsa(run: Loaded, path: Path, year: int | None) -> Written:
    meta = write_pypsa(run, path, year)
    notes = tuple(f"not represented: {line}" for line in meta["not_represented"])
    how = "n.optimize(multi_investment_periods=True)" if meta["multi_investment_periods"] else "n.optimize()"
    return Written(path, f"the year {meta['year']} as a PyPSA network: n = pypsa.Network({str(path)!r}); {how}", notes)


def _pypsa_years(run: Loaded, path: Path, _: int | None) -> Written:
    meta = write_pypsa_years(run, path)
    notes = tuple(f"not represented: {line}" for line in meta["not_represented"])
    first, last = meta["years"][0], meta["years"][-1]
    how = f"n = pypsa.Network({str(path)!r}); n.optimize(multi_investment_periods=True)"
    return Written(path, f"the years {first} to {last} as the investment periods of a PyPSA network: {how}", notes)


#: Format -> where it is written within OUT, and how.
FORMATS: dict[str, tuple[str, Callable[[Loaded, Path, int | None], Written]]] = {
    "iamc": ("iamc.csv", _iamc),
    "pypsa": ("pypsa", _pypsa),
    "pypsa-years": ("pypsa-years", _pypsa_years),
}
#: Formats that are of one year.
OF_A_YEAR = ("pypsa",)
