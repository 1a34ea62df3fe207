"""Frontiers: a park planned to many deadlines, caps or budgets: what each costs, the earliest year that can be met, the knee."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.table import Table

from models.errors import CaseError
from planner.answer.page.charts import YearChart, year_figure
from planner.answer.page.page import document
from planner.answer.page.report import Report, section
from planner.answer.page.table import Markup, Styles, join, tag
from planner.answer.views import ShownTable, View, drawn, drawn_table, shown
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import STATUSES, named
from planner.park.faults import of
from planner.park.fields import check_size
from planner.plan import CAPITAL_ITEMS
from planner.process.terminal import points_faults
from planner.questions.change import BUDGET, BY, CAP
from planner.questions.session import Plans, Point
from planner.tables.facts import table_in
from planner.tables.output import PLANNED, Output
from planner.tables.place import MOST_BYTES, SUMMARY, Kind, facts_of, write_file

#: Columns that tell of a plan.
OF_PLAN = ("system_cost", "capital", "net_emissions_last_year", "folder")

#: A curve whose points are all nearer to the straight line between its ends, as a share of the range of costs, has no knee.
LEAST_KNEE = 0.05
#: Columns of frontier.csv.
COLUMNS = (
    "point",
    "status",
    "system_cost",
    "bound",
    "gap",
    "extra_cost",
    "step_cost",
    "capital",
    "net_emissions_last_year",
    "folder",
)


#: Status of a point that was not tried, since a looser one cannot be met.
IMPLIED = "implied"
_RANGE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*\.\.\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*")


@dataclass(frozen=True)
class Frontier:
    """What is varied and its values, the loosest first: the latest deadline, the highest cap, the largest budget."""

    what: str
    values: tuple[float, ...]

    def name(self, value: float) -> str:
        """Name of the folder of a point."""
        return f"{self.what}-{value:.12g}"

    def points(self, point: Point) -> list[Point]:
        """A point at each value, in a folder of its own."""
        found = [replace(point, out=point.out / self.name(value)) for value in self.values]
        if self.what == BY:
            return [replace(own, goal=replace(own.goal, by=int(v))) for own, v in zip(found, self.values, strict=True)]
        return [replace(own, changes=((self.what, f"{v:.12g}"),)) for own, v in zip(found, self.values, strict=True)]


def frontier(what: str, text: str, count: int) -> Frontier:
    """Read `FROM..TO` into so many values, both ends among them; years are whole. ValueError says all that is wrong."""
    found = _RANGE.fullmatch(text)
    if not found:
        example = "2027..2040" if what == BY else "0..30000"
        raise ValueError(
            Message("--{option} {text}: is no range; write FROM..TO, e.g. {example}", option=what, text=text, example=example)
        )
    low, high = sorted(map(float, found.groups()))
    faults = [*_sizes(what, text, found.groups()), *points_faults(count)]
    if what == BY and (low != int(low) or high != int(high) or not 1 <= low <= high <= 2300):
        faults.append(Message("--{option} {text}: are no two calendar years; write e.g. 2027..2040", option=what, text=text))
    if faults:
        raise ValueError(*faults)
    steps = [high - (high - low) * i / (count - 1) for i in range(count)]
    if what == BY:
        steps = [float(round(value)) for value in steps]
    return Frontier(what, tuple(dict.fromkeys(steps)))


def _sizes(what: str, text: str, ends: Iterable[str]) -> Iterator[str]:
    """Why an end is no figure of a park."""
    for end in () if what == BY else dict.fromkeys(ends):
        try:
            check_size(float(end))
        except ValueError as error:
            yield of(f"--{what} {text}: {end}", error)


def work(points: Sequence[Point], plans: Plans) -> set[Path]:
    """Plan and save what is not there yet, the loosest first; once a point cannot be met no tighter one is begun.

    Gives the folders of all points that are there now, of this park. Raises what a run raises.
    """
    unmet = len(points)

    def status(i: int) -> str:
        nonlocal unmet
        if i > unmet and not points[i].is_done(plans.digest):
            return IMPLIED
        found = plans.planned(points[i], points[i].out.name)
        unmet = min(unmet, i) if found == "infeasible" else unmet
        return found

    with plans.at_once() as each:
        found = each(status, range(len(points)))
    return {points[i].out for i, own in found.items() if own not in (IMPLIED, "failed")}


@dataclass(frozen=True)
class Curve:
    """rows: one a point, the loosest first, see COLUMNS; knee: the point after which the curve rises most; None: it has none."""

    frontier: Frontier
    rows: pd.DataFrame
    knee: float | None

    @property
    def tightest(self) -> float | None:
        """The tightest point that was planned; of deadlines the earliest year."""
        planned = self.rows[self.rows["status"].isin(PLANNED)]
        return None if planned.empty else float(planned["point"].iloc[-1])

    @property
    def unmet(self) -> float | None:
        """The loosest point that cannot be met; None where all can."""
        wrong = self.rows[self.rows["status"] == "infeasible"]
        return None if wrong.empty else float(wrong["point"].iloc[0])


def curve(frontier: Frontier, points: Sequence[Point], there: Collection[Path]) -> Curve:
    """The curve of saved points, whose folders are `there`; what was not saved is implied to be out of reach where a looser one is.

    A plan of a tighter point is one of every looser point, and a bound of a looser point is one of every tighter point. So each
    point has the best plan of its own and the tighter ones, whose folder it names, and the highest bound of its own and the looser.

    extra_cost  system cost above that of the loosest point
    step_cost   system cost by the step from the point before: of a year earlier, a tonne less, a unit of money less
    """
    rows: list[tuple[object, ...]] = []
    unmet = False
    for value, point in zip(frontier.values, points, strict=True):
        said = facts_of(point.out / SUMMARY) if point.out in there else {}
        status = str(said.get("status") or (IMPLIED if unmet else "failed"))
        unmet = unmet or status == "infeasible"
        if status not in PLANNED:
            rows.append((value, status, None, None, None, None, None, None, None, point.out.name))
            continue
        costs = table_in(point.out, "costs")
        capital = float(costs[costs["item"].isin(CAPITAL_ITEMS)]["value"].sum())
        cost, bound = said["system_cost"], _bound(said)
        rows.append((value, status, cost, bound, None, None, None, capital, said["net_emissions_last_year"], point.out.name))
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = [c for c in COLUMNS if c not in ("status", "folder")]
    table[numbers] = table[numbers].astype(float)
    planned = table["status"].isin(PLANNED)
    _share(table, planned)
    costs = table.loc[planned, "system_cost"]
    if len(costs):
        table.loc[planned, "extra_cost"] = costs - costs.iloc[0]
        table.loc[planned, "step_cost"] = costs.diff() / -table.loc[planned, "point"].diff()
    return of_table(frontier, table)


def of_table(frontier: Frontier, table: pd.DataFrame) -> Curve:
    """The curve of rows that are worked out already, as frontier.csv has them."""
    own = table[table["status"].isin(PLANNED)]
    return Curve(frontier, table, knee(own["point"].tolist(), own["system_cost"].tolist(), _gap(own)))


def _bound(said: Mapping[str, Any]) -> float | None:
    """The bound of a point's cost: of the hours that its plan was made on, where it was not operated in others."""
    days = said["typical_days"]
    return days["bound"] if isinstance(days, dict) and not said["verified"] else said["bound"]


