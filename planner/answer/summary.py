"""What summary.json says: the run, and of each plan its status, cost and what is proven of it."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from models.case import Case, Financing, StageRule, StandardFactor, Supply
from models.case.base import Row
from models.inputs.finance import resolve_standard
from models.metrics import METRICS
from planner.answer.hangs_on import composition
from planner.answer.money import goal_range
from planner.answer.purchase import estimates
from planner.plan import Breach, Difference, OnDays, Plan, Run, of_item
from planner.tables.output import FILE
from planner.tables.schema import TABLES

# --- standing --------------------------------------------------------------------------------------------------------------
# Whose zero it is: who set the rules of the goal, and what the year of the goal comes to by other standards.
#
# A standard is told by its rules that somebody beside this project has set: of its last stage that has any.
#
# .. math::
# gross^* = gross + \sum_s \varphi^*_s (M_s - g_s) - E_s, \quad
# use^* = \sum_s \tau^*_s (M_s - X_s) + \tau^*_{el} G, \quad G = direct\_green + \sum_s X_s
#
# for s in SUPPLIES; the first sum for those whose factor the standard fixes, the second of G for those of electricity.
#
# φ*  factor of the standard     t/MWh (s)      M, X  bought, sold     MWh (s)     g  certified  MWh (s)
# τ*  coal equivalent of it, else the park's   tce/MWh (s)     E  emissions of the supply, less its certificates  t (s)

# --- standards -------------------------------------------------------------------------------------------------------------
# What the catalogue has of standards: their rules, the factors that they fix, and what they are called; a rule by the formula of
# its notice. Raises nothing.

#: Within this share of a limit a rule is met: what holds in all hours within a thousandth.
WITHIN = 1e-3

CATALOGUE = FILE.parent
_Row = TypeVar("_Row", bound=Row)


@cache
def rules_of_catalogue() -> tuple[StageRule, ...]:
    """Rules of all standards of the catalogue."""
    return tuple(_read(StageRule))


@cache
def factors_of_catalogue() -> tuple[StandardFactor, ...]:
    """Factors that the standards of the catalogue fix."""
    return tuple(_read(StandardFactor))


def _read(kind: type[_Row]) -> Iterator[_Row]:
    """The rows of a table of the catalogue."""
    path: Path = CATALOGUE / f"{kind.table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield kind.model_validate({c: v for c, v in row.items() if v != "" and c in kind.columns()})


@cache
def titles_of_standard(standard: str) -> dict[str, str]:
    """What a standard of the catalogue is called."""
    with FILE.open(encoding="utf-8", newline="") as file:
        found = [r for r in csv.DictReader(file) if (r["kind"], r["name"]) == ("standard", standard)]
    return {"title_en": found[0]["title"], "title_zh": found[0]["title_zh"]} if found else {"title_en": "", "title_zh": ""}


def by_formula(rules: Sequence[Mapping[str, Any]], less: Mapping[str, float | None]) -> list[dict[str, Any]]:
    """Rules with the value that their notice's own formula gives, and whether that holds. It has no term for captured CO2: where
    some is taken off emissions per energy, that value is `ours`, a remark beside it.

    `less` is what the value is without certificates, and without capture too (`without`).
    """
    bare, told = less.get("capture"), [dict(rule) for rule in rules]
    for rule in told:
        if rule["metric"] == "intensity" and rule.get("value") is not None and bare is not None:
            ours, certified = rule["value"], less.get("certificates")
            rule["value"] = value = ours + bare - (ours if certified is None else certified)
            rule |= {"holds": value <= rule["limit"] * (1 + WITHIN), "ours": ours}
    return told


# --- standing --------------------------------------------------------------------------------------------------------------

PROPOSAL = "proposal"
#: Standards of a notice that asks for guiding indicators beside its core rules, one for each class of parks.
GUIDED = ("china-national", "china-national-large")
#: Share of clean energy that the notice's annex 3 asks for, as a guiding index.
CLEAN = 0.9
#: Emissions that are none.
TINY = 0.5  # t


def standing(case: Case, tables: Mapping[str, pd.DataFrame] | None = None) -> dict[str, Any]:
    """Whose the standard of the goal is: its titles, and the rules of the stage that is to be reached; with the tables of a plan,
    what emissions per energy of the year of the goal would be without certificates and capture, where it is a notice's."""
    goal = case.goal
    assert goal is not None
    own = [r for r in case.stages if (r.standard, r.stage) == (case.park.standard, goal.target)]
    rules = [_said(r, "metric", "sense", "limit", "standing", "issued", "source", "grade") for r in own]
    known = all(r.is_of_catalogue for r in own)
    name = case.park.standard
    told = {"name": name, **titles_of_standard(name if known else ""), "rules": rules}
    if tables is None or not known or name not in GUIDED or goal.by not in set(tables["emissions"]["year"]):
        return told
    return {**told, "without": without(reckoned(case, tables, goal.by, name))}


