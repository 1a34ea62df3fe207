"""Emissions by source down to net, the limits of the stages, and what cuts them against the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from models import metrics
from planner.answer import series
from planner.answer.caveats import aside_words
from planner.answer.hangs_on import composition, told_composition
from planner.answer.money import usual
from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import (
    Markup,
    changed,
    join,
    most_of,
    number,
    table,
    tag,
)
from planner.answer.standing_words import told_besides, told_gross, told_guidance, told_rules, told_standing, verdict
from planner.answer.views import drawn
from planner.language.language import NONE, Language, mark
from planner.language.words import EMISSIONS, METRICS, PLANS, STAGES, named, told_metric
from planner.plan import REFERENCE
from planner.tables.output import Tables
from planner.tables.tenants import SIGNS, Flow, Node, traced

# --- footprints ------------------------------------------------------------------------------------------------------------
# Footprints: what each tenant and each product emits, by year; and what is embodied in the orders, beside.


def _embodied(report: Report) -> Markup | None:
    """What is embodied in all orders, and whether it is counted."""
    orders = report.output.target["investments"]
    tonnes = float(orders["embodied"].sum()) if "embodied" in orders else 0.0
    if not tonnes > 0:
        return None
    say, values = report.language.translate, {"tonnes": report.language.amount(tonnes)}
    sources = report.output.target["emission_sources"]
    if (sources["name"].isin(orders["technology"]) & (sources["item"] == "scope3")).any():
        words = say("Making and building what is ordered emits {tonnes} t, counted in scope 3 of the year of each order.", **values)
    else:
        words = say("Making and building what is ordered emits {tonnes} t more, outside the park; no rule counts it.", **values)
    return tag("p", words)


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


#: Most decisions of the chart; the smaller ones are summed.
MOST = 15

# --- emissions -------------------------------------------------------------------------------------------------------------

#: What makes up for emissions, as items of emissions.csv.
MADE_UP = ("captured_removals", "restoration", "removal_credits", "avoidance")
#: In the column `factors` of stages.csv: the rule uses the factors of its standard, not those of the park.
OF_STANDARD = "standard"
#: Metrics whose limit can be drawn in tonnes, each with the figure that the limit is a share of.
LIMITS = {m.name: m.denominator for m in metrics.METRICS.values() if m.numerator in ("gross", "net")}


def emissions_section(report: Report) -> Section:
    """Two charts: emissions by source, and the wedges of what cuts them; and footprints, where there are any."""
    parts = (_by_source(report), made_of(report), _what_cuts(report), *drawn("footprints", report), _embodied(report))
    return section("emissions", report.language.translate("Emissions"), *parts)


def made_of(report: Report) -> Markup:
    """What net emissions are made of in the year of the goal, and in the last year."""
    output, language, summary = report.output, report.language, report.output.summary
    years = [y for y in dict.fromkeys((summary["by"], output.years[-1])) if y in output.years]
    parts = (composition(output.target, summary["accounting"], y) for y in years)
    told = (told_composition(language, own, summary["base_emissions"], summary.get("base_location")) for own in parts)
    return tag("ul", *(tag("li", words) for words in told), class_="made")


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


def _by_source(report: Report) -> Markup:
    say, items = report.language.translate, series.over_years(report.output.target["emissions"], "item")
    lines = net_lines(report)
    rules = report.output.target["stages"]
    left_out = (rules["metric"].isin(list(LIMITS)) & (rules["factors"] == OF_STANDARD)).any()
    note = say(
        "Bars above zero are emitted, bars below are taken off. Gross is what is emitted less fossil CO2 captured and green "
        "certificates, net is what is left in the end. A limit, in red, is of one of these two lines, not of the bars."
    )
    more = say("Limits that the standard works out with its own factors are not drawn; the table of the stages has them.")
    lines[say("gross, {plan}", plan=named(report.language, PLANS, "target"))] = items["gross"].reindex(lines.index)
    by = int(report.output.summary["by"])
    return report.chart(
        YearChart(
            say("Emissions by source, down to net"),
            "t CO2e",
            sources(report, report.output.target),
            lines,
            stage_limits(report),
            {series.OTHER: say("other")},
            height=360,
            note=say("Above zero emitted, below taken off; red limits are of gross or net."),
            more=report.language.sentences(note, more if left_out else ""),
            finding=changed(items["net"], by, report.language),
        )
    )


def _what_cuts(report: Report) -> Markup | None:
    """What each decision cuts against the other plan, and what adds; None without that plan."""
    language, output, say = report.language, report.output, report.language.translate
    other = output.compared
    if other is None or other is output.target:
        return None
    parts = cuts(output.beside(output.summary["compared_with"]), other, output.summary.get("accounting", "market"))
    parts = parts.rename(columns={c: say(t) for c, t in {**EMISSIONS, **WORDS}.items()})
    parts = series.largest(parts.T.groupby(level=0, sort=False).sum().T, MOST).rename(columns={series.OTHER: say("other")})
    if parts.empty:
        return None
    return report.chart(
        YearChart(
            say("What cuts emissions"),
            "t CO2e",
            parts[parts.sum().sort_values(ascending=False, kind="stable").index],
            net_lines(report),
            height=360,
            note=say(
                "Above zero what a decision cuts against the reference, below what adds; together the difference of both lines."
            ),
            more=say(
                "A decision cuts what the energy that it gives, less what it takes, would have emitted in the reference in that "
                "year."
            ),
            finding=most_of(parts.clip(lower=0).sum(), "t CO2e", language),
        )
    )


# --- rules -----------------------------------------------------------------------------------------------------------------
# Rules: whose zero it is and what others ask, each rule with value and limit in every year, and both books of scope 2.


def whose(report: Report) -> Markup | None:
    """Under which standard the goal is and whose that is, which milestones of the park it leaves out; and in a line each whether
    others are reached: what more there is to say of each can be opened."""
    language, output, say = report.language, report.output, report.language.translate
    summary, aside = output.summary, aside_words(output.warnings, language)
    words = told_standing(language, summary, output.target["stages"] if output.has_plan else None)
    told = [tag("p", language.sentences(words, *aside))] if words or aside else []
    if words:
        usual_ = usual(summary) if output.has_plan else None
        emitted = output.plans[usual_]["emissions"] if usual_ is not None and usual_ in output.plans else None
        more = language.sentences(
            *filter(None, (told_besides(language, summary["standing"]), told_gross(language, summary, emitted)))
        )
        told += [_opened(say("What it asks for besides, and what gross leaves out"), more)] if more else []
        others = [tag("li", _opened(verdict(language, own), told_rules(language, own))) for own in summary.get("beside") or ()]
        told += [tag("ul", *others)] if others else []
        told += [tag("p", guidance)] if (guidance := told_guidance(language, summary)) else []
    return tag("div", *told, class_="whose note") if told else None


def _opened(line: str, words: str) -> Markup:
    """A line that opens all there is to say."""
    return tag("details", tag("summary", line), tag("p", words))


def rules_section(report: Report) -> Section:
    """The rules, and scope 2 in both books."""
    return section("stages", report.language.translate("Stages and rules"), _rules(report), _books(report))


def _rules(report: Report) -> Markup:
    """A row for each rule of the stages, and for each of rules.csv and of the catalogue with where it stands."""
    language, say, tables = report.language, report.language.translate, report.output.target
    if tables["stages"].empty and tables["rules"].empty:
        return tag("p", say("No rule is in force within the horizon."))
    note = language.sentences(
        say("✓ the rule holds, ✗ it does not. A rule holds from the year of its stage until the next stage begins."),
        _tolerances(language, pd.concat([tables["stages"], tables["rules"]])),
    )
    in_force = sorted({*tables["stages"]["year"], *tables["rules"]["year"]})
    stages = _rule_rows(report, tables["stages"], "stage", in_force)
    beyond = _rule_rows(report, tables["rules"], "rule", in_force)
    heads = (say("stage, rule"), say("Every rule by year"), stages), (say("rule"), say("Rules beyond stages"), beyond)
    shown = (table([head, say("limit"), *map(str, in_force)], rows, 1, title, "rules") for head, title, rows in heads if rows)
    return join([tag("p", note, class_="note"), *shown])


def _rule_rows(report: Report, rules: pd.DataFrame, of: str, years: Sequence[int]) -> list[list[object]]:
    """Whose each rule is and its metric, its limit, and its value in each year."""
    language, rows = report.language, list[list[object]]()
    for (whose_, metric, sense, limit), own in rules.groupby([of, "metric", "sense", "limit"], sort=False):
        cells = own.set_index("year")
        shown = [_cell(report, cells.loc[y]) if y in cells.index else NONE for y in years]
        sign = {"<=": "≤", ">=": "≥"}.get(str(sense), str(sense))
        bound = tag("span", f"{sign} ", number(float(limit), told_metric(language, str(metric), float(limit))))
        title = named(language, STAGES, str(whose_)) if of == "stage" else str(whose_)
        source = _source(report, str(whose_), f"{metric} {sense}") if of == "rule" else None
        name = [tag("b", title), tag("br"), named(language, METRICS, str(metric)), tag("small", " ", source) if source else None]
        rows.append([join(name), bound, *shown])
    return rows


def _source(report: Report, rule: str, parameter: str) -> str:
    """The paragraph that a rule of the catalogue comes from; a rule of the park says it in its own table."""
    rows = report.output.alone["assumptions"]
    own = rows[(rows["table"] == "rules") & (rows["name"] == rule) & (rows["parameter"] == parameter)]
    return "; ".join(dict.fromkeys(str(text) for text in own["source"] if isinstance(text, str) and text))


def _tolerances(language: Language, rules: pd.DataFrame) -> str:
    """By how much rules may be missed and are, where any is; empty where none is."""
    near = rules[series.missed_within(rules)]
    if near.empty:
        return ""
    return language.translate(
        "≈✓ the limit is missed, by no more than the tolerance of {tolerance} (1, of intensity t/tce).",
        tolerance=language.amount(near["tolerance"].max()),
    )


def _cell(report: Report, rule: pd.Series) -> Markup:
    mark, words = ("✓", "holds") if rule["holds"] else ("✗", "fails")
    near = "≈" if series.missed_within(rule.to_frame().T).all() else ""
    shown = told_metric(report.language, str(rule["metric"]), float(rule["value"]))
    return tag("span", number(float(rule["value"]), shown), f" {near}{mark}", class_=words)


def _books(report: Report) -> Markup:
    """Scope 2 on both bases, and gross emissions on each."""
    say = report.language.translate
    items = series.over_years(report.output.target["emissions"], "item").reindex(report.output.years)
    rest = items["scope1"] + items["scope3"]
    frame = pd.DataFrame(
        {
            named(report.language, EMISSIONS, "scope2_location"): items["scope2_location"],
            named(report.language, EMISSIONS, "scope2_market"): items["scope2_market"],
            say("gross emissions, location basis"): rest + items["scope2_location"],
            say("gross emissions, market basis"): rest + items["scope2_market"],
        }
    )
    basis = say("location") if report.output.summary.get("accounting") == "location" else say("market")
    note = say("The rules use the {basis} basis; both books are always kept.", basis=basis)
    last = items.iloc[-1]
    finding = say(
        "In {year} scope 2 is {location} t by location, {market} t by market",
        year=items.index[-1],
        location=report.language.number(float(last["scope2_location"])),
        market=report.language.number(float(last["scope2_market"])),
    )
    title = say("Scope 2 in both books")
    return report.chart(YearChart(title, "t CO2e", lines=frame, note=note, height=280, finding=finding))
