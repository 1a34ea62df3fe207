"""Emissions as series: by source down to net, limits of the stages, what cuts them against the reference, scope 2 in both books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from models import metrics
from planner.answer import series
from planner.answer.facts import Told, as_rows, fact, told
from planner.answer.hangs_on import composition, told_composition
from planner.answer.page.report import Report
from planner.answer.standing_words import asked, by_standard, titled, told_guidance, told_rules
from planner.answer.summary import GUIDED
from planner.language.language import mark
from planner.language.words import EMISSIONS, METRICS, PLANS, named, told_metric
from planner.plan import REFERENCE
from planner.tables.output import Tables
from planner.tables.tenants import SIGNS, Flow, Node, traced

# --- cuts ------------------------------------------------------------------------------------------------------------------
# What cuts emissions: the difference of two plans shared out to the decisions that make it, without a remainder.
#
# Each carrier is given the emissions that a MWh of it has in the reference of the year, traced from what is bought through
# everything that converts it (an output's share of the input's emissions is its share of the energy that comes out). A
# decision cuts the emissions of what it gives less those of what it takes. Since every balance is an equality, these add up
# to the difference of net emissions.

#: Names of cuts that are none of a technology, store, link or supply.
SAVED, SOLD, CAPTURED, CERTIFIED, PROCESS, LESS = "saved", "sold", "captured", "certified", "process", "less"
EMBODIED = "embodied"
WORDS = {
    SAVED: mark("energy saved by measures"),
    SOLD: mark("energy sold or given away"),
    CAPTURED: mark("CO2 captured, less what its energy emits"),
    CERTIFIED: mark("green certificates"),
    PROCESS: mark("process emissions"),
    EMBODIED: mark("embodied in orders"),
    LESS: mark("less use of what the reference runs on"),
}


def cuts(plan: Tables, reference: Tables, accounting: str) -> pd.DataFrame:
    """Tonnes that each decision cuts against the reference: one row a year, one column a decision; below 0 where it adds.

    The sum of a row is the reference's net emissions less the plan's.
    """
    mine, theirs = _years_of(plan), _years_of(reference)
    rows = {y: _year(mine[y], theirs[y], accounting) for y in sorted(set(mine) & set(theirs))}
    found = pd.DataFrame.from_dict(rows, orient="index").fillna(0.0).sort_index()
    less = [name for name in _used_less(plan, reference) if name in found]
    if less:
        found[LESS] = found[less].sum(axis=1)
    return found.drop(columns=less)


def _used_less(plan: Tables, reference: Tables) -> list[str]:
    """Technologies, stores and supplies that give less in the plan than in the reference, over all years."""
    gives = ("out", "import", "discharge")
    mine, theirs = (t["energy"][t["energy"]["flow"].isin(gives)].groupby("name")["value"].sum() for t in (plan, reference))
    return [str(name) for name, energy in theirs.items() if mine.get(name, 0.0) < energy]


@dataclass(frozen=True)
class YearOfCuts:
    """A year of a plan: its flows, tonnes by (source, item), the items of emissions.csv, capture plants, and what it orders."""

    flows: list[Flow]
    sources: dict[tuple[str, str], float]
    items: dict[str, float]
    plants: frozenset[str]
    ordered: frozenset[str]


def _years_of(tables: Tables) -> dict[int, YearOfCuts]:
    """The tables of a plan, year by year."""
    plants, orders = frozenset(_capture_plants(tables)), tables["investments"]
    found = {
        int(y): YearOfCuts([], {}, {}, plants, frozenset(orders[orders["year"] == y]["technology"]))
        for y in dict.fromkeys(tables["emissions"]["year"])
    }
    energy = tables["energy"][tables["energy"]["carrier"] != "co2"]
    for r in energy.itertuples():
        found[r.year].flows.append(Flow((r.zone, r.carrier), r.flow, r.name, r.value))
    for r in tables["emission_sources"].itertuples():
        found[r.year].sources[r.name, r.item] = r.value
    for r in tables["emissions"].itertuples():
        found[r.year].items[r.item] = r.value
    return found


def _capture_plants(tables: Tables) -> Iterable[str]:
    """Technologies that give CO2."""
    rows = tables["energy"]
    return set(rows[(rows["carrier"] == "co2") & (rows["flow"] == "out")]["name"])


def _year(plan: YearOfCuts, reference: YearOfCuts, accounting: str) -> dict[str, float]:
    intensity = intensities(reference, plan, accounting)
    mine, theirs = (_worth(year, intensity, accounting) for year in (plan, reference))
    found = {name: mine.get(name, 0.0) - theirs.get(name, 0.0) for name in dict.fromkeys([*mine, *theirs])}
    return {name: value for name, value in found.items() if abs(value) > 1e-9}


def _emitted(year: YearOfCuts, accounting: str) -> dict[str, float]:
    """Tonnes of each source before capture and certificates."""
    items = ("scope1", f"scope2_{accounting}", "scope3")
    found: dict[str, float] = {}
    for (source, item), tonnes in year.sources.items():
        if item in items:
            found[source] = found.get(source, 0.0) + tonnes
    return found


def intensities(reference: YearOfCuts, plan: YearOfCuts, accounting: str) -> dict[Node, float]:
    """Emissions of a MWh of each carrier in each zone (t/MWh), as `traced` finds them."""
    theirs, mine = ({("import", name): tonnes for name, tonnes in _emitted(year, accounting).items()} for year in (reference, plan))
    return {node: float(each[0]) for node, each in traced(reference.flows, plan.flows, theirs, mine).items()}


def _worth(year: YearOfCuts, intensity: Mapping[Node, float], accounting: str) -> dict[str, float]:
    """Emissions that each decision saves at the given intensities; minus their sum is the net emissions of the plan."""
    worth: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        worth[name] = worth.get(name, 0.0) + value

    bought = {f.name for f in year.flows if f.flow == "import"}
    for f in year.flows:
        if f.flow in SIGNS:
            own = {"export": SOLD, "demand": SAVED}.get(f.flow, CAPTURED if f.name in year.plants else f.name)
            add(own, SIGNS[f.flow] * f.value * intensity[f.node])
    for source, value in _emitted(year, accounting).items():
        add(source if source in bought else EMBODIED if source in year.ordered else PROCESS, -value)
    for (_, item), value in year.sources.items():
        if item.endswith("_captured"):
            add(CAPTURED, -value)
        elif item == "scope2_certified" and accounting == "market":
            add(CERTIFIED, -value)
    add(CAPTURED, year.items.get("captured_removals", 0.0))
    for item in ("restoration", "removal_credits", "avoidance"):
        add(item, year.items.get(item, 0.0))
    return worth


# --- emissions -------------------------------------------------------------------------------------------------------------

#: What makes up for emissions, as items of emissions.csv.
MADE_UP = ("captured_removals", "restoration", "removal_credits", "avoidance")
#: In the column `factors` of stages.csv: the rule uses the factors of its standard, not those of the park.
OF_STANDARD = "standard"
#: Metrics whose limit can be drawn in tonnes, each with the figure that the limit is a share of.
LIMITS = {m.name: m.denominator for m in metrics.METRICS.values() if m.numerator in ("gross", "net")}


def sources(report: Report, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Tonnes by source on the basis of the rules, what is taken off and made up for below 0; the sum is net."""
    say = report.language.translate
    rows, scope2 = tables["emission_sources"], f"scope2_{report.output.summary.get('accounting', 'market')}"
    emitted = report.over_years(rows[rows["item"].isin(["scope1", scope2, "scope3"])], "name", most=8)
    taken = {say(EMISSIONS["captured_fossil"]): rows["item"].str.endswith("_captured")}
    if scope2 == "scope2_market":
        taken[say("green certificates")] = rows["item"] == "scope2_certified"
    items = series.over_years(tables["emissions"], "item").reindex(report.output.years, fill_value=0.0)
    parts = {name: rows[mask].groupby("year")["value"].sum().reindex(emitted.index, fill_value=0.0) for name, mask in taken.items()}
    parts |= {say(EMISSIONS[item]): -items[item] for item in MADE_UP if item in items}
    below = pd.DataFrame(parts, index=emitted.index)
    kept = [c for c in below if below[c].abs().max() > 1e-6 * max(emitted.to_numpy().max(initial=0.0), 1.0)]
    return pd.concat([emitted, below[kept]], axis=1)


