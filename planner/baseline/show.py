"""The inventory as a table for people, as CSV, and as a picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

from rich.table import Table

from planner.answer.page.charts import short
from planner.answer.page.table import Markup, join, tag
from planner.baseline.inventory import BASES, BILLS, OPERATION, OWN, PROCESS, Entry, Inventory
from planner.baseline.money import APART as APART_MONEY
from planner.baseline.money import PARTS, Paid, explained
from planner.language.language import Language, mark
from planner.language.words import plain
from planner.planning.base_of import APART

COLUMNS = ("year", "kind", "source", "carrier", "scope", "energy_mwh", "tce", "location_t", "market_t", "cost")
KINDS = {OPERATION: mark("operation"), BILLS: mark("bills"), PROCESS: mark("process"), OWN: mark("made here")}
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#e69f00", "#56b4e9", "#cc79a7", "#999999", "#444444")
WIDTH, BAR, LEFT, HEAD = 920.0, 26.0, 210.0, 34.0


def inventory_csv(inventory: Inventory) -> str:
    """Every entry as a row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for e in sorted(inventory.entries, key=lambda e: (e.year, e.kind, e.source)):
        cost = "" if e.cost is None else f"{e.cost:.10g}"
        figures = (f"{value:.10g}" for value in (e.energy, e.tce, e.location, e.market))
        writer.writerow([e.year, e.kind, e.source, e.carrier, e.scope or "", *figures, cost])
    return out.getvalue()


def inventory_tables(inventory: Inventory, language: Language) -> list[Table]:
    """A table a year: its sources with energy and emissions on both bases, and their sums."""
    say, tables = language.translate, []
    for year in inventory.years:
        entries = inventory.best(year)
        title = say("Inventory of {year}", year=year)
        table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
        for i, head in enumerate((say("source"), say("from"), say("scope"), "MWh", "tce", say("t, location"), say("t, market"))):
            table.add_column(head, justify="left" if i < 2 else "right")
        for e in sorted(entries, key=lambda e: -e.location):
            figures = (language.number(v) for v in (e.energy, e.tce, e.location, e.market))
            table.add_row(plain(e.source), say(KINDS[e.kind]), str(e.scope or "–"), *figures)
        totals = (sum(getattr(e, name) for e in entries) for name in ("energy", "tce", "location", "market"))
        table.add_row(say("sum"), "", "", *(language.number(v) for v in totals), style="bold")
        tables.append(table)
    return tables


def remarks(inventory: Inventory, language: Language) -> list[str]:
    """What the bills and the operation, and the stated base emissions and the inventory, say of each other."""
    say, lines = language.translate, []
    if inventory.lacking:
        lines.append(say("The base year could not be operated: {why}", why=inventory.lacking))
    words = mark("{source}: states no coal equivalent; {tce} tce/MWh, the calorific value of electricity, is counted here")
    told = {entry.source for entry in inventory.entries}
    lines += [say(words, source=name, tce=f"{tce:.4g}") for name, tce in inventory.calorific.items() if name in told]
    for bill, modelled in inventory.differences():
        apart = (modelled.energy - bill.energy) / bill.energy if bill.energy else 0.0
        text = say(
            "{source}: {billed} MWh on the bills, {modelled} MWh as operated ({apart})",
            source=bill.source,
            billed=language.number(bill.energy),
            modelled=language.number(modelled.energy),
            apart=f"{apart:+.1%}",
        )
        lines.append(say("look at this: {sentence}", sentence=text) if abs(apart) > APART else text)
    lines += _in_place(inventory, language)
    for bill, modelled in inventory.differences():
        lines += _money(bill, modelled, inventory.paid.get(bill.source), inventory, language)
    lines += _together(inventory, language)
    gross = sum(getattr(e, inventory.accounting) for e in inventory.best(inventory.base_year))
    if inventory.stated:
        apart = (gross - inventory.stated) / inventory.stated
        text = say(
            "base_emissions states {stated} t, the inventory has {gross} t ({apart})",
            stated=language.number(inventory.stated),
            gross=language.number(gross),
            apart=f"{apart:+.1%}",
        )
        lines.append(say("look at this: {sentence}", sentence=text) if abs(apart) > APART else text)
    return lines


def _in_place(inventory: Inventory, language: Language) -> list[str]:
    """What to write where one supply is operated more than its bill says, and another less: the cheaper one runs first."""
    apart = {bill: modelled.energy / bill.energy - 1 for bill, modelled in inventory.differences() if bill.energy > 0}
    more, less = [bill for bill, a in apart.items() if a > APART], [bill for bill, a in apart.items() if a < -APART]
    words = mark(
        "if {more} and {less} serve the same demand, the cheaper one runs first: max_import_year = {energy} of {more} in "
        "supplies.csv holds it to its bill"
    )
    pairs = [(one, other) for one in more for other in less[:1] if one.carrier != "electricity"]
    return [language.translate(words, more=a.source, less=b.source, energy=f"{a.energy:.0f}") for a, b in pairs]


