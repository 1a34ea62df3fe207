"""Money of the bank as rows: figures of every account, cash by year, cover of the debt, what projects and stores are worth.

Money is in the currency of the park; real or nominal as `basis` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from planner.answer.facts import Told, fact, told
from planner.answer.money import saved_against, told_timing, usual
from planner.answer.page.report import Report
from planner.finance.ends import BOUGHT, CAPITAL_COST, CARBON, INTEREST, SAVING, SOLD
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.finance.terms import PARK
from planner.language.language import NONE, mark
from planner.language.words import BASES, FIGURES, STREAMS, named
from planner.plan import CAPITAL_ITEMS

#: Figures that a bank asks for, and their basis.
BANK = {
    "npv": "real",
    "value_beyond": "real",
    "npv_after_tax": "real",
    "npv_equity": "real",
    "irr": "real",
    "irr_after_tax": "real",
    "irr_equity": "nominal",
    "peak_funding": "nominal",
    "borrowed": "nominal",
    "dscr_least": "",
    "dscr_mean": "",
    "llcr": "",
}


def _text(report: Report, figure: str, value: float | None, unit: str) -> str:
    """A figure of a bank as it is read: a rate, a cover or money."""
    if value is None or pd.isna(value):
        return NONE
    language = report.language
    told_ = language.percent(value) if "irr" in figure else language.number(value, 2)
    return told_ if unit == "1" or "irr" in figure else language.money(value, report.output.currency)


@fact
def bank_figures(report: Report) -> pd.DataFrame:
    """Figures of everything and of each owner against each plan; beside a rate of return that is not unique the modified one."""
    language, rows, made = report.language, report.output.alone["finance"], []
    several = {f"m{figure}": BANK.get(figure, "") for figure in rows[rows["note"] == NOT_UNIQUE]["figure"]}
    owners = rows[rows["account"] == "owner"]["name"].nunique()
    rows = rows[(rows["account"] == "all") | ((rows["account"] == "owner") & (owners > 1))]
    for r in rows.itertuples(index=False):
        if {**BANK, **several}.get(str(r.figure)) != (r.basis or ""):
            continue
        value = None if pd.isna(r.value) or r.note == BORROWS else float(r.value)
        basis = named(language, BASES, r.basis or "nominal")
        who = "" if r.account == "all" else language.translate("the park") if r.name == PARK else report.titles.of(r.name)
        title = f"{who} {named(language, FIGURES, r.figure)} [{basis}]".strip()
        made.append((title, report.plan_name(r.against), value, _text(report, str(r.figure), value, r.unit)))
    return pd.DataFrame(made, columns=["figure", "plan", "value", "text"])


#: What the cases are called.
CASES = {"planned": mark("as planned"), "downside": mark("downside"), "without grants": mark("without grants")}


@fact
def finance_cases(report: Report) -> pd.DataFrame:
    """Figures of a bank in each case against each plan, where the park states another case than the plan."""
    language, rows = report.language, report.output.alone["finance_cases"]
    if rows["case"].nunique() < 2:
        return rows[:0]
    rows = rows[rows["basis"] != "real"]
    texts = [_text(report, *own) for own in zip(rows["figure"], rows["value"], rows["unit"], strict=True)]
    cases = [
        f"{language.translate(CASES[case])}, {report.plan_name(plan)}"
        for case, plan in zip(rows["case"], rows["against"], strict=True)
    ]
    figures = [named(language, FIGURES, name) for name in rows["figure"]]
    return pd.DataFrame({"figure": figures, "case": cases, "value": rows["value"], "text": texts})


@told
def finance_notes(report: Report) -> Iterator[Told]:
    """Why a rate of return is missing, what a modified one is; how projects are counted, when a year is paid, in which money."""
    language, say, rows = report.language, report.language.translate, report.output.alone["finance"]
    if rows.empty:
        return
    lacking = rows[(rows["value"].isna() | (rows["note"] == BORROWS)) & rows["figure"].str.startswith("irr")]
    if notes := [str(note) for note in dict.fromkeys(lacking["note"]) if note and pd.notna(note)]:
        yield say("–: {reasons}", reasons=say("; ").join(say(note) for note in notes))
    if NOT_UNIQUE in set(rows["note"]):
        yield say(
            "The modified rate of return: what is laid out costs the discount rate, what comes back earns it until the horizon "
            "ends."
        )
    counted = say(
        "Each project bears its own cost. Its energy counts at what a MWh of that carrier costs in the plan compared with; so the "
        "projects add up to the whole, and a project may be worth less or more once others are left out. `plan report RUN "
        "--finance` makes finance.xlsx, the same as formulas: a term, a price or a capital cost may be changed there."
    )
    real = say("Real money is in prices of {year}.", year=report.output.summary["price_year"])
    timing = told_timing(report.output, language)
    yield say("How projects are counted, when a year is paid, and in which money"), language.sentences(counted, timing, real)


#: Terms of [finance], as summary.json has them, what they are called, and decimals of their share (None: a number as it is).
TERMS: tuple[tuple[str, str, int | None], ...] = (
    ("debt_share", mark("borrowed, of what the plan buys"), 0),
    ("interest", mark("interest a year (nominal)"), 1),
    ("tenor", mark("years in which it is paid back"), None),
    ("grace", mark("of which with interest alone"), None),
    ("cover_ratio", mark("cover that is kept in every year"), None),
    ("tax_rate", mark("tax"), 0),
    ("inflation", mark("inflation a year"), 1),
)


@fact
def finance_terms(report: Report) -> pd.DataFrame:
    """Terms of the loan, of tax and of inflation as [finance] states them."""
    language, terms = report.language, report.output.summary.get("financing") or {}
    found = [(words, terms[name], decimals) for name, words, decimals in TERMS if terms.get(name) is not None]
    rows = [
        (
            language.translate(words),
            language.number(value, 0 if value == int(value) else 2) if n is None else language.percent(value, n),
        )
        for words, value, n in found
    ]
    rows += [(language.translate("owners"), language.translate("have terms of their own"))] if terms.get("owners") else []
    return pd.DataFrame(rows, columns=["term", "text"])


# --- cash ------------------------------------------------------------------------------------------------------------------

#: Items of cash_flow.csv that are drawn.
CASH = {
    "capital": mark("capital"),
    "operating": mark("operating saving"),
    "grants": mark("grants"),
    "tax": mark("tax"),
    "borrowed": mark("borrowed"),
    "debt_service": mark("debt service"),
}


@fact
def cash(report: Report) -> pd.DataFrame:
    """The whole's nominal cash of each year by item, and the owner's, added up too, against each plan."""
    say, rows = report.language.translate, report.output.alone["cash_flow"]
    rows, made = rows[rows["account"] == "all"], list[pd.DataFrame]()
    for against, own in rows.groupby("against", sort=False):
        bars = own[own["item"].isin(list(CASH))]
        made.append(bars.assign(series=bars["item"].map({k: say(v) for k, v in CASH.items()}), drawn="bar"))
        equity = own[own["item"] == "equity"]
        equity = (equity if len(equity) else bars).groupby("year")["nominal"].sum().reindex(report.output.years, fill_value=0.0)
        for words, values in ((say("cash of the owner"), equity), (say("cash of the owner, added up"), equity.cumsum())):
            frame = pd.DataFrame({"year": values.index, "nominal": values.to_numpy()})
            made.append(frame.assign(series=words, drawn="line", against=against))
    return pd.concat(made).assign(unit=report.output.currency) if made else rows


@fact
def owners_cash(report: Report) -> pd.DataFrame:
    """The cash of each owner and of all, where there are several."""
    rows = report.output.alone["cash_flow"]
    own = rows[(rows["account"] == "owner") & (rows["item"] == "equity")]
    if own["name"].nunique() < 2:
        return own[:0]
    every = own.groupby(["against", "year"], sort=False)["nominal"].sum().reset_index()
    whole = every.assign(series=report.language.translate("all owners"), drawn="line")
    return pd.concat([own.assign(series=own["name"], drawn="bar"), whole]).assign(unit=report.output.currency)


def covers(report: Report, against: str) -> pd.DataFrame:
    r"""How far the cash of each year covers the debt service, of the years that serve debt; nominal money.

    .. math:: cover_y = (O_y - T_y + \tau (J_y + c_y)) / D_y

    O  operating saving, T  tax, J  interest, c  fees, D  debt service   (y)     τ  tax rate

    Columns: operating, tax as it would be without the interest (below 0), cash, service (above 0), cover. Empty where owners have
    terms of their own or none are told.
    """
    terms, rows = report.output.summary.get("financing"), report.output.alone["cash_flow"]
    names = ["operating", "tax", "cash", "service", "cover"]
    if not terms or terms["owners"]:
        return pd.DataFrame(columns=names)
    own = rows[(rows["against"] == against) & (rows["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum").fillna(0.0)
    served = by[by["debt_service"] < 0] if "debt_service" in by else by[:0]
    none = pd.Series(0.0, index=served.index)
    tax = served.get("tax", none) + terms["tax_rate"] * (served.get("interest", none) + served.get("fees", none))
    operating = served.get("operating", none)
    service = -served.get("debt_service", none)
    return pd.DataFrame(dict(zip(names, (operating, tax, operating + tax, service, (operating + tax) / service), strict=True)))


@fact
def cover_by_year(report: Report) -> pd.DataFrame:
    """`covers` of each plan as rows."""
    made = []
    for against in dict.fromkeys(report.output.alone["cash_flow"]["against"]):
        long = covers(report, against).rename_axis("year").reset_index().melt("year", var_name="item")
        made.append(long.assign(against=against, unit=long["item"].map(lambda i: "1" if i == "cover" else report.output.currency)))
    return pd.concat(made) if made else pd.DataFrame()


@fact
def cover_least(report: Report) -> pd.DataFrame:
    """Against each plan the year whose cash covers the debt service least; the share of all capital ordered until then that works
    only later, whose debt is served and which saves nothing yet; and what is owed at the end, which nobody pays back."""
    orders, rows, made = report.output.target["investments"], report.output.alone["cash_flow"], []
    for against in dict.fromkeys(rows["against"]):
        found = covers(report, against)
        if found.empty:
            continue
        year = int(found["cover"].idxmin())
        ordered = orders[(orders["year"] <= year) & (orders["committed"] == 0)]
        paid, later = (float(own["capital_cost"].sum()) for own in (ordered, ordered[ordered["works_from"] > year]))
        own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["item"] == "debt")]
        owed = float(own[own["year"] == report.output.years[-1]]["nominal"].sum())
        made.append((against, year, *found.loc[year, ["cover", "cash", "service"]], later / paid if paid > 0 else 0.0, owed))
    return pd.DataFrame(made, columns=["against", "year", "cover", "cash", "service", "later", "owed"])


# --- what it is worth ------------------------------------------------------------------------------------------------------


def present_values(report: Report, against: str) -> dict[str, float]:
    """Figure -> its real value, of everything."""
    rows = report.output.alone["finance"]
    own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["basis"] == "real")]
    return {str(r.figure): float(r.value) for r in own.itertuples() if pd.notna(r.value)}


@fact
def bridge(report: Report) -> pd.DataFrame:
    """From the saving in system cost to the present value of the owner's cash, a row for each step, against each plan."""
    say, summary, made = report.language.translate, report.output.summary, list[tuple[str, str, float]]()
    plans: Mapping[str, Any] = summary["plans"]
    for against in dict.fromkeys(report.output.alone["finance"]["against"]):
        figures, other = present_values(report, against), plans.get(against, {}).get("system_cost")
        if other is None or not {"npv", "value_beyond", "npv_after_tax", "npv_equity"} <= set(figures):
            continue
        npv, taxed, own, beyond = (figures[f] for f in ("npv", "npv_after_tax", "npv_equity", "value_beyond"))
        plan, saving, today = report.plan_name(against), saved_against(summary, against), usual(summary)
        if today is not None and today != against and against == summary["compared_with"]:
            saved, usually = saved_against(summary, today), report.plan_name(today)
            made.append((against, say("saved against {plan}", plan=usually), saved))
            made.append((against, say("less: {plan} is dearer than {other} by", plan=usually, other=plan), saving - saved))
        steps = {
            say("saved against {plan}", plan=plan): saving,
            say("less: value beyond {last}", last=report.output.years[-1]): -beyond,
            say("savings discounted from the end of their year, and grants"): npv - saving + beyond,
            say("net present value before tax"): npv,
            say("tax"): taxed - npv,
            say("net present value after tax"): taxed,
            say("loan"): own - taxed,
            say("net present value of the owner's cash"): own,
        }
        made += [(against, words, value) for words, value in steps.items()]
    return pd.DataFrame(made, columns=["against", "step", "value"])