def net_lines(report: Report) -> pd.DataFrame:
    """Net emissions of the target and of the reference."""
    names = {"target": report.output.target}
    if report.output.compared is not None:
        names[report.output.summary.get("compared_with") or REFERENCE] = report.output.compared
    net = series.net_emissions(names).reindex(report.output.years)
    say, language = report.language.translate, report.language
    return net.rename(columns={n: say("net, {plan}", plan=named(language, PLANS, n)) for n in net})


def stage_limits(report: Report) -> pd.DataFrame:
    """Limits in tonnes of the rules in force, by year; NaN in years without such a rule.

    Rules with the factors of their standard are left out: the emissions in the picture are worked out with those of the park.
    """
    tables = report.output.target
    items = series.over_years(tables["emissions"], "item")
    rules = tables["stages"]
    rules = rules[rules["factors"] != OF_STANDARD]
    found = {}
    for (metric, sense), own in rules[rules["metric"].isin(list(LIMITS))].groupby(["metric", "sense"], sort=False):
        of = items[LIMITS[str(metric)]].reindex(own["year"]).to_numpy()
        name = report.language.translate("limit: {metric}", metric=named(report.language, METRICS, str(metric)))
        label = name if sense == "<=" else f"{name} ({sense})"
        found[label] = pd.Series(own["limit"].to_numpy(dtype=float) * of, index=own["year"].to_numpy())
    return pd.DataFrame(found, index=report.output.years)


