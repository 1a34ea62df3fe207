"""Tables of forms that are more than rows of a file by year: their rows, by the id of the table; whether the goal is met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from models.case import Case
from models.case.base import Row
from models.case.technology import COLD
from models.inputs.finance import over_years
from models.units import yearly_factor
from planner.answer import series
from planner.answer.money import saved_against, usual, what_to_do, yearly
from planner.answer.purchase import GRADES, estimate_count, uncertain_capital, uncertain_energy
from planner.answer.summary import GUIDED, Reckoned, figures, measured, reckoned
from planner.application.baseline import BILLS, OPERATION, OWN, PROCESS
from planner.application.details import FILE
from planner.application.draft import FormDraft
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.finance.terms import PARK
from planner.language.language import NONE, Language, mark
from planner.language.words import BASES, CARRIERS, COSTS, EMISSIONS, FIGURES, METRICS, PLANS, STAGES, named, told_metric
from planner.plan import TARGET

Rows = list[list[str]]

# --- the goal of a form ----------------------------------------------------------------------------------------------------
# Whether the plan is one that a form is for: that of the notice by its own rules and factors, any other by the rules of its goal.

#: Form -> standards of the catalogue by whose rules it is judged, one for each class of parks.
STANDARDS = {"cn-910": GUIDED}
#: Metric -> what its figure is a share of, and in which unit the difference is.
SHARE_OF = {"intensity": ("energy_use", "t CO2"), "direct_green_share": ("electricity_used", "MWh")}


def judged(f: FormDraft) -> dict[str, Any] | None:
    """The class of the park, and what the plan comes to by its rules; of a park below all classes the smallest."""
    names = STANDARDS.get(f.form, ())
    found = [m for name in names if (m := measured(f.case, f.tables, f.by, name)) is not None]
    return next(iter([m for m in found if m["fits"]] or found), None)


def changes(f: FormDraft) -> list[str]:
    """What would have to change, and by how much, for the goal of the form to be met; nothing where it is met."""
    say, number = f.say, f.language.number
    if f.form not in STANDARDS:
        rows = f.tables["stages"]
        return [
            say(
                "{year}: {metric} is {value} and would have to be {sense} {limit}",
                year=r.year, metric=named(f.language, METRICS, r.metric), value=told_metric(f.language, r.metric, r.value),
                sense={"<=": "≤", ">=": "≥"}[r.sense], limit=told_metric(f.language, r.metric, r.limit),
            )
            for r in rows[~rows["holds"].astype(bool)].itertuples()
        ]  # fmt: skip
    if (found := judged(f)) is None:
        return [say("a supply of the park would have to state a coal equivalent: without one energy is not known")]
    out, values = [], figures(f.case, f.tables, f.by, found["name"])
    if found["least_energy"]:
        values_of = {"used": number(found["energy_use"]), "least": number(found["least_energy"])}
        lacks = number(found["least_energy"] - found["energy_use"])
        out.append(say("energy use is {used} tce; the class begins at {least}: {lacks} tce more", **values_of, lacks=lacks))
    for rule in found["rules"]:
        if rule["holds"]:
            continue
        of, unit = SHARE_OF.get(rule["metric"], ("", ""))
        reached, limit = amount(f, rule, "value"), amount(f, rule, "limit")
        words = {"metric": named(f.language, METRICS, rule["metric"]), "value": reached, "limit": limit}
        if of:
            apart = f"{number(abs(rule['value'] - rule['limit']) * values[of])} {unit}"
            more = mark("{metric} is {value}, asked for is {limit}: {apart} more in {year}")
            less = mark("{metric} is {value}, asked for is {limit}: {apart} less in {year}")
            out.append(say(more if rule["sense"] == ">=" else less, **words, apart=apart, year=f.by))
        else:
            out.append(say("{metric} is {value}, asked for is {limit}", **words))
    return out


def amount(f: FormDraft, rule: Mapping[str, Any], key: str) -> str:
    """The value or the limit of a rule."""
    own = f"{f.language.number(rule[key], 2)} t/tce" if rule["metric"] == "intensity" else f.language.percent(rule[key], 1)
    return {"<=": "≤ ", ">=": "≥ "}[rule["sense"]] + own if key == "limit" else own


def indices(f: FormDraft) -> Rows:
    """All indices of annexes 3 and 4: by the factors of the notice, stated in application.toml, or blank."""
    found, say = judged(f), f.say
    rows = [index_row(f, rule) for rule in (*found["rules"], *found["guidance"])] if found else []
    stated = dict(f.stated("indices"))
    for blank in f.spec["blank"]:
        if "asked" in blank:
            words = f.pick(blank["words"])
            rows.append([words, say("guidance"), f.pick(blank["asked"]), stated.get(words, f.blank), NONE, FILE])
    return rows


def index_row(f: FormDraft, rule: Mapping[str, Any]) -> list[str]:
    """A rule with its limit, what it comes to as the notice counts, and whether that meets it."""
    kinds = {"intensity": mark("core"), "clean_share": mark("guidance")}
    value = amount(f, rule, "value")
    if rule.get("ours") is not None:
        value = f.say("{value} ({ours} with captured CO2 taken off)", value=value, ours=f.language.number(rule["ours"], 2))
    kind = f.say(kinds.get(rule["metric"], mark("in principle")))
    met = f.say("yes") if rule["holds"] else f.say("no")
    return [named(f.language, METRICS, rule["metric"]), kind, amount(f, rule, "limit"), value, met, f.say("worked out")]


def by_notice(f: FormDraft) -> Rows:
    """Energy, gross emissions and core index by the factors of the notice, of the years that are shown; none where not known."""
    found, number = judged(f), f.language.number
    if not found or f.case.park.standard == found["name"]:
        return []
    values = [figures(f.case, f.tables, y, found["name"]) for y in f.years]
    captured = [-reckoned(f.case, f.tables, y, found["name"])[-1].emitted for y in f.years]
    pairs = [*zip(values, captured, strict=True)]
    rows = [
        [f.say("energy use, factors of the notice"), "tce", *(number(v["energy_use"]) for v in values)],
        [f.say("gross emissions, factors of the notice"), "t", *(number(v["gross"]) for v in values)],
    ]
    if any(captured):
        words = f.say("CO2 per energy as the notice counts, captured CO2 not taken off")
        rows.append([words, "t/tce", *(f.ratio(v["gross"] + c, v["energy_use"]) for v, c in pairs)])
    words = f.say("gross CO2 per energy, factors of the notice")
    return [*rows, [words, "t/tce", *(f.ratio(v["gross"], v["energy_use"]) for v in values)]]


def derivation(f: FormDraft) -> Rows:
    """Numerator, denominator and factors of the core index, row by row, beside the park's own."""
    if (found := judged(f)) is None:
        return []
    number, terms = f.language.number, reckoned(f.case, f.tables, f.by, found["name"])
    energy, emitted, captured = sum(t.tce for t in terms), sum(t.emitted for t in terms), terms[-1].emitted
    others = (f.say("own green power"), f.say("processes and other emissions"), f.say("less: captured fossil CO2"))
    rows, counted = Rows(), f.say("sum as the notice counts")

    def total(words: str, tce: float, co2: float) -> list[str]:
        return [words, "", "", "", "", number(tce), "", number(co2)]

    for t, other in zip(terms, (*[""] * (len(terms) - 3), *others), strict=True):
        if t is terms[-1] and captured:  # the notice counts up to here: it has no term for captured CO2
            rows.append(total(counted, energy, emitted - captured))
        sizes = [number(v) if v else NONE for v in (t.bought, t.sold, t.certified)]
        each = number(t.each, 4) if t.each else NONE
        factor = NONE if t.factor is None else number(t.factor, 4)
        if t.tce or t.emitted or t.certified:
            rows.append([f.titles.of(t.name) if t.name else other, *sizes, each, number(t.tce), factor, number(t.emitted)])
    rows.append(total(f.say("sum with captured CO2 taken off") if captured else counted, energy, emitted))
    own = series.over_years(f.tables["emissions"], "item").loc[f.by]
    return [*rows, total(f.say("sum, factors of the park"), own["energy_use"], own["gross"])]


