"""Why a goal cannot be met: the rules that block it, and the remedies with their amounts and costs."""

from __future__ import annotations

import math

import pandas as pd
from rich.table import Table

from planner.answer.page.charts import WIDE, decimals_of, short, shortened, shown_every, ticks
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, behind, explained, join, number, table, tag
from planner.explain.explanation import ALL_STAGES, LIMITS
from planner.language.language import NONE, Language, mark
from planner.language.words import ACCOUNTS, METRICS, STAGES, named


def remedies_section(report: Report) -> Section:
    """The rules, then the remedies."""
    return section("ways", report.language.translate("Remedies"), _rules(report), _remedies(report))


def _rules(report: Report) -> Markup | None:
    """Rules whose single removal is enough, or the least breach of all."""
    language, summary = report.language, report.output.summary
    say = language.translate
    parts = []
    titles = {"blocking": say("Rules of which any one blocks the goal"), "breaches": say("Least total breach of the rules")}
    for key, title in titles.items():
        found = summary.get(key) or []
        if not found:
            continue
        rows = [
            (
                str(b["year"]),
                named(language, STAGES, b["stage"]),
                named(language, METRICS, b["metric"]),
                number(b["amount"], language.amount(b["amount"])),
                b["unit"],
            )
            for b in found
        ]
        head = [say("year"), say("stage"), say("metric"), say("too much or too little"), say("unit")]
        parts += [tag("h3", title), table(head, rows, 3, title)]
    return join(parts)


def _remedies(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    language, rows = report.language, report.output.explain
    say = language.translate
    if rows.empty:
        return tag("p", say("No remedy was found within the time, or none was looked for."))
    enough, rest = rows[rows["needed"].notna()], rows[rows["needed"].isna()]
    note = language.sentences(
        say("Each row is one number that would have to be another; the cheapest remedy that is enough alone comes first."),
        say("The extra cost is against the park without a goal; what the change itself costs comes on top."),
    )
    parts = [
        tag("h3", say("What would be enough")),
        tag("p", note, class_="note"),
        _table(report, enough, say("What would be enough")),
    ]
    if enough.empty:
        parts = [tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))]
    if len(rest):
        parts.append(behind(_table(report, rest, say("Not enough alone, however much")), say("Not enough alone, however much")))
    said = report.output.explanation
    parts.append(behind(tag("ul", *(tag("li", language.tell(line)) for line in said)), say("As the run said it")))
    return join(parts)


def change_of(report: Report, row: pd.Series) -> str:
    """What would have to change, in words: `a larger connection for grid`; the columns of explain.csv where there are none."""
    language, name = report.language, str(row["name"])
    if row["table"] in ("stages", "rules"):
        metric = named(language, METRICS, str(row["parameter"]))
        return language.translate("a looser rule of {stage}: {metric}", stage=named(language, STAGES, name), metric=metric)
    words = LIMITS.get((str(row["table"]), str(row["parameter"])))
    if words is None:
        return f"{name} {row['parameter']}".strip()
    name = named(language, STAGES, name) if row["table"] == "goal" else report.titles.of(name)
    return language.translate(words, name=name, year="" if pd.isna(row["year"]) else int(row["year"]))


def _note(report: Report, row: pd.Series) -> str:
    """The note of a row of explain.csv: why it is of no help, or that a later deadline moves the milestones, too."""
    if row["table"] == "goal" and pd.notna(row["needed"]) and row["note"]:
        return report.language.translate(ALL_STAGES, years=int(row["needed"] - row["now"]))
    return report.language.translate(str(row["note"])) if row["note"] else ""


def amount_of(report: Report, value: float, unit: str) -> str:
    """A number of explain.csv; a year is no amount."""
    return str(int(value)) if unit == "year" and math.isfinite(value) else report.language.amount(value)


def _table(report: Report, rows: pd.DataFrame, title: str) -> Markup:
    language = report.language
    say, (money, size) = language.translate, report.money
    head = [
        say("what would have to change"),
        say("year"),
        say("now"),
        say("needed"),
        say("unit"),
        say("enough"),
        say("extra cost") + f" [{money}]",
        say("note"),
    ]
    cells = []
    for _, r in rows.iterrows():
        enough = say("only with the others") if r.together else say("alone")
        if pd.isna(r.needed):
            enough = say("no")
        cells.append(
            [
                join([tag("b", change_of(report, r)), " ", tag("small", f"{r.table}: {r.parameter}")]),
                NONE if pd.isna(r.year) else str(int(r.year)),
                number(r.now, amount_of(report, r.now, r.unit)),
                number(r.needed, amount_of(report, r.needed, r.unit)),
                say("year") if r.unit == "year" else r.unit,
                enough,
                number(r.extra_cost, language.number(r.extra_cost / size, 1)),
                _note(report, r),
            ]
        )
    return table(head, cells, len(head), title, "ways")


