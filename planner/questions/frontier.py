"""Frontiers: a park planned to many deadlines, caps or budgets: what each costs, the earliest year that can be met, the knee."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

import pandas as pd
from rich.cells import cell_len
from rich.table import Table

from models.errors import CaseError
from planner.answer.page.charts import YearChart, year_figure
from planner.answer.page.page import document
from planner.answer.page.report import section
from planner.answer.page.table import Markup, Styles, join, number, table, tag
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
from planner.tables.output import PLANNED
from planner.tables.place import MOST_BYTES, SUMMARY, check_file, facts_of, write_file

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
#: Letters of a line of a head in a terminal, columns of one in Chinese, and the least columns of a status.
HEAD, CHINESE, STATUS = 9, 9, 6


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


def cells(found: Curve, currency: str, language: Language) -> tuple[list[str], list[list[tuple[float | None, str]]]]:
    """Heads, and for each point the numbers with their texts."""
    say = language.translate
    largest = float(found.rows["system_cost"].abs().max())
    unit, size = language.money_unit(currency, None if math.isnan(largest) else largest)
    steps = {BY: mark("{money}/year"), CAP: mark("{money}/(t/year)")}
    step = say(steps.get(found.frontier.what, "1"), money=language.currency(currency))
    head = [
        say(HEADS[found.frontier.what]),
        say("status"),
        say("system cost") + f" [{unit}]",
        say("gap"),
        say("extra cost") + f" [{unit}]",
        say("cost of the step") + f" [{step}]",
        say("capital") + f" [{unit}]",
        say("net in last year, t"),
    ]
    rows = []
    for r in found.rows.itertuples(index=False):
        cost, extra, capital = ((v, language.number(v / size, 1)) for v in (r.system_cost, r.extra_cost, r.capital))
        each = r.step_cost, language.number(r.step_cost, 0 if abs(r.step_cost) >= 100 else 2)
        point, status = (r.point, point_text(found, r.point, currency, language)), named(language, OWN_STATUSES, r.status)
        net = r.net_emissions_last_year, language.number(r.net_emissions_last_year)
        rows.append([point, (None, status), cost, (r.gap, language.percent(r.gap, 2)), extra, each, capital, net])
    return head, rows


def console_table(found: Curve, currency: str, language: Language) -> Table:
    """The table of a terminal: no number is cut, heads and statuses are folded."""
    head, rows = cells(found, currency, language)
    shown = Table(box=None, pad_edge=False)
    for i, title in enumerate(head):
        if i == 1:
            shown.add_column(title, justify="left", overflow="fold", min_width=STATUS)
        else:
            shown.add_column(folded(title, language), justify="right", no_wrap=True)
    for row in rows:
        shown.add_row(*(text for _, text in row))
    return shown


def folded(title: str, language: Language) -> str:
    """A head over lines; in Chinese, which has few gaps, it is parted at brackets and commas as well."""
    if language.code != "zh":
        return "\n".join(wrap(title, HEAD, break_long_words=False))
    lines = [""]
    for part in re.findall(r"[ （]?[^ （，]+，?", title):
        if cell_len(lines[-1] + part) > CHINESE and lines[-1]:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return "\n".join(lines)


def frontier_page(found: Curve, park: str, currency: str, language: Language) -> str:
    """The picture, what it says, and the table, as one HTML file."""
    say = language.translate
    title = say("Frontier: {what}", what=say(HEADS[found.frontier.what]))
    head, rows = cells(found, currency, language)
    body = [[text if value is None or value != value else number(value, text) for value, text in row] for row in rows]
    told = join(tag("p", text) for text in sentences(found, currency, language))
    parts = [tag("div", told, class_="lead"), _picture(found, currency, language), table(head, body, 2, title)]
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


def frontier_csv(found: Curve) -> str:
    """frontier.csv."""
    rows: pd.DataFrame = found.rows
    return rows.to_csv(index=False, float_format="%.12g", lineterminator="\n")


# --- files -----------------------------------------------------------------------------------------------------------------
# The files of a frontier beside the folders of its points: which are ours, and how they are written.

TABLE = "frontier.csv"
#: The columns that the table has had from the first.
BEGINNING = ",".join(COLUMNS[:3]) + ","
#: Stands in every page of a frontier, and in no page of another kind.
HEADING = b'<h2 id="frontier-title">'
#: Names of what may stand in the folder begin so.
KNOWN = ("by-", "cap-", "budget-", "frontier.", ".")


def is_table(path: Path) -> bool:
    """True for a table that was written here: told by its header."""
    try:
        with path.open(encoding="utf-8") as table:
            return table.readline(1_000).startswith(BEGINNING)
    except (OSError, ValueError):
        return False


def is_page(path: Path) -> bool:
    """True for a page that was written here: told by the heading of its only section."""
    try:
        return path.stat().st_size <= MOST_BYTES and HEADING in path.read_bytes()
    except OSError:
        return False


#: Name -> whether a file of that name is ours.
OURS = {TABLE: is_table, NAME: is_page}


def check_frontier_place(place: Path) -> None:
    """Raise CaseError where the folder of the points is a file, or holds other people's files."""
    if place.exists() and not place.is_dir():
        raise CaseError.because("--out {place}: is a file; name a folder", place=place)
    if not place.is_dir():
        return
    faults: list[str] = [
        Message("--out {place}: holds {name}, which is no point of a frontier; name another folder", place=place, name=repr(name))
        for name in sorted(p.name for p in place.iterdir() if not p.name.startswith(KNOWN))[:1]
    ]
    for name, is_ours in OURS.items():
        if os.path.lexists(place / name):
            try:
                check_file(place / name, f"--out {place / name}", is_ours)
            except CaseError as error:
                faults += error.complaints
    if faults:
        raise CaseError(faults)


def write_frontier(found: Curve, place: Path, park: str, currency: str, spoken: Language) -> None:
    """Write table and page. Raises CaseError where another's file stands there."""
    for name, text in ((TABLE, frontier_csv(found)), (NAME, frontier_page(found, park, currency, spoken))):
        write_file(place / name, f"--out {place / name}", text, OURS[name])


def read_frontier(place: Path) -> tuple[Curve, str, str]:
    """(curve, name of the park, its currency) of a folder that was written here. Raises CaseError where it is none."""
    if not is_table(place / TABLE):
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
