r"""What the goal hangs on: which of the things that make a year's emissions as low as they are would, missing alone, miss a rule.

.. math:: \text{over}_{p,r} = F_r + e_{p,r} - L_r D_r \qquad e_{s} = M_s (\varphi_{grid} - \varphi_s)

Nothing is decided in its place: every other figure is that of the plan. A green contract is one whose power, bought from the grid
at its mean emissions of the year, would emit more; e is the second formula then. Rules that a standard works out with its own
factors are left out.

F  gross or net emissions     t (r)       L  limit of the rule (r)     D  what it is a limit of, base emissions or energy (r)
e  emissions that come back without p: certified, captured, bound, credited   t (p,r)
M  bought      MWh (s)                    φ  emissions, market basis    t/MWh (s, and mean of other bought power)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from models.metrics import METRICS
from planner.answer.composition import items_of
from planner.language.language import Language, mark
from planner.tables.output import Tables

#: What the plan takes off, and which figures rise by how much of it without it.
PARTS = {
    "certificates": mark("green certificates"),
    "capture": mark("CO2 capture"),
    "restoration": mark("restored land"),
    "credits": mark("credits"),
}
#: Below so many tonnes a part is none.
TINY = 0.5


@dataclass(frozen=True)
class GoalPart:
    """A part without which emissions are higher, and the rules of the goal that are missed then.

    kind        one of PARTS, or `contract`     name     of the supply of a contract, else ''
    gross, net  t more without it               metrics  of the rules that are missed
    over        t above the rule that is missed by most; below 0: to spare
    """

    kind: str
    name: str
    gross: float
    net: float
    metrics: tuple[str, ...]
    over: float

    @property
    def is_missed(self) -> bool:
        """True if a rule of the goal is missed without it."""
        return bool(self.metrics)


def hangs_on(tables: Tables, accounting: str, stage: str, year: int) -> list[GoalPart]:
    """The parts of a year, those that are missed by most first; none where the stage has no rule of emissions in that year."""
    rules = tables["stages"]
    rules = rules[(rules["year"] == year) & (rules["stage"] == stage) & (rules["sense"] == "<=") & (rules["factors"] == "park")]
    rules = rules[rules["metric"].isin([m.name for m in METRICS.values() if m.numerator in ("gross", "net")])]
    items = items_of(tables, year)
    if rules.empty or not items:
        return []
    found = []
    for kind, name, gross, net in _parts(tables, accounting, year, items):
        if max(gross, net) <= TINY:
            continue
        missed = []
        for rule in rules.itertuples():
            metric = METRICS[str(rule.metric)]
            below = float(items[metric.denominator])
            value = float(items[metric.numerator]) + (gross if metric.numerator == "gross" else net)
            over = value - float(rule.limit) * below
            missed.append((over, metric.name, over > float(rule.tolerance) * below + TINY))
        metrics = tuple(metric for _, metric, is_missed in missed if is_missed)
        found.append(GoalPart(kind, name, gross, net, metrics, max(over for over, *_ in missed)))
    return sorted(found, key=lambda part: -part.over)


def _parts(tables: Tables, accounting: str, year: int, items: Mapping[str, float]) -> Iterator[tuple[str, str, float, float]]:
    """Kind, name, and the tonnes by which gross and net emissions are higher without it."""
    sources = tables["emission_sources"]
    sources = sources[sources["year"] == year]
    if accounting == "market":
        certified = -float(sources[sources["item"] == "scope2_certified"]["value"].sum())
        yield "certificates", "", certified, certified
        yield from _contracts(tables, year, sources)
    fossil, removed = float(items["captured_fossil"]), float(items["captured_removals"])
    yield "capture", "", fossil, fossil + removed
    yield "restoration", "", 0.0, float(items["restoration"])
    yield "credits", "", 0.0, float(items["avoidance"] + items["removal_credits"])


def _contracts(tables: Tables, year: int, sources: pd.DataFrame) -> Iterator[tuple[str, str, float, float]]:
    """Each contract whose power would emit more if it came from the grid."""
    contracts = dict.fromkeys(tables["contracts"]["supply"])
    if not contracts:
        return
    energy = tables["energy"]
    rows = energy[(energy["year"] == year) & (energy["flow"] == "import") & (energy["carrier"] == "electricity")]
    bought = rows.groupby("name", observed=True)["value"].sum()
    emitted = sources[sources["item"] == "scope2_market"].groupby("name", observed=True)["value"].sum()
    emitted = emitted.reindex(bought.index, fill_value=0.0)
    names = [name for name in contracts if name in bought.index]
    grid = [name for name in bought.index if name not in names]
    power = float(bought[grid].sum())
    if power <= 0:
        return
    factor = float(emitted[grid].sum()) / power
    for name in names:
        more = float(bought[name]) * factor - float(emitted[name])
        yield "contract", str(name), more, more


def called(language: Language, part: GoalPart) -> str:
    """What a part is called."""
    if part.kind == "contract":
        return language.translate("{contract}, its power bought from the grid", contract=part.name)
    return language.translate(PARTS[part.kind])


def told_hangs_on(language: Language, parts: list[GoalPart], year: int) -> str:
    """The parts without any one of which a rule is missed, and by how much; or that there is none. Empty without parts."""
    missed = [part for part in parts if part.is_missed]
    if not parts:
        return ""
    if not missed:
        return language.translate(
            "The goal of {year} hangs on no single thing that takes emissions off, all else as planned.", year=year
        )
    told = (
        language.translate("{what} ({more})", what=called(language, part), more=f"{language.number(part.over)} t")
        for part in missed
    )
    words = (
        mark("The goal of {year} hangs on {parts}: without it, all else as planned, it is missed by so much.")
        if len(missed) == 1
        else mark(
            "The goal of {year} hangs on each of these: {parts}. Without any one, all else as planned, it is missed by so much."
        )
    )
    return language.translate(words, year=year, parts=language.translate(", ").join(told))