@fact
def projects(report: Report) -> pd.DataFrame:
    """Present values and the rate of return of each project that can be seen, and which plan buys it."""
    say, rows, size = report.language.translate, report.output.alone["finance"], report.money[1]
    rows = rows[~rows["account"].isin(["all", "owner"]) & (rows["basis"] == "real")]
    words = {
        (True, False): mark("bought only here"),
        (False, True): mark("avoided: only {plan} buys it"),
        (True, True): mark("bought in both"),
        (False, False): mark("neither buys it"),
    }
    made, numbers = [], ["npv", "npv_after_tax", "irr_after_tax"]
    for (against, account, name), own in rows.groupby(["against", "account", "name"], sort=False):
        values = dict(zip(own["figure"], own["value"].where(own["note"] != BORROWS), strict=True))
        if max(abs(values["npv"]), abs(values["value_beyond"])) < 5e-4 * size:
            continue
        title, paid = report.titles.of(str(name)), []
        for tables in (report.output.target, report.output.plans[str(against)]):
            costs = tables["costs"]
            paid.append(float(costs[costs["item"].isin(CAPITAL_ITEMS) & (costs["name"] == title)]["value"].sum()) > 0)
        is_bought = account in ("technology", "measure", "planting")
        bought = say(words[paid[0], paid[1]], plan=report.plan_name(str(against))) if is_bought else ""
        made.append((against, title, account, bought, *(values.get(f) for f in numbers)))
    return pd.DataFrame(made, columns=["against", "name", "account", "bought", *numbers]).astype(dict.fromkeys(numbers, float))