def terms(f: FormDraft) -> list[Reckoned]:
    """The terms of the core index in the year of the goal, by the rules that the form is judged by."""
    return reckoned(f.case, f.tables, f.by, str((judged(f) or {})["name"]))


def core(language: Language, terms: Sequence[Reckoned]) -> dict[str, str]:
    """What the core index is made of: as the notice counts, which takes off no captured CO2; without certificates; and with
    captured CO2 taken off. '' of what does not occur."""
    number, captured = language.number, -terms[-1].emitted
    energy, emitted = sum(t.tce for t in terms), sum(t.emitted for t in terms)
    certified, more = sum(t.certified for t in terms if t.factor), sum((t.factor or 0.0) * t.certified for t in terms)
    counted = emitted + captured
    return {
        "emitted": number(counted),
        "energy": number(energy),
        "index": number(counted / energy, 2),
        "certified": number(certified) if certified > 0 else "",
        "uncertified": number((counted + more) / energy, 2),
        "captured": number(captured) if captured > 0 else "",
        "taken_off": number(emitted),
        "index_taken_off": number(emitted / energy, 2),
    }


# --- the park and its plan -------------------------------------------------------------------------------------------------

#: Where a year's figures come from, and what a source of energy is, by scope.
ORIGINS = {
    BILLS: mark("bills, bills.csv"),
    OPERATION: mark("worked out: operation of what stands"),
    "details": mark("stated, application.toml"),
}
USES = {1: mark("fuel"), 2: mark("bought energy"), 3: mark("scope 3")}
#: Orders, and amounts of certificates and the like (MWh, t), that are none; a project of a smaller share of the investment is no
#: key project; words of a year up to the goal and after it.
NOTHING, LITTLE, SMALL, WORDS, FEW = 1e-3, 0.01, 0.005, 8, 3
#: Figures of finance.csv that are told, and items of cash_flow.csv that are columns.
SHOWN = (
    ("npv", "real"), ("npv_after_tax", "real"), ("value_beyond", "real"), ("irr", "real"), ("mirr", "real"),
    ("irr_after_tax", "real"), ("irr_equity", "nominal"), ("payback", "real"), ("payback_discounted", ""),
    ("peak_funding", "nominal"), ("debt_share", ""), ("borrowed", "nominal"), ("dscr_least", ""),
)  # fmt: skip
CASH = ("capital", "operating", "grants", "before_tax", "tax", "borrowed", "debt_service", "equity")