def beside(case: Case, tables: Mapping[str, pd.DataFrame], year: int) -> list[dict[str, Any]]:
    """Other standards of the catalogue: value and limit of each of their rules in a year, and whether the park is of their class.

    Of standards for classes of parks that of the park's class is told; where it is below all of them, the smallest.
    """
    names = [name for name in dict.fromkeys(r.standard for r in rules_of_catalogue()) if name != case.park.standard]
    if year not in set(tables["emissions"]["year"]):
        return []
    told = _found(case, tables, year)
    found = [_measured(case, told, year, name) for name in names]
    return [own for own in found if own is not None and (own["fits"] or own["least_energy"] == _smallest())]


def standards_table(case: Case, tables: Mapping[str, pd.DataFrame], told: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """standards.csv: every year by the rules of the standards of `beside`, whose year is that of the goal."""
    rows, columns = list[tuple[Any, ...]](), TABLES["standards"].names
    for year in sorted(set(tables["emissions"]["year"])):
        own = _found(case, tables, year)
        for name in (standard["name"] for standard in told):
            found = _measured(case, own, year, name)
            rows += [(year, name, *(rule[c] for c in columns[2:])) for rule in (found or {"rules": ()})["rules"]]
    return pd.DataFrame(rows, columns=list(columns))


def measured(case: Case, tables: Mapping[str, pd.DataFrame], year: int, name: str) -> dict[str, Any] | None:
    """What a year comes to by a standard of the catalogue: each rule with value and limit, and whether the park is of its class.
    None where the year is not planned or a figure is not known."""
    return _measured(case, _found(case, tables, year), year, name) if year in set(tables["emissions"]["year"]) else None


def figures(case: Case, tables: Mapping[str, pd.DataFrame], year: int, standard: str) -> dict[str, float]:
    """The figures that metrics are ratios of, in a year, with the factors of a standard."""
    return _figures(case, _found(case, tables, year), year, standard)


def _measured(case: Case, own: _Found, year: int, name: str) -> dict[str, Any] | None:
    """What a year comes to by a standard of the catalogue: each rule with value and limit, and whether the park is of its class.
    None where a figure is not known."""
    told, values = _told(name), _figures(case, own, year, name)
    least, most, used = *class_of(told), values["energy_use"]
    less = without(_reckoned(case, own, year, name)) if name in GUIDED else {}
    rules = by_formula([_held(r, values) for r in told], less)
    if not rules or any(r["value"] is None for r in rules):
        return None
    share = values["clean_energy"] / used if used > 0 else 0.0
    clean = [_guided(share)] if name in GUIDED else []
    return {
        "name": name,
        **titles_of_standard(name),
        "year": year,
        "energy_use": used,
        "least_energy": least if used < least else None,
        "fits": least <= used < most,
        "met": all(r["holds"] for r in rules),
        "rules": rules,
        "guidance": clean,
        "factors": _own_factors(name),
        "without": less,
        "own_factors": any(r.standard == name for r in factors_of_catalogue()),
    }


def _guided(share: float) -> dict[str, Any]:
    """The guiding index of clean energy, with its value."""
    return {"metric": "clean_share", "sense": ">=", "limit": CLEAN, "value": share, "holds": share >= CLEAN}


def _own_factors(name: str) -> list[dict[str, Any]]:
    """Factors and coal equivalents of electricity that a standard's rows of the catalogue state, and the grade of the latter."""
    rows = [r for r in factors_of_catalogue() if r.standard == name and r.carrier == "electricity"]
    return [{"factor": r.factor, "tce_per_mwh": r.tce_per_mwh, "grade": r.grade} for r in rows]


def class_of(rules: Sequence[StageRule]) -> tuple[float, float]:
    """Energy use (tce a year) of the parks that rules are for: at least, and below."""
    return max((r.class_from or 0.0 for r in rules), default=0.0), min((r.class_below or math.inf for r in rules), default=math.inf)


@cache
def _smallest() -> float:
    """Where the class of the smallest parks begins."""
    return min((r.class_from for r in rules_of_catalogue() if r.class_from), default=0.0)


@dataclass(frozen=True)
class _Found:
    """What the tables say of a year, looked up once for all standards.

    values     figure -> value                              flows    (flow, name) -> energy   MWh (imports and exports)
    emitted    (name, item) -> emissions   t                claimed  (supply, certificate, energy it certifies)   MWh
    """

    values: dict[str, float]
    flows: dict[tuple[str, str], float]
    emitted: dict[tuple[str, str], float]
    claimed: list[tuple[str, str, float]]

    def certified(self, supply: str) -> dict[str, float]:
        """Certificate -> energy of a supply that it certifies (MWh)."""
        return {certificate: value for s, certificate, value in self.claimed if s == supply}

    def emitted_by(self, supply: Supply, basis: str) -> float:
        """Emissions of a supply (t), before its certificates."""
        item = {1: "scope1", 2: f"scope2_{basis}", 3: "scope3"}.get(supply.scope or 0, "")
        return self.emitted.get((supply.supply, item), 0.0)


def _found(case: Case, tables: Mapping[str, pd.DataFrame], year: int) -> _Found:
    items = {item: float(value) for item, value in _rows(tables, "emissions", year, "item", "value")}
    grown = _rows(tables, "restoration", year, "project", "item", "value")
    counted = {project: float(value) for project, item, value in grown if item == "counted"}
    claimed = [(str(s), str(c), float(v)) for s, c, v in _rows(tables, "certificates", year, "supply", "certificate", "value")]
    flows: dict[tuple[str, str], float] = defaultdict(float)
    emitted: dict[tuple[str, str], float] = defaultdict(float)
    for flow, name, value in _rows(tables, "energy", year, "flow", "name", "value"):
        flows[flow, name] += float(value)
    for name, item, value in _rows(tables, "emission_sources", year, "name", "item", "value"):
        emitted[name, item] += float(value)
    outside = sum(counted.get(p.project, 0.0) for p in case.restoration if not p.inside)
    items["offset_volume"] = items["avoidance"] + items["removal_credits"] + outside
    power = {s.supply: s.green_share == 1 for s in case.supplies if s.carrier == "electricity"}
    items["certified_electricity"] = sum(value for s, _, value in claimed if s in power)
    low = [value for s, _, value in claimed if not power.get(s, True)] + [flows["import", s] for s in power if power[s]]
    items["low_carbon"] = items["direct_green"] + sum(low)
    direct = [s.supply for s in case.supplies if power.get(s.supply) and s.is_as_generated and s.direct]
    items["own_supply"] = items["direct_green"] + sum(flows["import", s] for s in direct)
    return _Found(items, flows, emitted, claimed)


def _rows(tables: Mapping[str, pd.DataFrame], name: str, year: int, *columns: str) -> Iterator[tuple[Any, ...]]:
    """These columns of the rows of a year."""
    table = tables[name]
    own = table[(table["year"] == year).to_numpy()]
    return zip(*(own[column].tolist() for column in columns), strict=True)


@dataclass(frozen=True)
class Reckoned:
    """What a supply, own green power or capture comes to in a year by the factors of a standard.

    name     '' for own green power, for what processes and all else emit, and for what is captured
    bought, sold, certified  MWh     tce  energy it counts for; each  tce/MWh
    emitted  t     factor  that of the standard, t/MWh; None where the park's own is kept
    """

    name: str
    bought: float
    sold: float
    certified: float
    each: float
    tce: float
    factor: float | None
    emitted: float


def reckoned(case: Case, tables: Mapping[str, pd.DataFrame], year: int, standard: str) -> list[Reckoned]:
    """Every term of gross emissions and of energy use in a year by the factors of a standard: their sums are those of `figures`.

    Supplies first; then own green power, which counts for energy; what processes and all else emit; last what is captured.
    """
    return _reckoned(case, _found(case, tables, year), year, standard)


def _reckoned(case: Case, own: _Found, year: int, standard: str) -> list[Reckoned]:
    found = list[Reckoned]()
    fixed, basis = _fixed(case, year, standard), case.park.accounting
    parks = sold_power = 0.0
    for s in case.supplies:
        bought, sold = (own.flows.get((flow, s.supply), 0.0) for flow in ("import", "export"))
        mine = own.certified(s.supply) if (s.scope, basis) == (2, "market") else {}
        before = own.emitted_by(s, basis)
        emitted = before + sum(own.emitted.get((c, "scope2_certified"), 0.0) for c in mine)
        parks += emitted
        factor = fixed.factor.get((s.supply, basis, year)) if s.scope in (1, 2) else None
        certified = sum(mine.values())
        emitted = emitted if factor is None else factor * (bought - certified)
        each = fixed.tce.get((s.supply, year), s.tce_per_mwh or 0.0)
        sold_power += sold if s.carrier == "electricity" else 0.0
        found.append(Reckoned(s.supply, bought, sold, certified, each, each * (bought - sold), factor, emitted))
    each = _of_power(case, fixed, year)
    green = own.values["direct_green"] + sold_power
    found.append(Reckoned("", green, 0.0, 0.0, each, each * green, None, 0.0))
    captured = own.values["captured_fossil"]
    for other in (own.values["gross"] - parks + captured, -captured):
        found.append(Reckoned("", 0.0, 0.0, 0.0, 0.0, 0.0, None, other))
    return found


def without(terms: Sequence[Reckoned]) -> dict[str, float | None]:
    """Emissions per energy of all terms (t/tce) without certificates, and without these and capture; None where there are none."""
    energy, emitted, captured = sum(t.tce for t in terms), sum(t.emitted for t in terms), terms[-1].emitted
    more = sum((t.factor or 0.0) * t.certified for t in terms)
    return {
        "certificates": (emitted + more) / energy if more > TINY and energy > 0 else None,
        "capture": (emitted + more - captured) / energy if captured < -TINY and energy > 0 else None,
    }


def _fixed(case: Case, year: int, standard: str) -> Any:
    """Factors and coal equivalents that a standard of the catalogue fixes."""
    rows = tuple(r for r in factors_of_catalogue() if r.standard == standard)
    park = case.park.model_copy(update={"standard": standard})
    return resolve_standard(case.model_copy(update={"park": park, "standards": rows}), [year])


def _of_power(case: Case, fixed: Any, year: int) -> float:
    """Coal equivalent of electricity (tce/MWh): as the standard fixes it, else as the park's first grid states it."""
    return float(fixed.tce_electricity.get(year, (case.first_grid.tce_per_mwh or 0.0) if case.first_grid else 0.0))


def _figures(case: Case, own: _Found, year: int, standard: str) -> dict[str, float]:
    """The figures that metrics are ratios of, in a year: gross and net emissions and energy as a standard works them out."""
    if not any(r.standard == standard for r in factors_of_catalogue()):
        return own.values
    terms, told = _reckoned(case, own, year, standard), own.values
    power, gross = terms[len(case.supplies)], sum(t.emitted for t in terms)
    bought = sum((s.green_share or 0.0) * t.each * t.bought for s, t in zip(case.supplies, terms, strict=False))
    return {
        **told,
        "gross": gross,
        "net": told["net"] + gross - told["gross"],
        "energy_use": sum(t.tce for t in terms),
        "clean_energy": bought + power.each * told["direct_green"],
    }


def _held(rule: StageRule, values: Mapping[str, float]) -> dict[str, Any]:
    """A rule with its value, None where there is none."""
    above, below = (values[name] for name in METRICS[rule.metric].ratio)
    value = above / below if below > 1e-9 else None
    slack = None if value is None else (rule.limit - value) * (1 if rule.sense == "<=" else -1)
    holds = slack is not None and slack >= -WITHIN * max(abs(rule.limit), 1.0 if METRICS[rule.metric].of_base else 0.0)
    found = {**_said(rule, "metric", "sense", "limit"), "value": value, "holds": holds}
    return found | _said(rule, "standing", "issued", "source")


def _said(rule: StageRule, *names: str) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in names}