#: Names of the changes: of all projects together, and of one thing with a name.
TOGETHER = {
    SAVING: mark("the whole operating saving"),
    CAPITAL_COST: mark("all capital costs"),
    CARBON: mark("CO2 price"),
    INTEREST: mark("interest on debt"),
}
EACH = {BOUGHT: mark("price of {name}"), SOLD: mark("{name}, sold"), CAPITAL_COST: mark("{name}, capital")}
#: Most changes that are told.
MOST_ENDS = 12


@fact
def ends_of_figures(report: Report) -> pd.DataFrame:
    """Which change of a price or cost ends a figure of the investor, the nearest first, against each plan."""
    say, rows, made = report.language.translate, report.output.alone["finance_ends"].fillna({"name": ""}), []
    rows = rows[rows["ends_at"].notna()]
    least = rows["ends_at"].abs().groupby([rows["against"], rows["what"], rows["name"]]).min().sort_values()
    for against in dict.fromkeys(rows["against"]):
        for _, what, name in [key for key in least.index if key[0] == against][:MOST_ENDS]:
            called = say(EACH[what] if name else TOGETHER[what], name=report.titles.of(name))
            own = rows[(rows["against"] == against) & (rows["what"] == what) & (rows["name"] == name)]
            made += [
                (against, called, named(report.language, FIGURES, r.figure), None, f"{r.ends_at:+.0%}") for r in own.itertuples()
            ]
    return pd.DataFrame(made, columns=["against", "what", "figure", "value", "text"])