# --- curves ----------------------------------------------------------------------------------------------------------------
# The true and the naive abatement curve in one picture: cost of a tonne over the tonnes that are cut.

#: Margins and height.
LEFT, RIGHT, TOP, BOTTOM, HEIGHT = 80.0, 20.0, 30.0, 48.0, 320.0
#: Curve -> its name, and how its line is drawn.
LINES = {"true": (mark("true: all decided anew"), None), "naive": (mark("naive: each project alone"), "7 5")}
#: Costs beyond so many times the highest of the true curve are cut off.
MOST = 2.0


def curves(rows: pd.DataFrame, currency: str, language: Language) -> Markup | None:
    """Both curves as steps; None where there is no step with a cost."""
    shown = rows[rows["per_tonne"].notna() & rows["total"].notna()]
    true = shown[shown["curve"] == "true"]
    if true.empty:
        return None
    say = language.translate
    high = max(MOST * float(true["per_tonne"].max()), 1.0)
    values = [min(float(v), high) for v in shown["per_tonne"]]
    up, along = ticks(min(0.0, *values), max(values)), ticks(0.0, float(shown["total"].max()))

    def x(tonnes: float) -> float:
        return LEFT + (WIDE - LEFT - RIGHT) * tonnes / along[-1]

    def y(cost: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (up[-1] - min(cost, up[-1])) / (up[-1] - up[0])

    parts = [tag("line", x1=LEFT, x2=WIDE - RIGHT, y1=short(y(v)), y2=short(y(v)), class_="grid") for v in up]
    decimals = decimals_of(up)
    parts += [tag("text", language.number(v, decimals), x=LEFT - 8, y=short(y(v) + 4), class_="t end") for v in up]
    labels = [language.amount(v) for v in along]
    every = shown_every(labels, 12, (WIDE - LEFT - RIGHT) / len(along))
    parts += [
        tag("text", label, x=short(x(v)), y=HEIGHT - BOTTOM + 20, class_="t mid")
        for v, label in list(zip(along, labels, strict=True))[::every]
    ]
    for i, (curve, (name, dashes)) in enumerate(LINES.items()):
        own = shown[shown["curve"] == curve]
        points = [
            f"{short(x(end))},{short(y(float(r.per_tonne)))}"
            for r in own.itertuples(index=False)
            for end in (float(r.total) - float(r.cut), float(r.total))
        ]
        if points:
            line = {"fill": "none", "stroke": "currentColor", "stroke_width": 2, "stroke_dasharray": dashes}
            parts.append(tag("polyline", points=" ".join(points), **line))
            at = LEFT + 20 + 230 * i
            parts.append(tag("polyline", points=f"{at},12 {at + 30},12", **line))
            parts.append(tag("text", say(name), x=at + 38, y=16, class_="t"))
    for r in true[true["comes_in"].fillna("") != ""].itertuples(index=False):
        room = (WIDE - LEFT - RIGHT) * float(r.cut) / along[-1] - 6
        place = {"x": short(x(float(r.total) - float(r.cut)) + 4), "y": short(y(float(r.per_tonne)) - 6)}
        parts.append(tag("text", tag("title", r.comes_in), shortened(str(r.comes_in), 12, room), **place, class_="t"))
    title = say("Cost of a tonne over the tonnes cut")
    unit = f"{language.currency(currency)}/t, t"
    parts.append(tag("text", f"{language.currency(currency)}/t", x=8, y=16, class_="t"))
    parts.append(tag("text", say("cut in a year, t"), x=short((LEFT + WIDE - RIGHT) / 2), y=HEIGHT - 8, class_="t mid"))
    return tag(
        "svg",
        tag("title", f"{title} [{unit}]"),
        *parts,
        viewBox=f"0 0 {WIDE} {HEIGHT:.0f}",
        role="img",
        aria_label=title,
        class_="wide-and-narrow",
        width="100%",
    )


# --- alternatives ----------------------------------------------------------------------------------------------------------
# What else would do: the range of each group in plans that cost little more, as a picture, and as tables.

#: Kinds, as a person calls groups of them.
KINDS = {
    "sun": mark("sun"),
    "wind": mark("wind"),
    "water": mark("water"),
    "power": mark("power"),
    "storage": mark("storage"),
    "heat": mark("heat"),
    "cold": mark("cold"),
    "gas": mark("gas"),
    "coal": mark("coal"),
    "biomass": mark("biomass"),
    "hydrogen": mark("hydrogen"),
    "capture": mark("capture"),
    "land": mark("land"),
    "measure": mark("measures"),
    "planting": mark("planting"),
    "other": mark("other"),
    "contract": mark("contracts"),
}
NOTE = mark(
    "A bar goes from the least to the most of a group in the plans that were found; the thin line as far as nothing is proven to "
    "lie beyond. The dot is the plan of the least cost. All costs are those of typical days, where the run was planned on such."
)
CAPTION = mark("Bars: from least to most in the plans found. Thin line: proven bounds. Dot: the cheapest plan.")
WORDS = mark(
    "sure: every such plan has it; out: none has; both proven by bounds. In all found, in none found: so are the plans that were "
    "found, others may differ. Amounts below one per cent of the most count as none."
)
#: A cell: its number, where it is one, and its text.
Cell = tuple[float | None, str]
#: Where the names and the numbers stand, height of a row, and of the whole beside the rows.
NAMES_END, VALUES_WIDTH, RANGE_ROW, FRAME = 190.0, 190.0, 26.0, 12.0


def alternatives_section(report: Report) -> Section | None:
    """Groups, things and plans; None where nobody asked."""
    groups, plans, parts = (report.output.alone[n] for n in ("alternatives", "alternative_plans", "alternative_parts"))
    if groups.empty:
        return None
    language = report.language
    say = language.translate
    title = say("What else would do")
    lead = tag("div", *(tag("p", text) for text in _sentences(groups, plans, parts, report)), class_="lead")
    caption = tag("figcaption", tag("h3", say("Least and most of each group")), tag("p", say(CAPTION), class_="note"))
    picture = tag("figure", caption, _picture(groups, language), explained(say(NOTE), language), class_="full")
    shown = (
        (mark("Groups"), *group_cells(groups, language)),
        (mark("Things that a plan may have"), *_part_cells(parts, report)),
        (mark("Plans that were found"), *_plan_cells(plans, report)),
    )
    more = explained(say(WORDS), language)
    tables = [_shown(say(name), more if name == "Groups" else None, head, texts, rows) for name, head, texts, rows in shown]
    return section("alternatives", title, lead, picture, *tables)


def _shown(title: str, note: Markup | None, head: list[str], texts: int, rows: list[list[Cell]]) -> Markup:
    """A table under its title."""
    body = [[text if value is None else number(value, text) for value, text in row] for row in rows]
    return tag("figure", tag("figcaption", tag("h3", title)), table(head, body, texts, title), note, class_="full")


def _sentences(groups: pd.DataFrame, plans: pd.DataFrame, parts: pd.DataFrame, report: Report) -> list[str]:
    """How many plans, and what is in all and in none of them."""
    say, language = report.language.translate, report.language
    most = language.percent(float(plans["share"].max()), 2)
    year = str(int(groups["year"].iloc[0]))
    several = mark("{count} plans were found that cost at most {share} more than the least.")
    one = mark("One plan was found that costs at most {share} more than the least.")
    said = [say(several if len(plans) > 1 else one, count=len(plans), share=most)]
    for words, text in (
        (("sure",), mark("In every such plan in {year}, proven: {names}.")),
        (("in all found",), mark("In all plans found in {year}: {names}.")),
        (("out",), mark("In no such plan in {year}, proven: {names}.")),
        (("in none found",), mark("In no plan found in {year}: {names}.")),
    ):
        names = [str(n) for n, v in zip(parts["name"], parts["verdict"], strict=True) if v in words]
        if names:
            said.append(say(text, year=year, names=", ".join(report.titles.of(n) for n in names)))
    return said


def group_name(name: str, language: Language) -> str:
    """A group as a person calls it: kinds in the language, names that a table gave as they are."""
    head, _, rest = name.partition(" ")
    word = language.translate(KINDS[head]) if head in KINDS else head
    return f"{word} {rest}".strip()


def group_cells(groups: pd.DataFrame, language: Language) -> tuple[list[str], int, list[list[Cell]]]:
    """Heads, how many stand over texts, and rows."""
    say = language.translate
    amounts = say("least cost"), say("least"), say("proven from"), say("most"), say("proven to")
    head = [say("group"), say("unit"), say("verdict"), *amounts]
    rows: list[list[Cell]] = []
    for r in groups.itertuples(index=False):
        own = [_amount(v, language) for v in (r.amount, r.least, r.least_bound, r.most, r.most_bound)]
        rows.append([*_texts(group_name(str(r.group), language), str(r.unit), say(str(r.verdict))), *own])
    return head, 3, rows


def _part_cells(parts: pd.DataFrame, report: Report) -> tuple[list[str], int, list[list[Cell]]]:
    say, language = report.language.translate, report.language
    head = [say("name"), say("kind"), say("unit"), say("verdict"), say("least cost"), say("least"), say("most"), say("plans")]
    rows: list[list[Cell]] = []
    for r in parts.itertuples(index=False):
        own = [_amount(v, language) for v in (r.amount, r.least, r.most, r.plans)]
        kind = named(language, ACCOUNTS, str(r.kind))
        rows.append([*_texts(report.titles.of(str(r.name)), kind, str(r.unit), say(str(r.verdict))), *own])
    return head, 4, rows


def _plan_cells(plans: pd.DataFrame, report: Report) -> tuple[list[str], int, list[list[Cell]]]:
    language = report.language
    say, (unit, size) = language.translate, report.money
    head = [say("plan"), say("of the handful unlike each other"), say("system cost") + f" [{unit}]", say("more than the least")]
    rows: list[list[Cell]] = []
    for r in plans.itertuples(index=False):
        few = "" if pd.isna(r.unlike) else str(int(r.unlike))
        cost = float(r.system_cost), language.number(r.system_cost / size, 1)
        rows.append([*_texts(str(r.plan), few), cost, (float(r.share), language.percent(r.share, 2))])
    return head, 2, rows


def _texts(*words: str) -> list[Cell]:
    return [(None, word) for word in words]


def _amount(value: object, language: Language) -> Cell:
    return (None, NONE) if value is None or value != value else (float(str(value)), language.amount(float(str(value))))


def _picture(groups: pd.DataFrame, language: Language) -> Markup:
    """A row a group, each to its own scale from 0 to the most that is proven."""
    say, height = language.translate, FRAME + RANGE_ROW * len(groups)
    parts: list[Markup] = []
    for i, r in enumerate(groups.itertuples(index=False)):
        y = FRAME / 2 + RANGE_ROW * (i + 0.5)
        top = max(float(r.most if pd.isna(r.most_bound) else r.most_bound), 1e-9)

        def x(value: float, top: float = top) -> float:
            return NAMES_END + (WIDE - NAMES_END - VALUES_WIDTH) * min(max(value / top, 0.0), 1.0)

        low, high = (float(found if pd.isna(own) else own) for own, found in ((r.least_bound, r.least), (r.most_bound, r.most)))
        name = f"{group_name(str(r.group), language)} [{r.unit}]"
        parts.append(tag("text", shortened(name, 13, NAMES_END - 12), x=NAMES_END - 10, y=short(y + 4), class_="t end"))
        parts.append(tag("line", x1=short(NAMES_END), x2=short(WIDE - VALUES_WIDTH), y1=short(y), y2=short(y), class_="grid"))
        ends = {"x1": short(x(low)), "x2": short(x(high)), "y1": short(y), "y2": short(y)}
        parts.append(tag("line", **ends, stroke="currentColor", stroke_width=1))
        width = max(x(float(r.most)) - x(float(r.least)), 2.0)
        title = tag("title", f"{name}: {language.amount(r.least)} – {language.amount(r.most)}")
        box = {"x": short(x(float(r.least))), "y": short(y - 6), "width": short(width), "height": 12}
        parts.append(tag("rect", title, **box, fill="currentColor", opacity="0.35"))
        parts.append(tag("circle", cx=short(x(float(r.amount))), cy=short(y), r=5, fill="currentColor"))
        said = f"{language.amount(r.least)} – {language.amount(r.most)}  {say(str(r.verdict))}"
        parts.append(
            tag("text", shortened(said, 13, VALUES_WIDTH - 12), x=short(WIDE - VALUES_WIDTH + 10), y=short(y + 4), class_="t")
        )
    return tag(
        "svg",
        *parts,
        viewBox=f"0 0 {WIDE} {height:.0f}",
        role="img",
        aria_label=say("Least and most of each group"),
        class_="wide-and-narrow",
        width="100%",
    )


def console_table(groups: pd.DataFrame, language: Language) -> Table:
    """The groups in a terminal."""
    head, texts, rows = group_cells(groups, language)
    shown = Table(box=None, pad_edge=False)
    for i, title in enumerate(head):
        shown.add_column(title, justify="left" if i < texts else "right")
    for row in rows:
        shown.add_row(*(text for _, text in row))
    return shown