@fact
def down_to_net(report: Report) -> pd.DataFrame:
    """Emissions by source, what is taken off and made up for, gross and net, and the limits."""
    items, lines = series.over_years(report.output.target["emissions"], "item"), net_lines(report)
    gross = report.language.translate("gross, {plan}", plan=report.plan_name("target"))
    lines[gross] = items["gross"].reindex(lines.index)
    bars = as_rows(sources(report, report.output.target))
    return pd.concat([bars, as_rows(lines, "line"), as_rows(stage_limits(report), "limit")])


@fact
def net_by_plan(report: Report) -> pd.DataFrame:
    """Net emissions of every plan, with the base year and the tightest limit of the goal."""
    say, output = report.language.translate, report.output
    net = series.net_emissions(output.plans).reindex(output.years).rename(columns=report.plan_name)
    limits = stage_limits(report)
    base = output.summary.get("base_emissions")
    net[say("base year")] = base
    goal = pd.DataFrame({say("goal"): limits.min(axis=1)}, index=output.years, dtype=float)
    return pd.concat([as_rows(net.astype(float), "line"), as_rows(goal, "limit")])


@fact
def scopes(report: Report) -> pd.DataFrame:
    """Emissions by scope on the basis of the rules, and net."""
    frame = series.emissions(report.output.target, report.output.summary["accounting"])
    frame = frame.rename(columns={name: report.language.translate(EMISSIONS[name]) for name in frame})
    return pd.concat([as_rows(frame.iloc[:, :-1]), as_rows(frame.iloc[:, -1:], "line")])


@fact
def what_cuts(report: Report) -> pd.DataFrame:
    """What each decision cuts against the other plan, the most first, and net emissions of both; nothing without that plan."""
    output, say, other = report.output, report.language.translate, report.output.compared
    if other is None or other is output.target:
        return pd.DataFrame()
    parts = cuts(output.beside(output.summary["compared_with"]), other, output.summary.get("accounting", "market"))
    parts = parts.rename(columns={c: say(t) for c, t in {**EMISSIONS, **WORDS}.items()})
    parts = parts.T.groupby(level=0, sort=False).sum().T
    return pd.concat([as_rows(parts), as_rows(net_lines(report), "line")]) if parts.columns.size else pd.DataFrame()


@fact
def both_books(report: Report) -> pd.DataFrame:
    """Scope 2 on both bases, and gross emissions on each."""
    say = report.language.translate
    items = series.over_years(report.output.target["emissions"], "item").reindex(report.output.years)
    rest = items["scope1"] + items["scope3"]
    frame = {say(EMISSIONS[f"scope2_{basis}"]): items[f"scope2_{basis}"] for basis in ("location", "market")}
    frame[say("gross emissions, location basis")] = rest + items["scope2_location"]
    frame[say("gross emissions, market basis")] = rest + items["scope2_market"]
    return as_rows(pd.DataFrame(frame), "line")


#: Parts of green electricity -> what they are added up of, and what that is a share of; on the market basis contracts and
#: certificates count, on the location basis what the park makes, or what comes by a line of its own.
GREEN = {
    "physical": (("direct_green", "direct_contracts"), "electricity_used"),
    "contracts": (("contracts",), "electricity_used"),
    "certified": (("certified",), "electricity_used"),
    "market": (("direct_green", "direct_contracts", "contracts", "certified"), "electricity_used"),
    "matched_own": (("matched_own",), "hourly_use"),
    "matched": (("matched",), "hourly_use"),
}