def facts(f: FormDraft) -> Rows:
    """What is said of the park and its applicant."""
    said = [[words, text, FILE] for words, text in f.stated("park", "applicant") if (words, text) not in f.stated("park.feedstock")]
    return [[f.say("name in park.toml"), f.case.park.name, "park.toml"], *said]


def base_sources(f: FormDraft) -> Rows:
    """Energy and CO2 of the base year by source; none where nothing is known."""
    number, year, rows = f.language.number, f.case.park.base_year, Rows()
    for e in sorted(f.entries(year), key=lambda e: -e.tce):
        use = {OWN: mark("made here"), PROCESS: mark("process")}.get(e.kind, USES.get(e.scope, "fuel"))
        carrier = named(f.language, CARRIERS, e.carrier) if e.carrier else NONE
        co2 = number(getattr(e, f.case.park.accounting))
        rows.append([f.titles.of(e.source), carrier, f.say(use), number(e.energy), number(e.tce), co2])
    known, energy = f.recorded(year), sum(e.energy for e in f.entries(year))
    return [*rows, [f.say("sum"), "", "", number(energy), number(known.energy), number(known.co2)]] if rows else []


def base_years(f: FormDraft) -> Rows:
    """Energy and CO2 of the base year and those before it, with the park's factors and those of its standard."""
    number, rows = f.language.number, Rows()
    known = {year: f.past(year) for year in f.past_years}
    is_ruled = any(p.ruled is not None for p in known.values())
    for year, p in known.items():
        words = {"energy": f.say("energy of {year}, tce", year=year), "co2": f.say("CO2 of {year}, t", year=year)}
        cells = [
            f.fill_in(words[key], f"[[year]] year = {year}, {key}") if value is None else number(value)
            for key, value in (("energy", p.energy), ("co2", p.co2))
        ]
        own = [number(p.ruled_energy), number(p.ruled), f.ratio(p.ruled, p.ruled_energy)] if is_ruled else [""] * 3
        rows.append([str(year), *cells, f.ratio(p.co2, p.energy), *own, f.say(ORIGINS[p.origin]) if p.origin else NONE])
    return rows


def standing(f: FormDraft) -> Rows:
    """Equipment that stands."""
    stood = pd.concat([f.tables["retirements"], f.tables["capacity"]])  # what is retired at once works in no year
    units = dict(zip(stood["technology"], stood["unit"], strict=True))
    return [
        [f.titles.of(t.technology), f.language.amount(t.existing), units.get(t.technology, ""), str(t.existing_until or NONE)]
        for t in f.case.technologies
        if t.existing > 0
    ]


def demanded_carriers(f: FormDraft) -> dict[str, str]:
    """Carriers of energy that are used, electricity first, and what they are called."""
    energy = f.tables["energy"]
    found = [str(c) for c in dict.fromkeys(energy[energy["flow"] == "demand"]["carrier"]) if c != "co2"]
    return {c: named(f.language, CARRIERS, c) for c in sorted(found, key=lambda c: c != "electricity")}


def rules(f: FormDraft) -> Rows:
    """Each rule of the standard: its limit, the first year and the worst one, and in how many years it holds."""
    rows = Rows()
    for (metric, sense, limit), own in f.tables["stages"].groupby(["metric", "sense", "limit"], sort=False):
        by, tell = own.set_index("year"), partial(told_metric, f.language, str(metric))
        first, worst = by.index.min(), by["value"].max() if sense == "<=" else by["value"].min()
        held = f.say("{held} of {count}", held=sum(by["holds"].astype(bool)), count=len(by))
        factors = f.say("of the standard") if by["factors"].iloc[0] == "standard" else f.say("of the park")
        stages = f.say(", ").join(named(f.language, STAGES, str(stage)) for stage in dict.fromkeys(own["stage"]))
        told = [tell(limit), f"{first}: {tell(by['value'].loc[first])}", tell(worst), held, factors]
        rows.append([stages, named(f.language, METRICS, str(metric)), {"<=": "≤"}.get(sense, "≥"), *told])
    return rows


def composition(f: FormDraft) -> Rows:
    """What net emissions of the year of the goal are made of."""
    parts, number = f.summary["composition"], f.language.number
    less = {
        "certificates": mark("certificates"),
        "captured": mark("captured"),
        "restoration": mark("restored land"),
        "credits": mark("credits"),
    }
    rows = [[f.titles.of(name), number(value)] for name, value in parts["emitted_by_source"].items()]
    rows += [[f.say("less: {what}", what=f.say(words)), number(-parts[key])] for key, words in less.items() if parts[key]]
    return [*rows, [named(f.language, EMISSIONS, "net"), number(parts["net"])]]