def _told(standard: str) -> list[StageRule]:
    """Rules of a standard that are no proposal of this project, of its last stage that has any."""
    rules = [r for r in rules_of_catalogue() if r.standard == standard and r.standing != PROPOSAL]
    return [r for r in rules if r.order == max(r.order for r in rules)]


# --- summary ---------------------------------------------------------------------------------------------------------------

#: Facts of a plan, under the names of summary.json.
Facts = Mapping[str, Any]


def summary(run: Run, case: Case) -> dict[str, Any]:
    """All that summary.json holds."""
    goal = case.goal
    assert goal is not None
    told = {
        "park": case.park.name,
        **plan_facts(run.target),
        "typical_days": plan_facts(run.target)["typical_days"] or _days(run),
        "target": goal.target,
        "by": goal.by,
        "milestones": dict(goal.milestones),
        "standard": case.park.standard,
        "standing": standing(case, run.target.tables if run.target.has_tables else None),
        "beside": beside(case, run.target.tables, goal.by) if run.target.has_tables else [],
        "currency": run.currency,
        "price_year": case.park.price_year,
        "discount_rate": case.park.discount_rate,
        "timing": (case.park.finance or Financing()).timing,
        "financing": _financing(case.park.finance),
        "accounting": case.park.accounting,
        "base_year": case.park.base_year,
        "base_emissions": _finite(run.base),
        "base_location": getattr(run.base, "location", None),
        "base_operated": getattr(run.base, "operated", None),
        "compared_with": run.compared_with if run.compared_with in run.plans and run.plans[run.compared_with].has_tables else None,
        "blocking": [_breach_facts(b) for b in run.blocking],
        "breaches": [_breach_facts(b) for b in run.breaches],
        "explanation": list(run.explanation),
        "composition": composition(run.target.tables, case.park.accounting, goal.by) if run.target.has_tables else None,
        "goal_cost": _difference_facts(run.goal_cost),
        "plans": {
            name: {
                **plan_facts(plan),
                "abatement_cost": _difference_facts(run.abatement_cost.get(name)),
                **({"saved": run.saved[name]} if name in run.saved else {}),
            }
            for name, plan in run.plans.items()
        },
        **chain_facts(run),
        "estimates": estimates(case),
        "warnings": [*case.warnings, *run.warnings],
    }
    return {**told, "goal_cost_range": goal_range(told)}