@fact
def green_shares(report: Report) -> pd.DataFrame:
    """Shares of the electricity of each year that are physical, bought green, backed by certificates, and matched by the hour."""
    if report.output.alone["green_power"].empty:
        return pd.DataFrame()
    items = series.over_years(report.output.alone["green_power"], "item")
    frame = {name: 100 * items[list(parts)].sum(axis=1) / items[of].where(items[of] > 0) for name, (parts, of) in GREEN.items()}
    return as_rows(pd.DataFrame(frame)).rename(columns={"series": "item"}).assign(unit="%")


@fact
def other_standards(report: Report) -> pd.DataFrame:
    """Every rule of standards.csv by year: whose it is, what it asks for, and what the plan comes to."""
    language, rows = report.language, report.output.alone["standards"]
    titles = {own["name"]: titled(language, own) for own in report.output.summary.get("beside") or ()}
    asks = [asked(language, rule) for rule in rows.to_dict("records")]
    units = [metrics.METRICS[m].unit.replace("1", "%") for m in rows["metric"]]
    values = rows["value"].where([unit != "%" for unit in units], 100 * rows["value"])
    return rows.assign(standard=[titles.get(name, name) for name in rows["standard"]], item=asks, unit=units, value=values)


@fact
def notice_index(report: Report) -> pd.DataFrame:
    """Emissions per energy of each year as the national notice counts them, and its limit."""
    rows, say = report.output.alone["standards"], report.language.translate
    rows = rows[(rows["metric"] == "intensity") & rows["standard"].isin(GUIDED)].assign(unit="t/tce")
    lines = rows.assign(series=say(METRICS["intensity"]), drawn="line")
    return pd.concat([lines, rows.assign(series=say("limit"), drawn="limit", value=rows["limit"])])


@fact
def grid_stays(report: Report) -> pd.DataFrame:
    r"""Emissions of the years from the goal on where each supply keeps the emission factor :math:`f_{s}` that it has in that year,
    beside the tightest limit of each.

    .. math:: \Delta_y = \sum_s (f_s E_{s,y} - T_{s,y})

    E  energy bought (MWh), T  its emissions on the basis of the rules (t)   (s, y)
    """
    say, tables, by = report.language.translate, report.output.target, int(report.output.summary["by"])
    energy, sources_ = tables["energy"], tables["emission_sources"]
    bought = energy[energy["flow"] == "import"].groupby(["year", "name"])["value"].sum().unstack(fill_value=0.0)
    rows = sources_[sources_["item"] == f"scope2_{report.output.summary.get('accounting', 'market')}"]
    if by not in bought.index or rows.empty or by >= report.output.years[-1]:
        return pd.DataFrame()
    emitted = rows.groupby(["year", "name"])["value"].sum().unstack(fill_value=0.0).reindex(bought.index, fill_value=0.0)
    names = [n for n in emitted if n in bought and bought.loc[by, n] > 0]
    more = (bought[names] * (emitted.loc[by, names] / bought.loc[by, names]) - emitted[names]).sum(axis=1)
    items = series.over_years(tables["emissions"], "item").reindex(bought.index)
    made, rules = [], tables["stages"]
    rules = rules[(rules["sense"] == "<=") & (rules["factors"] != OF_STANDARD)]
    for figure in ("gross", "net"):
        limits = rules[rules["metric"] == f"{figure}_ratio"].groupby("year")["limit"].min() * items["base"]
        parts = {
            mark("{figure}, as planned"): items[figure],
            mark("{figure}, factors as in {year}"): items[figure] + more,
            mark("{figure}, the limit"): limits,
        }
        for words, values in parts.items():
            what = say(words, figure=say(EMISSIONS[figure]), year=by)
            made.append(values[values.index >= by].rename("value").rename_axis("year").reset_index().assign(item=what, unit="t"))
    return pd.concat(made)


@fact
def base_rests_on(report: Report) -> pd.DataFrame:
    """Base emissions by basis, and whether they are stated, or worked out from the park's model or from bills."""
    say, summary = report.language.translate, report.output.summary
    year, by_location = summary.get("base_year"), summary.get("base_location")
    billed = (report.output.facts.get("loads") or {}).get("bills", [])
    names = dict.fromkeys(report.titles.of(bill["supply"]) for bill in billed if bill["year"] == year)
    if by_location is None:
        on = say("stated in park.toml; not worked out here")
    elif names:
        of_bills = mark("bills of {supplies}; of what has no bill the model: what exists, operated at least cost")
        on = say(of_bills, supplies=say(", ").join(names))
    else:
        on = say("model: what exists, operated at least cost; bills.csv has no bill of that year to compare with")
    basis = summary.get("accounting", "market")
    known = {basis: summary["base_emissions"]} | {"location": by_location if basis == "market" else summary["base_emissions"]}
    bases = {"market": mark("market basis"), "location": mark("location basis")}
    rows = [(say(bases[name]), value, on) for name, value in known.items()]
    if (alone := summary.get("base_operated")) is not None:
        rows.append((say(bases[basis]), alone, say("for comparison, the model alone: what exists, operated at least cost")))
    return pd.DataFrame(rows, columns=["basis", "value", "rests"]).dropna(subset="value").assign(year=year)