def _together(inventory: Inventory, language: Language) -> list[str]:
    """The same of supplies that share a connection, as one, where each that imports has a bill with a cost."""
    found, lines = {bill.source: (bill, modelled) for bill, modelled in inventory.differences()}, list[str]()
    for connection, (names, payment) in inventory.together.items():
        pairs = [found[name] for name in names if name in found]
        if len(pairs) < len(names) or any(bill.cost is None for bill, _ in pairs):
            continue
        bills, modelled = zip(*pairs, strict=True)
        name = f"{connection} ({', '.join(names)})"
        bill = replace(bills[0], source=name, energy=sum(b.energy for b in bills), cost=sum(b.cost or 0.0 for b in bills))
        lines += _money(bill, replace(modelled[0], energy=sum(m.energy for m in modelled)), payment, inventory, language)
    return lines


def _money(bill: Entry, modelled: Entry, payment: Paid | None, inventory: Inventory, language: Language) -> list[str]:
    """What a bill costs, beside what the operation pays by part, and what may explain the difference."""
    say = language.translate
    if bill.cost is None or payment is None or payment.total <= 0:
        return []
    apart = bill.cost / payment.total - 1
    parts = say("; ").join(f"{say(PARTS[name])} {language.number(value)}" for name, value in payment.parts.items())
    text = say(
        "{source}: {billed} {currency} on the bills, {modelled} as operated ({apart} on the bills): {parts}",
        source=bill.source,
        billed=language.number(bill.cost),
        modelled=language.number(payment.total),
        currency=inventory.currency,
        apart=f"{apart:+.1%}",
        parts=parts,
    )
    if abs(apart) <= APART_MONEY:
        return [text]
    energy = bill.energy / modelled.energy if modelled.energy > 0 else 1.0
    why = explained(bill.cost, payment, energy, bill.carrier, inventory.currency)
    if why is None:
        return [say("look at this: {sentence}", sentence=text)]
    return [say("look at this: {sentence}; {why}", sentence=text, why=language.tell(why))]


def picture(inventory: Inventory, language: Language) -> str:
    """An SVG drawing: for each year a bar of the emissions by source on each basis, and one of the energy in tce."""
    say = language.translate
    sources = list(dict.fromkeys(e.source for e in sorted(inventory.entries, key=lambda e: -(e.location + e.tce))))
    colour = {source: COLOURS[min(i, len(COLOURS) - 1)] for i, source in enumerate(sources)}
    rows: list[tuple[str, str, Sequence[Entry], str]] = []
    for year in inventory.years:
        entries = inventory.best(year)
        rows += [(f"{year} {say('t, location') if b == 'location' else say('t, market')}", b, entries, "t") for b in BASES]
        rows.append((f"{year} tce", "tce", entries, "tce"))
    most = {
        unit: max((sum(getattr(e, f) for e in own) for _, f, own, u in rows if u == unit), default=1.0) or 1.0
        for unit in ("t", "tce")
    }
    bars = [_bar(i, row, colour, most[row[3]], language) for i, row in enumerate(rows)]
    below = HEAD + len(rows) * (BAR + 8) + 14
    keys = [
        tag(
            "g",
            tag("rect", x=0, y=-10, width=12, height=12, fill=colour[s]),
            tag("text", s, x=18, y=0, class_="t"),
            transform=f"translate({short(8 + (i % 4) * 225.0)} {short(below + (i // 4) * 20.0)})",
        )
        for i, s in enumerate(sources)
    ]
    height = below + (len(sources) // 4 + 1) * 20.0
    title = say("Emissions and energy by source")
    style = Markup(
        "svg{background:#fff}.t{font:12px sans-serif;fill:#333}.title{font:bold 15px sans-serif;fill:#222}.end{text-anchor:end}"
    )
    drawing = tag(
        "svg",
        tag("style", style),
        tag("title", title),
        tag("text", title, x=8, y=20, class_="title"),
        join(bars),
        join(keys),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {short(WIDTH)} {short(height)}",
        role="img",
        aria_label=title,
    )
    return str(drawing) + "\n"


def _bar(i: int, row: tuple[str, str, Sequence[Entry], str], colour: dict[str, str], most: float, language: Language) -> Markup:
    label, figure, entries, unit = row
    y, x, parts = HEAD + i * (BAR + 8), LEFT, []
    for e in sorted(entries, key=lambda e: -getattr(e, figure)):
        wide = max(getattr(e, figure), 0.0) / most * (WIDTH - LEFT - 110)
        if wide > 0:
            said = f"{e.source}: {language.number(getattr(e, figure))} {unit}"
            parts.append(
                tag("rect", tag("title", said), x=short(x), y=short(y), width=short(wide), height=short(BAR), fill=colour[e.source])
            )
            x += wide
    total = language.number(sum(getattr(e, figure) for e in entries))
    return join(
        [
            tag("text", label, x=short(LEFT - 8), y=short(y + BAR * 0.68), class_="t end"),
            *parts,
            tag("text", f"{total} {unit}", x=short(x + 6), y=short(y + BAR * 0.68), class_="t"),
        ]
    )