def _share(table: pd.DataFrame, planned: pd.Series) -> None:
    """Give each planned point the cheapest plan of its own and the tighter ones, the highest bound of its own and the looser ones,
    and the gap between them."""
    best: int | None = None
    for i in reversed(table.index[planned].tolist()):
        if best is not None and table.loc[best, "system_cost"] < table.loc[i, "system_cost"]:
            table.loc[i, list(OF_PLAN)] = table.loc[best, list(OF_PLAN)]
        best = i
    table.loc[planned, "bound"] = table.loc[planned, "bound"].cummax()
    own = table[planned]
    above = (own["system_cost"] - own["bound"]).clip(lower=0.0)
    table.loc[planned, "gap"] = above / own["system_cost"].abs().clip(lower=1e-9)


def _gap(rows: pd.DataFrame) -> float:
    """Differences of cost below this are within what is proven."""
    return float((rows["gap"].fillna(1e-3) * rows["system_cost"].abs()).max()) if len(rows) else 0.0


def knee(points: Sequence[float], costs: Sequence[float], noise: float = 0.0) -> float | None:
    """The point furthest below the straight line between both ends, both axes as shares of their range.

    None with fewer than three points, where costs differ by no more than the noise, and where no point is LEAST_KNEE below it.
    """
    if len(points) < 3 or abs(costs[-1] - costs[0]) <= noise or points[0] == points[-1]:
        return None
    along = [(p - points[0]) / (points[-1] - points[0]) for p in points]
    up = [(c - costs[0]) / (costs[-1] - costs[0]) for c in costs]
    below = [a - u for a, u in zip(along, up, strict=True)]
    best = max(range(len(points)), key=lambda i: below[i])
    return points[best] if below[best] >= LEAST_KNEE else None