def goals(f: FormDraft) -> Rows:
    """Emissions, energy and rules of the base year and of those that are shown."""
    number, percent, past = f.language.number, f.language.percent, f.past(f.case.park.base_year)
    items, base = series.over_years(f.tables["emissions"], "item"), float(f.summary["base_emissions"] or 0.0)
    before = {"gross": past.co2, "energy_use": past.energy}
    units = {"gross": "t", "net": "t", "energy_use": "tce", "direct_green": "MWh", "electricity_used": "MWh"}
    words = {item: named(f.language, EMISSIONS, item) for item in units} | {"gross": f.say("gross emissions of the plan")}
    rows = [[words[i], unit, number(before.get(i)), *(number(items[i].get(y)) for y in f.years)] for i, unit in units.items()]
    ratios = [f.ratio(items["gross"].get(y), items["energy_use"].get(y)) for y in f.years]
    rows.append([f.say("gross CO2 per energy, factors of the park"), "t/tce", f.ratio(past.co2, past.energy), *ratios])
    rows += [[title, unit, NONE, *cells] for title, unit, *cells in by_notice(f)]
    shares = [percent(items["gross"].get(y, 0.0) / base) if base else NONE for y in f.years]
    rows.append([f.say("gross emissions of base"), "%", percent(1.0) if base else NONE, *shares])
    for (metric, factors), own in f.tables["stages"].groupby(["metric", "factors"], sort=False):
        if base and (metric, factors) == ("gross_ratio", "park"):
            continue  # the row above has it, of all years
        by, is_ruled = own.drop_duplicates("year").set_index("year")["value"], factors == "standard"
        title = named(f.language, METRICS, str(metric))
        title = f.say("{metric}, factors of the standard", metric=title) if is_ruled else title
        first = f.ratio(past.ruled, past.ruled_energy) if is_ruled and metric == "intensity" else NONE
        cells = [told_metric(f.language, str(metric), by[y]) if y in by.index else NONE for y in f.years]
        rows.append([title, "t/tce" if metric == "intensity" else "%", first, *cells])
    return rows


#: Column that says what something rests on -> its words.
EVIDENCE = {
    "vintage": mark("vintage"),
    "region": mark("region"),
    "registry": mark("registry"),
    "evidence": mark("evidence"),
}


def evidence(f: FormDraft) -> Rows:
    """What is behind the certificates, credits, biomass and CO2 storage of the plan: as the park states it, else blank."""
    case, tables = f.case, f.tables
    grown, energy = {row.supply for row in case.emission_factors if row.biogenic}, tables["energy"]
    bought, given = (energy[energy["flow"] == flow].groupby("name")["value"].sum() for flow in ("import", "export"))
    greened, credited = (tables[t].groupby(n)["value"].sum() for t, n in (("certificates", "certificate"), ("offsets", "offset")))
    used: list[tuple[Row, str, pd.Series, str, dict[str, str]]] = []
    used += [(c, c.certificate, greened, "MWh", {"vintage": c.vintage, "region": c.region}) for c in case.certificates]
    used += [(o, o.offset, credited, "t", {"registry": o.registry}) for o in case.offsets]
    used += [(s, s.supply, bought, "MWh", {"evidence": s.evidence}) for s in case.supplies if s.supply in grown]
    used += [(s, s.supply, given, "t", {"evidence": s.evidence}) for s in case.supplies if s.carrier == "co2"]
    rows = {}
    for row, name, amounts, unit, stated in used:
        if amounts.get(name, 0.0) <= LITTLE or name in rows:
            continue
        parts = []
        for column, words in stated.items():
            title = f.say(EVIDENCE[column])
            shown = words or f.fill_in(title, f"{row.table}.csv {column}", name)
            parts.append(f.say("{column}: {stated}", column=title, stated=shown))
        rows[name] = [f.titles.of(name), f"{f.language.number(amounts[name])} {unit}", f.say("; ").join(parts)]
    return list(rows.values())


def timetable(f: FormDraft) -> Rows:
    """What is ordered in each year, after the goal in fewer words, and its capital."""
    made = what_to_do(f.titled.plans[TARGET], f.language)
    return [
        [str(year), decisions.text(f.language, WORDS if year <= f.by else FEW), f.in_money(decisions.capital)]
        for year, decisions in made.items()
        if year <= f.by or decisions.named
    ]


def investment(f: FormDraft) -> Rows:
    """Investment by kind, up to the goal and in all years, and their sums."""
    capital = series.capital(f.tables)
    parts = [capital[capital.index <= f.by], capital]
    wholes = [float(part.to_numpy().sum()) for part in parts]

    def pairs(values: Sequence[float]) -> Iterator[str]:
        for value, whole in zip(values, wholes, strict=True):
            yield f.in_money(value)
            yield f.language.percent(value / whole) if whole else NONE

    rows = [[named(f.language, COSTS, item), *pairs([float(part[item].sum()) for part in parts])] for item in capital]
    return [*rows, [f.say("sum"), *pairs(wholes)]]


