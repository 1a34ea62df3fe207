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
from typing import Any

import pandas as pd

from models.metrics import METRICS
from planner.language.language import Language, mark
from planner.tables.output import Tables

# --- composition -----------------------------------------------------------------------------------------------------------
# What the net emissions of a year are made of: what is emitted by source, and everything that is taken off it.
#
# A zero that rests on certificates, credits or land is another zero than one that emits nothing; so every claim of a stage is
# told with this.

#: Below this share of what is emitted a part is left out of the sentence.
SMALL = 5e-4
#: Below 0 by less than this share of base emissions (0.00 % of them), net emissions are 0: a credit too many within the gap.
NOTHING = 5e-5


def left_net(net: float, base: float) -> float:
    """Net emissions (t) as they are told, by base emissions (t)."""
    return 0.0 if -NOTHING * base < net < 0 else net


def net_told(language: Language, net: float | None, base: float) -> str:
    """Net emissions (t) as a number to be read, by base emissions (t)."""
    return language.number(None if net is None else left_net(net, base))


def items_of(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, float]:
    """Item of emissions.csv -> its value in a year."""
    rows = tables["emissions"]
    found = zip(rows["year"].tolist(), rows["item"].tolist(), rows["value"].tolist(), strict=True)
    return {item: value for of_year, item, value in found if of_year == year}


def composition(tables: Mapping[str, pd.DataFrame], accounting: str, year: int) -> dict[str, Any]:
    """The parts of a year's net emissions (t), those taken off as positive numbers.

    .. math:: net = \\sum emitted\\_by\\_source - certificates - captured - restoration - credits

    emitted_by_source  source -> what it emits before capture and certificates, scope 2 on the basis of the rules
    certificates     taken off by green certificates; 0 on the location basis
    captured         fossil, biogenic and air CO2 captured
    restoration      uptake of restored land that is counted
    credits          avoidance and removal credits
    gross, net       as in emissions.csv: gross is after certificates and fossil capture
    gross_location   gross with scope 2 on the location basis, on which certificates and green contracts change nothing
    """
    item = items_of(tables, year)
    rows = tables["emission_sources"]
    rows = rows[rows["year"] == year]
    kinds = ("scope1", f"scope2_{accounting}", "scope3")
    by_source = rows[rows["item"].isin(kinds)].groupby("name", sort=False)["value"].sum()
    taken = rows[rows["item"] == "scope2_certified"]["value"].sum() if accounting == "market" else 0.0
    found: dict[str, Any] = {"year": int(year), "emitted_by_source": {str(k): float(v) for k, v in by_source.items() if v}}
    found |= {
        "certificates": abs(float(taken)),
        "captured": float(item["captured_fossil"] + item["captured_removals"]),
        "restoration": float(item["restoration"]),
        "credits": float(item["avoidance"] + item["removal_credits"]),
        "gross": float(item["gross"]),
        "net": float(item["net"]),
        "gross_location": float(item["scope1"] + item["scope2_location"] + item["scope3"]),
    }
    return found


def told_composition(language: Language, parts: Mapping[str, Any], base: float, base_location: float | None = None) -> str:
    """The parts as one sentence, without a full stop: what is emitted, what is taken off, and the location-based figure beside
    that of the base year, where it is known; by base emissions (t)."""
    say = language.translate
    emitted = sum(parts["emitted_by_source"].values())
    words = {
        "certificates": say("certificates"),
        "captured": say("captured"),
        "restoration": say("restored land"),
        "credits": say("credits"),
    }
    off = [f"{words[key]} {language.number(parts[key])} t" for key in words if parts[key] > max(SMALL * emitted, 0.5)]
    values = {
        "year": parts["year"],
        "net": net_told(language, parts["net"], base),
        "emitted": language.number(emitted),
        "off": say(", ").join(off),
        "location": language.number(parts["gross_location"]),
    }
    told = (
        mark("net {net} t in {year}: {emitted} t emitted less {off}; gross on the location basis {location} t")
        if off
        else mark("net {net} t in {year}: {emitted} t emitted, nothing taken off; gross on the location basis {location} t")
    )
    if base_location is None:
        return say(told, **values)
    return say("{words} ({then} t in the base year)", words=say(told, **values), then=language.number(base_location))


# --- hangs on --------------------------------------------------------------------------------------------------------------

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