# --- show ------------------------------------------------------------------------------------------------------------------
# A frontier as a table, a page and sentences.

NAME = "frontier.html"
#: What is varied, as the head of a column.
HEADS = {BY: mark("deadline"), CAP: mark("cap, t a year"), BUDGET: mark("budget a year")}
#: Statuses beyond those of a run.
OWN_STATUSES = {**STATUSES, "implied": mark("out of reach, since a looser one is")}


def sentences(found: Curve, currency: str, language: Language) -> Iterator[str]:
    """The earliest year or tightest limit, and the knee."""
    say, what = language.translate, found.frontier.what
    tightest, unmet = found.tightest, found.unmet
    if tightest is None:
        yield say("No point can be met.") if unmet is not None else say("No point was planned.")
        return
    value = point_text(found, tightest, currency, language)
    other = "" if unmet is None else point_text(found, unmet, currency, language)
    if what == BY and unmet is not None:
        yield say("Earliest deadline that can be met, of those tried: {year}; {other} cannot.", year=value, other=other)
    elif what == BY:
        yield say("Every deadline can be met; the earliest tried is {year}.", year=value)
    elif unmet is not None:
        yield say("Tightest limit that can be met, of those tried: {value}; {other} cannot.", value=value, other=other)
    else:
        yield say("Every limit can be met; the tightest tried is {value}.", value=value)
    if told := _knee_sentence(found, currency, language):
        yield told


def _knee_sentence(found: Curve, currency: str, language: Language) -> str:
    """Where the knee is; empty without one."""
    if found.knee is None:
        return ""
    value = point_text(found, found.knee, currency, language)
    return language.translate("The knee is at {value}: beyond it the cost rises faster than over the whole range.", value=value)


def point_text(found: Curve, value: float, currency: str, language: Language) -> str:
    """A point as a person reads it."""
    if found.frontier.what == BY:
        return f"{value:.0f}"
    return f"{language.number(value)} t" if found.frontier.what == CAP else language.money(value, currency)


def view_of(found: Curve, currency: str, language: Language) -> tuple[View, Report]:
    """The table of the points as a view, for page and terminal, and what it is drawn from."""
    what = found.frontier.what
    steps = {BY: mark("{money}/year"), CAP: mark("{money}/(t/year)")}
    step = language.translate(steps.get(what, "1"), money=language.currency(currency))
    columns = [
        f"point_told:text:{HEADS[what]}",
        "status_told:text:status",
        "system_cost:money:system cost",
        "gap:at_most:gap",
        "extra_cost:money:extra cost",
        f"step_cost:amount:{mark('cost of the step')} [{step}]",
        "capital:money:capital",
        "net_emissions_last_year:number:net in last year, t",
    ]
    told = {
        "point_told": [point_text(found, point, currency, language) for point in found.rows["point"]],
        "status_told": [named(language, OWN_STATUSES, status) for status in found.rows["status"]],
    }
    output = Output(Path(), {"currency": currency}, {}, {}, {"frontier": found.rows.assign(**told)})
    view = View("frontier", "frontier", "list", ["Points of the frontier", "前沿各点"], columns=columns)
    return view, Report(output, language)