def compared(f: FormDraft) -> Rows:
    """Cash of each year of the plan compared with, and what is saved against it, both on the same days."""
    name = f.summary["compared_with"]
    if name not in f.run.plans:
        return []

    tables = {"other": f.run.plans[name], "own": f.tables}
    words = {"other": f.say("sum of the plan compared with: {plan}", plan=named(f.language, PLANS, name))}
    if f.run.output.days is not None:
        tables["own"] = f.run.output.beside(name)
        words["own"] = f.say("sum of the plan on the typical days of that one")
    paid = {key: yearly(own).reindex(f.years, fill_value=0.0) for key, own in tables.items()}
    told = [*((text, paid[key]) for key, text in words.items()), (f.say("saved against it"), paid["other"] - paid["own"])]
    return [[text, f.money[0], *map(f.in_money, values)] for text, values in told]


def plans(f: FormDraft) -> Rows:
    """System cost and capital of each plan; of the target also on the typical days of those that were not operated in all hours."""
    rows = Rows()
    for name, tables in f.run.plans.items():
        capital = f.in_money(float(series.capital(tables).to_numpy().sum()))
        rows.append([named(f.language, PLANS, name), f.in_money(f.summary["plans"][name]["system_cost"]), capital])
        if name == TARGET and (days := f.run.output.days) is not None:
            rows.append([f.say("target on typical days"), f.in_money(float(days["system_cost"]["value"].sum())), capital])
    return rows


def finance(f: FormDraft) -> Rows:
    """Figures of the whole plan against the one that it is compared with; none without [finance]."""
    rows, known = Rows(), f.run.output.alone["finance"]
    own = known[(known["against"] == f.against) & (known["account"] == "all")].set_index(["figure", "basis"])
    for figure, basis in SHOWN:
        if (figure, basis) in own.index:
            row = own.loc[(figure, basis)]
            cells = _figure(f, figure, None if pd.isna(row["value"]) else float(row["value"]))
            note, words = f.say(str(row["note"])) if row["note"] else "", named(f.language, BASES, basis) if basis else NONE
            rows.append([named(f.language, FIGURES, figure), words, *cells, note])
    return rows


def _figure(f: FormDraft, figure: str, value: float | None) -> tuple[str, str]:
    """A figure and its unit."""
    if figure.startswith(("irr", "mirr")) or figure == "debt_share":
        return f.language.percent(value), ""
    if figure.startswith("payback"):
        return f.language.number(value), f.say("in years")
    return (f.language.number(value, 2), "") if figure.startswith("dscr") else (f.in_money(value), f.money[0])


