"""What else would do: the range of each group in plans that cost little more, as a picture, and as tables."""

from __future__ import annotations

import pandas as pd
from rich.table import Table

from planner.answer.page.annex import Report, Section, section
from planner.answer.page.frame import WIDE
from planner.answer.page.scale import short, shortened
from planner.answer.page.table import Markup, explained, number, table, tag
from planner.language.language import NONE, Language, mark
from planner.language.words import ACCOUNTS, named

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
LEFT, RIGHT, ROW, FRAME = 190.0, 190.0, 26.0, 12.0


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
    say, height = language.translate, FRAME + ROW * len(groups)
    parts: list[Markup] = []
    for i, r in enumerate(groups.itertuples(index=False)):
        y = FRAME / 2 + ROW * (i + 0.5)
        top = max(float(r.most if pd.isna(r.most_bound) else r.most_bound), 1e-9)

        def x(value: float, top: float = top) -> float:
            return LEFT + (WIDE - LEFT - RIGHT) * min(max(value / top, 0.0), 1.0)

        low, high = (float(found if pd.isna(own) else own) for own, found in ((r.least_bound, r.least), (r.most_bound, r.most)))
        name = f"{group_name(str(r.group), language)} [{r.unit}]"
        parts.append(tag("text", shortened(name, 13, LEFT - 12), x=LEFT - 10, y=short(y + 4), class_="t end"))
        parts.append(tag("line", x1=short(LEFT), x2=short(WIDE - RIGHT), y1=short(y), y2=short(y), class_="grid"))
        ends = {"x1": short(x(low)), "x2": short(x(high)), "y1": short(y), "y2": short(y)}
        parts.append(tag("line", **ends, stroke="currentColor", stroke_width=1))
        width = max(x(float(r.most)) - x(float(r.least)), 2.0)
        title = tag("title", f"{name}: {language.amount(r.least)} – {language.amount(r.most)}")
        box = {"x": short(x(float(r.least))), "y": short(y - 6), "width": short(width), "height": 12}
        parts.append(tag("rect", title, **box, fill="currentColor", opacity="0.35"))
        parts.append(tag("circle", cx=short(x(float(r.amount))), cy=short(y), r=5, fill="currentColor"))
        said = f"{language.amount(r.least)} – {language.amount(r.most)}  {say(str(r.verdict))}"
        parts.append(tag("text", shortened(said, 13, RIGHT - 12), x=short(WIDE - RIGHT + 10), y=short(y + 4), class_="t"))
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