def console_table(found: Curve, currency: str, language: Language) -> Table:
    """The table of a terminal."""
    return next(drawn_table(each, language) for each in shown(*view_of(found, currency, language)) if isinstance(each, ShownTable))


def frontier_page(found: Curve, park: str, currency: str, language: Language) -> str:
    """The picture, what it says, and the table, as one HTML file."""
    say = language.translate
    title = say("Frontier: {what}", what=say(HEADS[found.frontier.what]))
    told = join(tag("p", text) for text in sentences(found, currency, language))
    parts = [tag("div", told, class_="lead"), _picture(found, currency, language), *drawn(*view_of(found, currency, language))]
    return document(f"{park}: {title}", park, title, [section("frontier", title, *parts)], language)


def _picture(found: Curve, currency: str, language: Language) -> Markup:
    """Cost over what is varied, the knee named; what cannot be met has a gap."""
    say = language.translate
    costs = found.rows["system_cost"].where(found.rows["status"].isin(PLANNED))
    if costs.count() < 2:
        return Markup("")
    unit, size = language.money_unit(currency, float(costs.abs().max()))
    title = say("System cost of each point")
    points = pd.Index([point_text(found, point, currency, language) for point in found.rows["point"]])
    lines = pd.DataFrame({title: (costs / size).to_numpy()}, index=points)[::-1]
    chart = YearChart(
        title, unit, lines=lines, first=say(HEADS[found.frontier.what]), finding=_knee_sentence(found, currency, language)
    )
    return year_figure(chart, Styles({}), language)


# --- files -----------------------------------------------------------------------------------------------------------------
# The files of a frontier beside the folders of its points: which are ours, and how they are written.

TABLE = "frontier.csv"
#: What stands in the files of a frontier, and in none of another kind: the columns that the table has had from the first, the
#: heading of the only section of the page.
MARKS = {TABLE: (",".join(COLUMNS[:3]) + ",").encode(), NAME: b'<h2 id="frontier-title">'}


def is_frontier(folder: Path) -> bool:
    """False where a file stands under the name of one of ours that is none."""
    try:
        there = [path for path in map(folder.joinpath, MARKS) if os.path.lexists(path)]
        return all(path.stat().st_size <= MOST_BYTES and MARKS[path.name] in path.read_bytes() for path in there)
    except OSError:
        return False


FRONTIER = Kind("--out", re.compile(r"frontier\.(csv|html)|(by|cap|budget)-[^/]+/.*|\..*"), is_frontier)


def write_frontier(found: Curve, place: Path, park: str, currency: str, spoken: Language) -> None:
    """Write table and page."""
    table = found.rows.to_csv(index=False, float_format="%.12g", lineterminator="\n")
    for name, text in ((TABLE, table), (NAME, frontier_page(found, park, currency, spoken))):
        write_file(place / name, f"--out {place / name}", text, lambda _: True)


def read_frontier(place: Path) -> tuple[Curve, str, str]:
    """(curve, name of the park, its currency) of a folder that was written here. Raises CaseError where it is none."""
    if not (place / TABLE).is_file() or not is_frontier(place):
        raise CaseError.because("{place}: holds no frontier", place=place)
    rows = pd.read_csv(place / TABLE, dtype={"status": str, "folder": str})
    said = next((facts for name in rows["folder"] if (facts := facts_of(place / name / SUMMARY))), {})
    if not said:
        raise CaseError.because("{place}: holds no frontier", place=place)
    numbers = [column for column in COLUMNS if column not in ("status", "folder")]
    rows[numbers] = rows[numbers].astype(float)
    what = str(rows["folder"].iloc[0]).partition("-")[0]
    found = of_table(Frontier(what, tuple(rows["point"])), rows)
    return found, str(said.get("park", "")), str(said.get("currency", ""))