@told
def made_of(report: Report) -> Iterator[Told]:
    """What net emissions are made of in the year of the goal, and in the last year."""
    output, summary = report.output, report.output.summary
    for year in [y for y in dict.fromkeys((summary["by"], output.years[-1])) if y in output.years]:
        parts = composition(output.target, summary["accounting"], year)
        yield told_composition(report.language, parts, summary["base_emissions"], summary.get("base_location"))


@told
def embodied(report: Report) -> Iterator[Told]:
    """What is embodied in all orders, and whether it is counted."""
    orders, sources_ = report.output.target["investments"], report.output.target["emission_sources"]
    tonnes = float(orders["embodied"].sum()) if "embodied" in orders else 0.0
    if tonnes > 0:
        is_counted = (sources_["name"].isin(orders["technology"]) & (sources_["item"] == "scope3")).any()
        words = mark("Making and building what is ordered emits {tonnes} t more, outside the park; no rule counts it.")
        if is_counted:
            words = mark("Making and building what is ordered emits {tonnes} t, counted in scope 3 of the year of each order.")
        yield report.language.translate(words, tonnes=report.language.amount(tonnes))


# --- rules -----------------------------------------------------------------------------------------------------------------


@told
def rules_note(report: Report) -> Iterator[Told]:
    """What the signs of the tables of rules mean, and by how much a limit may be missed, where one is."""
    say, rules = report.language.translate, pd.concat([report.output.target[name] for name in ("stages", "rules")])
    if rules.empty:
        yield say("No rule is in force within the horizon.")
        return
    near = rules[series.missed_within(rules)]
    yield say("✓ the rule holds, ✗ it does not. A rule holds from the year of its stage until the next stage begins.")
    if len(near):
        yield say(
            "≈✓ the limit is missed, by no more than the tolerance of {tolerance} (1, of intensity t/tce).",
            tolerance=report.language.amount(near["tolerance"].max()),
        )


def _by_year(report: Report, rules: pd.DataFrame) -> pd.DataFrame:
    """Rows of stages.csv or rules.csv with the limit in words, and value and sign of each year as text."""
    language, near = report.language, series.missed_within(rules)
    signs = [("≈" if n else "") + ("✓" if holds else "✗") for n, holds in zip(near, rules["holds"], strict=True)]
    metrics_, senses = [str(m) for m in rules["metric"]], rules["sense"].map({"<=": "≤", ">=": "≥"}).fillna(rules["sense"])
    values, limits = (
        [told_metric(language, m, float(v)) for m, v in zip(metrics_, rules[c], strict=True)] for c in ("value", "limit")
    )
    bounds = [f"{sense} {limit}" for sense, limit in zip(senses, limits, strict=True)]
    text = [f"{value} {sign}" for value, sign in zip(values, signs, strict=True)]
    return rules.assign(bound=bounds, text=text, order=rules["year"]).sort_values("order", kind="stable")


@fact
def rules_by_year(report: Report) -> pd.DataFrame:
    """Each rule of the stages, and its value in each year."""
    return _by_year(report, report.output.target["stages"])


@fact
def rules_beyond(report: Report) -> pd.DataFrame:
    """Each rule of rules.csv, and of the catalogue the paragraph that it comes from; its value in each year."""
    rows, known = _by_year(report, report.output.target["rules"]), report.output.alone["assumptions"]
    known = known[known["table"] == "rules"]
    found = {(r.name, r.parameter): str(r.source) for r in known.itertuples(index=False) if isinstance(r.source, str)}
    keys = zip(rows["rule"], rows["metric"], rows["sense"], strict=True)
    return rows.assign(source=[found.get((rule, f"{metric} {sense}"), "") for rule, metric, sense in keys])


@told
def others_told(report: Report) -> Iterator[Told]:
    """Of each other standard in a line whether it is reached; its rules with what the year of the goal comes to, whose they are and
    by which factors, open. Then the guiding indicators of the national notice."""
    language, summary = report.language, report.output.summary
    for own in summary.get("beside") or ():
        yield by_standard(language, own), told_rules(language, own)
    yield told_guidance(language, summary) if summary.get("standing") else ""