@fact
def stores_earned(report: Report) -> pd.DataFrame:
    """What a store earns by stream and in all, what its owner keeps and passes on, its share of a reserve, what would be short."""
    rows = report.output.alone["stores"]
    if rows.empty:
        return rows
    say, paid = report.language.translate, rows[rows["unit"] == report.output.currency]
    streams = paid.assign(item=[say(STREAMS[s]) for s in paid["stream"]], value=paid["saved"])
    streams = streams.sort_values("stream", key=lambda s: s.map({name: i for i, name in enumerate(STREAMS)}), kind="stable")
    owned = paid[paid.groupby("technology")["passed"].transform(lambda p: p.abs().sum()) > 0]
    words = {"reserve": mark("of the reserve of {place}"), "short": mark("short without it: {place}")}
    firm = rows[rows["stream"].isin(list(words))]
    places = [say(words[stream], place=place) for stream, place in zip(firm["stream"], firm["item"], strict=True)]
    made = (
        streams,
        paid.assign(item=say("earned in all"), value=paid["saved"]),
        owned.assign(item=[say("{owner} keeps", owner=o) for o in owned["owner"]], value=owned["kept"]),
        owned.assign(item=say("passed on to the park"), value=owned["passed"]),
        firm.assign(item=places, value=firm["saved"]),
    )
    return pd.concat(made)[["technology", "item", "unit", "year", "value"]]
