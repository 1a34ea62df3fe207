"""Several runs on one page: a comparison, a frontier, a plan for several futures."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import CaseError
from planner.answer.tree.facts import NOW
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import named
from planner.tables.facts import read_rows
from planner.tables.place import COMPARISON, PAGE
from planner.workbench.answer import framed, handed_out, is_number
from planner.workbench.bench import Bench, address, bench_of, language_of, page
from planner.workbench.pages import text_in
from planner.workbench.park import park_of
from planner.workbench.places import Outside

#: Of a folder of runs, the page that tells of all, and the tables below it: of a frontier, and of a plan for several futures.
OF_SETS = {"frontier.html": ("frontier",), "report.html": ("commit", "regret", "futures")}

#: Heads of the table of a frontier, and which of its columns are money or tonnes.
HEADS = {
    "system_cost": mark("system cost"),
    "bound": mark("lower bound"),
    "extra_cost": mark("extra cost"),
    "step_cost": mark("cost of the step"),
    "net_emissions_last_year": mark("net in last year, t"),
    "folder": mark("run"),
}
#: What is ordered before it is known which future comes.
AT_FIRST = mark("before any future is known")
OF_FRONTIER = ("system_cost", "bound", "extra_cost", "step_cost", "capital", "net_emissions_last_year")
NUMBERS = (*OF_FRONTIER, "capital_cost", "build", "value", "cost", "least_cost", "regret")


def comparison(request: Request) -> Response:
    """The page of a comparison that a job has made."""
    bench, name, folder = bench_of(request), request.path_params["name"], _comparison(request)
    runs = [run.relative_to(bench.places.root).parts for run in _compared(bench, folder)]
    return page(request, "comparison.html", name=name, source=address("comparison", name, "page"), runs=runs)


def comparison_page(request: Request) -> Response:
    """The comparison itself, for the frame."""
    bench, folder, language = bench_of(request), _comparison(request), language_of(request)
    runs = _compared(bench, folder)

    def make() -> str:
        from planner.compare import compare_outputs
        from planner.compare.page import comparison_page

        return comparison_page(compare_outputs(runs).called(language), language)

    return framed(text_in(bench, folder / PAGE, language, make, runs))


def _compared(bench: Bench, folder: Path) -> list[Path]:
    """The runs that a comparison was made of, by the heads of its first table: those that are still here under their names."""
    header, _ = read_rows(folder / "runs.csv") if (folder / "runs.csv").is_file() else ([], [])
    try:
        return [bench.places.run(*name.split("/")) for name in header if name not in ("item", "unit")]
    except CaseError:
        return []


def _comparison(request: Request) -> Path:
    folder = bench_of(request).places.within(request.path_params["name"])
    if not folder.is_dir() or not COMPARISON.is_one(folder):
        raise Outside([Message("{name}: is no comparison here", name=request.path_params["name"])])
    bench_of(request).places.check_files(folder)
    return folder


def points(request: Request) -> Response:
    """A folder of runs: the points of a frontier, or a plan for several futures with what it does in each."""
    bench, name = bench_of(request), request.path_params["name"]
    folder, runs = _set(request)
    own = next((page for page in OF_SETS if (folder / page).is_file()), "")
    language = language_of(request)
    names = OF_SETS.get(own, OF_SETS["frontier.html"])
    tables = [(table, *_rows_of(folder / f"{table}.csv", language)) for table in names]
    return page(
        request,
        "points.html",
        name=name,
        runs=runs,
        park=park_of(bench.places, bench.places.run(name, runs[0])),
        numbers={HEADS.get(column, column) for column in (*NUMBERS, "gap")},
        has_page=bool(own),
        tables=[table for table in tables if table[2]],
        jobs=[(job, bench.jobs.words(job)) for job in bench.jobs.about(name)],
    )


def _set(request: Request) -> tuple[Path, list[str]]:
    """The folder of a set, and the names of the runs in it. Raises Outside where there is none."""
    bench, name = bench_of(request), request.path_params["name"]
    runs = bench.places.sets().get(name)
    if runs is None:
        raise Outside([Message("{name}: is no run here", name=name)])
    folder = bench.places.within(name)
    bench.places.check_files(folder)
    return folder, runs


def _rows_of(path: Path, language: Language) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of a table as a person reads them; nothing where it cannot be read."""
    try:
        header, rows = read_rows(path) if path.is_file() else ([], [])
    except CaseError:
        return [], []
    told = [[_cell(column, text, language) for column, text in zip(header, row, strict=False)] for row in rows]
    return [HEADS.get(column, column) for column in header] if path.stem == "frontier" else header, told


def _cell(column: str, text: str, language: Language) -> str:
    """A cell: a status in words, the gap as a share, and money, tonnes and fractions as the language writes numbers."""
    from planner.frontier.show import OWN_STATUSES

    if column == "when" and text == NOW:
        return language.translate(AT_FIRST)
    if column == "status":
        return named(language, OWN_STATUSES, text)
    if not text or not is_number(text):
        return text
    if column == "gap":
        return language.percent(float(text), 2)
    return language.amount(float(text)) if column in NUMBERS or "." in text else text


def points_page(request: Request) -> Response:
    """The page shown in the frame: the curve of a frontier, or the report of a plan for several futures."""
    (folder, _), language = _set(request), language_of(request)
    found = next((folder / page for page in OF_SETS if (folder / page).is_file()), None)
    if found is None:
        raise Outside([Message("there is no such page")])
    make = _frontier_page if found.name == "frontier.html" else _tree_page
    return framed(text_in(bench_of(request), found, language, lambda: make(folder, language)))


def _frontier_page(folder: Path, language: Language) -> str:
    from planner.frontier.files import read_frontier
    from planner.frontier.show import frontier_page

    return frontier_page(*read_frontier(folder), language)


def _tree_page(folder: Path, language: Language) -> str:
    from planner.answer.tree.page import make_tree_page

    return make_tree_page(folder, language)


def as_zip(request: Request) -> Response:
    """All runs of a set with their park, where they stand in the folder."""
    bench, name = bench_of(request), request.path_params["name"]
    folder, runs = _set(request)
    return handed_out(bench, folder, bench.places.run(name, runs[0]))


ROUTES = [
    Route("/comparison/{name}", comparison),
    Route("/comparison/{name}/page", comparison_page),
    Route("/set/{name}", points),
    Route("/set/{name}/page", points_page),
    Route("/set/{name}/zip", as_zip),
]