def cash(f: FormDraft) -> Rows:
    """Nominal cash of each year against the plan compared with."""
    flow = f.run.output.alone["cash_flow"]
    own = flow[(flow["against"] == f.against) & (flow["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum").reindex(f.run.output.years).fillna(0.0)
    return [[str(year), *(f.in_money(row[i]) if i in by else "" for i in CASH)] for year, row in by.iterrows()] if len(own) else []


# --- projects --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AppliedProject:
    """A project of the plan and its orders (year, size, unit, money, works_from), the first before the later."""

    name: str
    kind: str
    orders: pd.DataFrame

    @property
    def money(self) -> float:
        """What is paid for it."""
        return float(self.orders["money"].sum())

    @property
    def period(self) -> str:
        """From the first order to the year from which the last one works."""
        first, last = int(self.orders["year"].min()), int(self.orders["works_from"].max())
        return str(first) if first == last else f"{first}–{last}"


def projects_of(tables: Mapping[str, pd.DataFrame], until: int | None = None) -> list[AppliedProject]:
    """Every project of a plan with its orders, up to a year where one is named; the dearest first."""
    costs, grown = tables["costs"], tables["restoration"]
    paid = costs[costs["item"] == "restoration"].groupby(["name", "year"], as_index=False)["value"].sum()
    planted = grown[grown["item"] == "planted"].rename(columns={"project": "name", "value": "size"})
    frames = {
        TECHNOLOGY: tables["investments"].rename(columns={"technology": "name", "build": "size", "capital_cost": "money"}),
        MEASURE: tables["measures"].rename(columns={"measure": "name", "capital_cost": "money"}).assign(size=1.0, unit=""),
        PLANTING: planted.merge(paid.rename(columns={"value": "money"}), how="left", on=["name", "year"]).fillna({"money": 0.0}),
    }
    found = []
    for kind, frame in frames.items():
        own = frame if "works_from" in frame else frame.assign(works_from=frame["year"])
        own = own[(own["size"] > NOTHING) & ((until is None) | (own["year"] <= (until or 0)))].sort_values("year")
        found += [AppliedProject(str(name), kind, orders) for name, orders in own.groupby("name", sort=False, observed=True)]
    return sorted(found, key=lambda p: -p.money)


def key_projects(f: FormDraft) -> Rows:
    """Projects up to the goal, the small ones as one, and what all of them cost."""
    found, capital, rows = projects_of(f.tables, f.by), series.capital(f.tables), Rows()
    whole, own = (float(part.to_numpy().sum()) for part in (capital, capital[capital.index <= f.by]))
    key = [p for p in found if p.money >= SMALL * own or p.name in f.details.projects]
    for n, p in enumerate(key, start=1):
        title, payer = f.titles.of(p.name), _payer(f.case, p.name)
        cells = {"title": title, "owner": f.details.owners.get(payer, ""), "content": _content(f, p), "money": f.in_money(p.money)}
        cells |= {"period": p.period, "progress": "", "meaning": use_of(f, p), **f.details.projects.get(p.name, {})}
        blanks = {"owner": (f.say("owner of the projects"), f"[owners] {payer}")}
        blanks |= {"progress": (f.say("progress of the projects"), "[[project]] progress")}
        blanks |= {"meaning": (f.say("meaning of the projects"), "[[project]] meaning")}
        cells |= {part: f.fill_in(*words, title) for part, words in blanks.items() if not cells[part]}
        rows.append([str(n), *(cells[k] for k in ("title", "owner", "content", "money", "period", "progress", "meaning"))])
    sums = {
        f.say("{count} smaller ones", count=len(found) - len(key)): own - sum(p.money for p in key),
        f.say("sum up to {year}", year=f.by): own,
        f.say("renewals and additions after {year}", year=f.by): whole - own,
        f.say("sum of all years"): whole,
    }
    return [*rows, *(["", words, "", "", f.in_money(money), "", "", ""] for words, money in sums.items())]


def _payer(case: Case, name: str) -> str:
    """Who pays for a project, as the park names the owner."""
    return next((row.owner for row in _owned(case) if getattr(row, row.key[0]) == name), PARK)


def owners_of(case: Case) -> list[str]:
    """Who may pay for a project: the park, and the owners that it names."""
    return [*dict.fromkeys((PARK, *(row.owner for row in _owned(case))))]


def _owned(case: Case) -> list[Any]:
    """All that has an owner and may be a project."""
    return [*case.technologies, *case.links, *case.measures, *case.restoration]


def _content(f: FormDraft, p: AppliedProject) -> str:
    if p.kind == MEASURE:
        return f.say("measure adopted in {years}", years=f.say(", ").join(map(str, p.orders["year"])))
    whole = float(p.orders["size"].sum())
    size, large = f"{f.language.amount(whole)} {p.orders['unit'].iloc[0]}", p.orders[p.orders["size"] >= SMALL * whole]
    parts = f.say(", ").join(f"{year}: {f.language.amount(own)}" for year, own in zip(large["year"], large["size"], strict=True))
    return size if len(large) == 1 else f.say("{size} ({parts})", size=size, parts=parts)


def use_of(f: FormDraft, p: AppliedProject) -> str:
    """What the tables say of the use of a project in the year of the goal; '' where they say nothing."""
    return f.say("; ").join({TECHNOLOGY: _makes, MEASURE: _saves, PLANTING: _takes_up}[p.kind](f, p))


def _makes(f: FormDraft, p: AppliedProject) -> Iterator[str]:
    energy, stands = f.tables["energy"], f.tables["capacity"]
    own = energy[(energy["name"] == p.name) & (energy["year"] == f.by)]
    words = {
        "out": mark("{amount} MWh of {carrier} in {year}"),
        "discharge": mark("gives back {amount} MWh of {carrier} in {year}"),
    }
    for flow in words:
        for carrier, value in own[own["flow"] == flow].groupby("carrier", observed=True)["value"].sum().items():
            if value <= 1 or (carrier == "co2" and flow == "discharge"):
                continue
            if carrier == "co2":
                yield f.say("{amount} t of CO2 captured in {year}", amount=f.language.number(value), year=f.by)
                continue
            text = f.say(words[flow], amount=f.language.number(value), carrier=named(f.language, CARRIERS, carrier), year=f.by)
            works = float(stands[(stands["technology"] == p.name) & (stands["year"] == f.by)]["capacity"].sum())
            if flow == "discharge" and works < p.orders["size"].sum() * (1 - SMALL):
                size = f"{f.language.amount(works)} {p.orders['unit'].iloc[0]}"
                text = f.say("{words} ({size} of them work then)", words=text, size=size)
            yield text


def _saves(f: FormDraft, p: AppliedProject) -> Iterator[str]:
    for row in f.case.savings:
        if row.measure == p.name and row.saving > 0:
            yield f.say(
                "saves {share} of {demand}: {amount} MWh in {year}, before other measures",
                share=f.language.percent(row.saving),
                demand=f.titles.of(row.demand),
                amount=f.language.number(row.saving * demanded(f.case, row.demand, f.by)),
                year=f.by,
            )


def _takes_up(f: FormDraft, p: AppliedProject) -> Iterator[str]:
    rows = f.tables["restoration"]
    own = rows[(rows["project"] == p.name) & (rows["item"] == "uptake") & (rows["year"] == f.by)]["value"].sum()
    yield f.say("takes up {amount} t of CO2 in {year}", amount=f.language.number(own), year=f.by)


def demanded(case: Case, demand: str, year: int) -> float:
    """Demand of an end use in a year, as the park states it, before measures (MWh)."""
    points = [(row.year, row.value * yearly_factor(row.unit, "MWh")) for row in case.demand if row.demand == demand]
    return over_years(points, [year])[year]


def projects(f: FormDraft) -> Rows:
    """Each project with its years, investment, net present value, payback and use, against the plan that the form names."""
    known, rows = f.run.output.alone["finance"], Rows()
    own = known[known["against"] == f.against].set_index(["name", "figure", "basis"])["value"].to_dict() if len(known) else {}
    for p in projects_of(f.tables):
        payback, npv = own.get((p.name, "payback", "real")), own.get((p.name, "npv", "real"))
        if known.empty:
            cells = [f.fill_in(f.say("present value and payback; park.toml has no table [finance]"), "park.toml [finance]")] * 2
        else:
            back = f.language.number(payback) if pd.notna(payback) else f.say("not within the horizon")
            cells = [f.in_money(npv) if pd.notna(npv) else NONE, back]
        rows.append([f.titles.of(p.name), p.period, f.in_money(p.money), *cells, use_of(f, p) or NONE])
    return rows


# --- other forms -----------------------------------------------------------------------------------------------------------
# The bid for heat: the premium a tonne at which the plan costs as much as going on as today, from the first year of heat on.
#
# .. math::
# b = \max(0, C - C') \Big/ \sum_{y = f}^{f + n - 1} \delta_y\, (S'_y - S_y)
#
# C  system cost   money     S  scope 1   t (y)     δ  discount factor   1 (y)     f  first year of heat
# n  years for which the premium is paid   year     '  of going on as today

ELECTRICITY, CO2 = "electricity", "co2"
#: Years for which the premium is paid, and the share of the hours in which heat is.
PREMIUM_YEARS, PAID = 5, 0.7
#: Coal equivalents of electricity (tce/MWh): its calorific value (GB/T 2589-2020), and the coal that makes it. A number within
#: `NEAR` of one of them, as a share, is called by its name, since the second differs a little from year to year.
CALORIFIC, EQUIVALENT, NEAR = 0.1229, 0.3, 0.05
#: MWh in a TJ; energy of a year (TJ) above which a company needs an energy management system, and an audit.
TJ, SYSTEM, AUDIT = 1 / 0.0036, 85.0, 10.0


def basis(f: FormDraft) -> dict[str, str]:
    """The coal equivalent of electricity in the plan's energy use, and which of the two known values it is."""
    each = reckoned(f.case, f.tables, f.by, f.case.park.standard)[-3].each  # that of the park's own green power
    known = {"calorific": CALORIFIC, "equivalent": EQUIVALENT}
    kind = next((name for name, value in known.items() if abs(each - value) < NEAR * value), "stated")
    return {"each": f.language.number(each, 4) if each else "", "kind": kind}


#: Key of [tasks] -> kind of the projects that the plan has for it.
OF_PLAN = {"energy": TECHNOLOGY, "efficiency": MEASURE, "resources": PLANTING}


def tasks(f: FormDraft) -> dict[tuple[str, str], str]:
    """What the plan does for a task of which nobody said anything."""
    found = {}
    for key, kind in OF_PLAN.items() if any(blank["key"].startswith("[tasks]") for blank in f.spec["blank"]) else ():
        names = [f.titles.of(p.name) for p in projects_of(f.tables, f.by) if p.kind == kind]
        if names and ("tasks", key) not in f.texts:
            words = mark("In the table of key projects ({count}): {names}.")
            found["tasks", key] = f.say(words, count=len(names), names=f.say(", ").join(names))
    return found


def consumption(f: FormDraft) -> Rows:
    """Energy of the last three years (TJ)."""
    known = known_energy(f)
    blanks = {y: f.fill_in(f.say("energy of {year}, TJ", year=y), "bills.csv") for y in f.past_years if y not in known}
    return [[str(y), blanks.get(y) or f.language.number(known[y], 1)] for y in f.past_years]


def known_energy(f: FormDraft) -> dict[int, float]:
    """Energy of the years before the plan that is known (TJ)."""
    return {y: sum(e.energy for e in entries) / TJ for y in f.past_years if (entries := f.entries(y))}


def duty(f: FormDraft) -> dict[str, str]:
    """The mean of the years that are known (TJ), and what it asks for; nothing where none is."""
    if not (known := known_energy(f)):
        return {}
    mean = sum(known.values()) / len(known)
    return {"mean": f.language.number(mean, 1), "duty": "system" if mean > SYSTEM else "audit" if mean > AUDIT else "none"}


def bid(f: FormDraft) -> Rows:
    """The bid for heat, by the formula above; none without a plan to compare with."""
    other, number = usual(f.summary), f.language.number
    if other is None or other not in f.run.plans:
        return []
    emitted = {TARGET: f.run.output.beside(other)["emissions"], other: f.run.plans[other]["emissions"]}
    scope1 = {name: own[own["item"] == "scope1"].groupby("year")["value"].sum() for name, own in emitted.items()}
    first = first_heat(f.case, f.tables, f.run.output.years)
    years = [y for y in f.run.output.years if first <= y < first + PREMIUM_YEARS]
    abated = (scope1[other] - scope1[TARGET]).reindex(years).fillna(0.0).to_dict()
    rate, begin = float(f.summary["discount_rate"]), f.run.output.years[0]
    more = -saved_against(f.summary, other)
    found = break_even(more, abated, begin, rate)
    f.values |= {"premium": found, "more": more, "bid": number(found, 2), "usual_plan": other}
    premium = NONE if found is None else number(found, 2) if more > 0 else f.say("none is needed")
    return [
        [f.say("what the plan costs more than {plan}", plan=named(f.language, PLANS, other)), f.money[0], f.in_money(more)],
        [f.say("years for which the premium is paid"), "", f"{years[0]}–{years[-1]}" if years else NONE],
        [f.say("direct emissions abated in these years"), "t", number(sum(abated.values()))],
        [f.say("the same, discounted to {year}", year=begin), "t", number(discounted(abated, begin, rate))],
        [f.say("premium at which both cost the same"), f"{f.run.output.currency}/t", premium],
    ]


def first_heat(case: Case, tables: Mapping[str, pd.DataFrame], years: Sequence[int]) -> int:
    """The first year in which an order that makes heat of electricity works, else any order; else the first year of the plan."""
    orders, energy = tables["investments"], tables["energy"]
    takes = set(energy[(energy["flow"] == "in") & (energy["carrier"] == ELECTRICITY)]["name"])
    gives = set(energy[(energy["flow"] == "out") & energy["carrier"].isin(warm(case))]["name"])
    heat = orders[orders["technology"].isin(takes & gives)]
    found = heat if len(heat) else orders
    return int(found["works_from"].min()) if len(found) else int(years[0])


def break_even(more: float, abated: Mapping[int, float], first: int, rate: float) -> float | None:
    """Money a tonne that makes up for what is paid more, by the formula above; None where nothing is abated."""
    weight = discounted(abated, first, rate)
    return max(0.0, more) / weight if weight > 0 else None


def discounted(tonnes: Mapping[int, float], first: int, rate: float) -> float:
    """Tonnes by year, discounted to the first year as costs are (t)."""
    return sum(each * (1 + rate) ** -(y - first) for y, each in tonnes.items())


def heat_hours(f: FormDraft) -> Rows:
    """Heat that equipment makes of electricity in the year of the goal, its hours at full capacity, and those that are paid."""
    number, (made, _) = f.language.number, electrified(f.case, f.tables, f.by)
    stands, paid, rows = f.tables["capacity"], PAID * 8760, Rows()
    sizes = stands[stands["year"] == f.by].set_index("technology")["capacity"]
    for name, value in made.items():
        size = float(sizes.get(name, 0.0))
        if value > 1 and size > 0:
            full = value / size
            cells = [number(value), number(size, 2), number(full), number(min(full, paid)), number(value * min(1.0, paid / full))]
            rows.append([f.titles.of(str(name)), *cells])
    return rows


def electrified(case: Case, tables: Mapping[str, pd.DataFrame], year: int) -> tuple[pd.Series, list[str]]:
    """Heat by what makes it of electricity (MWh), and what else is made of electricity and is no heat."""
    own = tables["energy"][tables["energy"]["year"] == year]
    electric = set(own[(own["flow"] == "in") & (own["carrier"] == ELECTRICITY)]["name"])
    out = own[(own["flow"] == "out") & own["name"].isin(electric)]
    made = out[out["carrier"].isin(warm(case))]
    return made.groupby("name", observed=True)["value"].sum(), sorted(
        {*out[out["value"] > 1]["carrier"]} - {*made["carrier"], ELECTRICITY, CO2}
    )


def warm(case: Case) -> set[str]:
    """Carriers that are heat: of 20 °C or more and none that cool; without a temperature, what a port delivers so warm."""
    stated = {c.carrier: c.temperature >= COLD and not c.cools for c in case.carriers if c.temperature is not None}
    hot = {p.carrier for p in case.ports if p.direction == "out" and p.temperature is not None and p.temperature >= COLD}
    return {name for name, is_warm in stated.items() if is_warm} | (hot - {*stated})


# --- at the end ------------------------------------------------------------------------------------------------------------


def grades(f: FormDraft) -> Rows:
    """How many figures are of which grade, and how much money rests on estimates."""
    counts, number = f.titled.assumptions["grade"].value_counts(), f.language.number
    rows = [
        [f.say("figures of the program's catalogue: {grade}", grade=f.say(words)), number(counts[g])]
        for g, words in GRADES.items()
        if g in counts
    ]
    marked = f.say("rows of the park's own tables that it marks as estimates or illustrative")
    rows.append([marked, number(estimate_count(f.summary))])
    capital, energy = (f.language.percent(share(f.titled, f.titles)[0], 0) for share in (uncertain_capital, uncertain_energy))
    rows.append([f.say("share of what is invested at estimated prices"), capital])
    return [*rows, [f.say("share of what is paid for energy, discounted, at estimated prices"), energy]]


def blanks(f: FormDraft) -> Rows:
    """All that is to be filled in; once every other table is made."""
    return f.missing


def places(f: FormDraft) -> Rows:
    """Where the numbers of every table before stand."""
    return [[g.label, g.title, file, rows] for grids in f.made.values() for g in grids for file, rows in g.sources]