def chain_facts(run: Run) -> dict[str, Any]:
    """What a chain of plans that know some years ahead costs more than one that knows all, and where it ends if it has no plan;
    nothing of any other run."""
    found = run.foresight
    if found is None:
        return {}
    more = None if found.cost is None else found.cost - found.least
    told = {"years": found.years, "cost": found.cost, "known": found.least, "more": more, "ends": found.failed}
    return {"foresight": told}


def _financing(terms: Financing | None) -> dict[str, Any] | None:
    """Terms of the loan, of tax and of inflation; None where no statements are asked for."""
    if terms is None:
        return None
    own = {name: getattr(terms, name) for name in ("interest", "tenor", "grace", "cover_ratio", "tax_rate", "inflation")}
    return {"debt_share": terms.most_debt, **own, "owners": bool(terms.owners)}


def plan_facts(plan: Plan) -> dict[str, Any]:
    """What summary.json says of one plan. `system_cost`, `bound` and `gap` are of the same hours: bound and gap of all hours, or
    None; what was found on typical days stands in a block of its own."""
    facts: dict[str, Any] = {
        "status": plan.status,
        "system_cost": plan.system_cost,
        "bound": plan.bound,
        "gap": plan.gap,
        "proof": plan.proof,
        "typical_days": None if plan.on_days is None else {k: _finite(v) for k, v in asdict(plan.on_days).items()},
    }
    if plan.has_tables:
        net = of_item(plan.tables["emissions"], "net")
        facts["net_emissions_last_year"] = float(net["value"].iloc[-1])
        facts["verified"] = plan.verified
        facts["repairs"] = plan.repairs
        if plan.hourly_gap is not None:
            facts["hourly_gap"] = plan.hourly_gap
        if plan.units_cost is not None:
            facts["units_cost"] = plan.units_cost
        if plan.operated is not None:
            facts["operated_cost"] = plan.operated
        if plan.failure:
            facts["hourly_failure"] = plan.failure
    if plan.note:
        facts["note"] = plan.note
    return {k: _finite(v) for k, v in facts.items()}


def day_count(facts: Facts) -> int:
    """On how many typical days was planned; 0 is every hour."""
    days = facts.get("typical_days")
    return int(days["count"]) if days else 0


def is_of_all_hours(facts: Facts) -> bool:
    """True if costs and emissions of a plan are those of all hours, and not of typical days."""
    return bool(facts.get("verified")) or not day_count(facts)


def _days(run: Run) -> dict[str, Any] | None:
    """The block of a run without a plan on its typical days."""
    return asdict(OnDays(run.typical_days)) if run.typical_days else None


def _finite(value: Any) -> Any:
    """None for a number that is none: JSON has no NaN and no Infinity."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _difference_facts(found: Difference | None) -> dict[str, float | None] | None:
    return None if found is None else asdict(found)


def _breach_facts(breach: Breach) -> dict[str, Any]:
    return {"stage": breach.stage, "metric": breach.metric, "year": breach.year, "amount": breach.amount, "unit": breach.unit}
