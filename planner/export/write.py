"""Which format is written where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from models.errors import CaseError
from planner.export.iamc import write_iamc
from planner.export.load import Loaded, load_run, write_mps
from planner.export.pypsa_network import pypsa_network
from planner.language.language import mark
from planner.language.message import Message
from planner.tables.place import is_tree, leaf_folders


@dataclass(frozen=True)
class Written:
    """What was written: where, what it is in a few words, and what it leaves out, a line each."""

    path: Path
    what: str
    notes: tuple[str, ...] = ()


def write_export(out: Path, format_name: str, to: Path | None = None, park: Path | None = None, year: int | None = None) -> Written:
    """Write the run of an output folder. Raises CaseError for a format, folder, place or year that will not do."""
    if format_name not in FORMATS:
        near = get_close_matches(format_name, FORMATS, 1)
        hint = Message("; did you mean {near}?", near=repr(near[0])) if near else ""
        raise CaseError.because(
            "--format {format}: is none of {formats}{hint}", format=format_name, formats=", ".join(FORMATS), hint=hint
        )
    place, write = FORMATS[format_name]
    if year is not None and format_name != "pypsa":
        raise CaseError.because(
            "--year {year}: is of no use beside --format {format}, which has all years", year=year, format=format_name
        )
    if format_name == "mps" and is_tree(out):
        return _mps_of_tree(out, to, park)
    path = out / place if to is None else to
    if not path.absolute().parent.is_dir() and out.is_dir():
        raise CaseError.because("--to {path}: the folder {parent} does not exist", path=path, parent=path.absolute().parent)
    run = load_run(out, park)
    if year is not None and year not in run.inputs.years:
        raise CaseError.because(
            "--year {year}: is no year of the plan; it has {first} to {last}",
            year=year,
            first=run.inputs.years[0],
            last=run.inputs.years[-1],
        )
    try:
        written = write(run, path, year)
        return replace(written, notes=(*_warnings(run), *written.notes))
    except OSError as error:
        raise CaseError.because("--to {path}: cannot be written ({error})", path=path, error=error.strerror or error) from error


def _warnings(run: Loaded) -> list[Message]:
    """A note for each table of the run that was changed since."""
    return [Message("warning: {warning}", warning=words) for words in run.output.changed]


def _iamc(run: Loaded, path: Path, _: int | None) -> Written:
    if path.is_dir():
        raise CaseError.because("--to {path}: is a folder; name a file", path=path)
    rows = write_iamc(run, path)
    what = Message("{rows} rows in the IAMC format ({scenarios} scenarios)", rows=rows, scenarios=len(run.plans))
    return Written(path, what)


def _pypsa(run: Loaded, path: Path, year: int | None) -> Written:
    network, meta = pypsa_network(run, year)
    how = "n.optimize(multi_investment_periods=True)" if network.periods else "n.optimize()"
    what = mark("the year {year} as a PyPSA network: n = pypsa.Network({path}); {how}")
    network.write(path, meta)
    told = Message(what, year=meta["year"], path=repr(str(path)), how=how)
    return Written(path, told, tuple(Message("not represented: {line}", line=line) for line in meta["not_represented"]))


def _mps(run: Loaded, path: Path, _: int | None) -> Written:
    if path.is_dir():
        raise CaseError.because("--to {path}: is a folder; name a file", path=path)
    matrix = write_mps(run, path)
    return Written(path, Message("the programme on the days that were planned on ({size})", size=matrix.size))


def _mps_of_tree(out: Path, to: Path | None, park: Path | None) -> Written:
    """A file for each future, in a folder."""
    folder = to or out / "mps"
    if folder.exists() and not folder.is_dir():
        raise CaseError.because("--to {path}: is a file; name a folder", path=folder)
    runs = [load_run(leaf, park, needs_dispatch=False) for leaf in leaf_folders(out)]
    if not runs:
        raise CaseError.because("{out}: holds no plan; there is nothing to export", out=out)
    try:
        folder.mkdir(exist_ok=True)
        for run in runs:
            assert run.tree is not None
            write_mps(run, folder / f"{run.output.future}.mps", run.tree.probability(run.output.future))
    except OSError as error:
        raise CaseError.because("--to {path}: cannot be written ({error})", path=folder, error=error.strerror or error) from error
    words = Message(
        "{count} files, one a future; columns of one name are one column, and probabilities stand in the first line",
        count=len(runs),
    )
    return Written(folder, words, tuple(line for run in runs for line in _warnings(run)))


#: Format -> where it is written within OUT, and how.
FORMATS: dict[str, tuple[str, Callable[[Loaded, Path, int | None], Written]]] = {
    "iamc": ("iamc.csv", _iamc),
    "pypsa": ("pypsa", _pypsa),
    "mps": ("plan.mps", _mps),
}
