"""finance.xlsx: LibreOffice finds in its formulas what the program works out, as planned and after each change of an input, to the cent.

Left out only where LibreOffice is not installed, and never in CI.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import OFFICE, recalculated
from openpyxl.workbook import Workbook
from parks import Draft

from models.case import Financing, OwnTerms
from planner.answer.finance_formulas import COLUMNS
from planner.answer.finance_workbook import write_finance
from planner.finance.figures import figures
from planner.finance.statements import Statements, is_price, statements, yearly
from planner.finance.terms import Terms

pytestmark = pytest.mark.skipif(OFFICE is None and not os.environ.get("CI"), reason="LibreOffice is not installed")

SERVICE = "Energy Service"
TERMS: dict[str, Any] = {
    "inflation": 0.02,
    "tax_rate": 0.25,
    "debt_share": 0.6,
    "interest": 0.05,
    "tenor": 3,
    "grace": 1,
    "residual_value": 0.5,
    "depreciation": {"pump": 2.5, "measure": 3.0},
    "grants": {"measure": 0.1},
    "capitalised": True, "fee": 0.01, "reserve_months": 6, "capital_vat": 0.13, "working_capital": 0.02,
    "yield_p90": {"pump": 0.9}, "downside_prices": {"gas": 0.8},
    "owners": {
        SERVICE: {"tax_rate": 0.15, "debt_share": 0.8, "interest": 0.06, "tenor": 2, "discount_rate": 0.09, "saving_share": 0.8}},
}
#: Each input that is changed: sheet, what it is, its new value; of an owner whose.
CHANGES: dict[str, tuple[str, Any, Any]] = {"nothing": ("", "", None), "inflation": ("terms", "inflation", 0.05),
    "tax": ("terms", "tax_rate", 0.4), "debt": ("terms", "most_debt", 0.9), "interest": ("terms", "interest", 0.09),
    "no interest": ("terms", "interest", 0.0), "tenor": ("terms", "tenor", 2), "grace": ("terms", "grace", 0),
    "cover": ("terms", "cover_ratio", 40.0), "residual": ("terms", "residual_value", 1.0), "timing": ("terms", "timing", "start"),
    "discount": ("terms", "discount_rate", 0.12), "grant": ("projects", ("technology", "pump"), (3, 0.3)),
    "writing off": ("projects", ("technology", "pump"), (4, 1.5)), "price": ("prices", ("energy", "gas", 2027), 95.0),
    "carbon": ("prices", ("carbon", "gas", 2028), 3.0), "capital": ("prices", ("capital", "pump", 2026), 123456.0),
    "certificate": ("prices", ("certificates", "gec", 2029), 9.0), "tax of an owner": ("terms", "tax_rate", (SERVICE, 0.1)),
    "tax of an owner that follows": ("terms", "tax_rate", ("tenant", 0.1)),
    "interest of an owner": ("terms", "interest", (SERVICE, 0.12)), "debt of an owner": ("terms", "most_debt", (SERVICE, 0.3)),
    "cover of an owner": ("terms", "cover_ratio", (SERVICE, 30.0)),
    "discount of an owner": ("terms", "discount_rate", (SERVICE, 0.02)),
    "share of a saving": ("terms", "saving_share", (SERVICE, 0.5)), "added interest": ("terms", "capitalised", 0),
    "fee": ("terms", "fee", 0.03), "reserve": ("terms", "reserve_months", 12), "VAT": ("terms", "capital_vat", 0.0),
    "stock": ("terms", "working_capital", 0.1), "downside": ("terms", "case", "downside"),
    "ungranted": ("terms", "case", "without grants")}


def park() -> Draft:
    """Four years of power and heat: a pump owned by an energy service, a tenant's measure, a line; a carbon price and certificates."""
    park = Draft(2026, 2029, discount_rate=0.06, base_emissions=9000.0)
    park.demand("machines", mwh={2026: 8760.0, 2029: 9500.0})
    park.demand("warmth", "heat", mwh=4380.0)
    park.supply("grid", price={2026: 100.0, 2029: 110.0}, factor=0.5, max_export=1.0,
        prices={"demand_charge": 500.0, "export": 20.0})
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.price("*", "carbon", 60.0, "CNY/t")
    park.certificate("gec", price=4.0, max_share=0.5)
    park.converter("boiler", {"gas": -1.25, "heat": 1.0}, existing=1.0, fixed_cost=100.0)
    park.converter("pump", {"electricity": -0.3, "heat": 1.0}, capital_cost=60_000.0, fixed_cost=500.0, lifetime=10,
        max_capacity=0.4, owner=SERVICE)
    park.measure("led", {"machines": 0.1}, capital_cost=50_000.0, lifetime=6, owner="tenant")
    park.rule("net_ratio", "<=", 0.3)
    return park


@pytest.fixture(scope="module")
def made() -> Statements:
    """The statements as planned."""
    draft = park()
    draft.park = draft.park.model_copy(update={"finance": Financing(**TERMS)})
    found = statements(draft.run(), draft.case())
    assert found is not None and set(found.pieces) == {"reference", "least-cost"}
    late = {against: [replace(p, waits=1) if p.part == "capital" and p.name == "pump" else p for p in own]
        for against, own in found.pieces.items()}
    return replace(found, pieces=late)


@pytest.fixture(scope="module")
def books(made: Statements, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Workbook]:
    """The workbook after each change, with the numbers of LibreOffice."""
    folder = tmp_path_factory.mktemp("office")
    write_finance(made, folder / "planned.xlsx")
    paths = {}
    for name, (sheet, what, value) in CHANGES.items():
        book = openpyxl.load_workbook(folder / "planned.xlsx")
        if sheet:
            rows = book[sheet].iter_rows(min_row=2)
            wide = {"terms": 1, "projects": 2, "prices": 3}[sheet]
            (row,) = [r for r in rows if (r[0].value if wide == 1 else tuple(c.value for c in r[:wide])) == what]
            if sheet == "terms" and isinstance(value, tuple):
                heads = [cell.value for cell in book[sheet][1]]
                value = heads.index(f"of {value[0]}"), value[1]
            column, number = value if isinstance(value, tuple) else ({"terms": 1, "prices": 4}[sheet], value)
            row[column].value = number
        paths[name] = folder / f"{name.replace(' ', '-')}.xlsx"
        book.save(paths[name])
    return dict(zip(paths, recalculated([*paths.values()], folder), strict=True))


def changed(made: Statements, name: str, book: Workbook) -> tuple[Statements, dict]:
    """What the program works out after the change: the statements and the factors of prices."""
    sheet, what, value = CHANGES[name]
    if sheet == "terms" and isinstance(value, tuple):
        owner, number = value
        finance = made.terms.finance
        own = finance.owners.get(owner, OwnTerms()).model_copy(update={{"most_debt": "debt_share"}.get(what, what): number})
        finance = finance.model_copy(update={"owners": {**finance.owners, owner: own}})
        return replace(made, terms=replace(made.terms, finance=finance)), {}
    if what == "case":
        return made, {}
    if sheet == "terms" and what == "discount_rate":
        return replace(made, terms=replace(made.terms, rate=value)), {}
    if sheet == "terms":
        stated = {"most_debt": "debt_share"}.get(what, what)
        return replace(made, terms=replace(made.terms, finance=made.terms.finance.model_copy(update={stated: value}))), {}
    if sheet == "projects":
        project = replace(made.projects[what], **{{3: "grant", 4: "write_off"}[value[0]]: value[1]})
        return replace(made, projects={**made.projects, what: project}), {}
    if sheet == "prices":
        (planned,) = [r[5].value for r in book["prices"].iter_rows(min_row=2) if tuple(c.value for c in r[:3]) == what]
        return made, {what: value / planned}
    return made, {}


def assert_same(cell: object, value: float | None, cents: float, where: object) -> None:
    if value is None or value != value:
        assert cell in (None, ""), (where, cell, value)
    else:
        assert cell == pytest.approx(value, abs=cents, rel=1e-9), (where, cell, value)


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_libreoffice_agrees_to_the_cent(made, books, name):
    book = books[name]
    found, factors = changed(made, name, book)
    own, rows = found.terms, iter(list(book["accounts"].iter_rows(min_row=2, values_only=True)))
    order = list(COLUMNS)
    told = iter(list(book["finance"].iter_rows(min_row=2, values_only=True)))
    for against in found.pieces:
        for account in found.accounts(against, factors, CHANGES[name][2] if CHANGES[name][1] == "case" else "planned"):
            row = next(told)
            assert [cell or "" for cell in row[:3]] == [against, account.kind, account.name]
            for cell, figure in zip(row[3:], figures(account, own.of(account.owner)), strict=True):
                cents = 0.005 if figure.unit == "money" else 1e-7
                assert_same(cell, figure.value, cents, (name, against, account.name, figure))
            money = yearly(account)
            for i, year in enumerate(own.years):
                cells = dict(zip(order, next(rows), strict=True))
                assert cells["year"] == year
                for column, item, sign in (("equity", "equity", 1), ("passed", "passed", 1), ("tax", "tax", -1),
                    ("debt", "debt", 1), ("service", "debt_service", -1), ("cover", "cover", 1), ("llcr", "llcr", 1),
                    ("reserve", "held", 0)):
                    if not sign:
                        cells[column] += cells["vat"] + cells["stock"]
                    assert_same(cells[column], (sign or 1) * float(money[item][i]), 0.005, (name, account.name, year, item))
            next(rows)
    discount = dict(zip(own.years, own.discount.tolist(), strict=True))
    if CHANGES[name][2] == "downside":
        factors = {p.key: 0.8 for p in found.levelised.parts if is_price(p.key) and p.key[1] == "gas"}
    costs = found.levelised.cost(discount, factors)
    cells = [row[:2] for row in book["levelised cost"].iter_rows(min_row=2, max_row=1 + len(costs), values_only=True)]
    assert [c for c, _ in cells] == sorted(costs)
    for carrier, cell in cells:
        assert_same(cell, costs[carrier], 0.005, (name, carrier))


@pytest.mark.slow
def test_every_change_changes_a_figure(books):
    planned = list(books["nothing"]["finance"].iter_rows(min_row=2, values_only=True))
    for name, book in books.items():
        if name != "nothing":
            rows = list(book["finance"].iter_rows(min_row=2, values_only=True))
            assert rows != planned, name


def test_the_numbers_in_the_cells_are_those_as_planned_before_anything_recalculates(made, tmp_path):
    """What shows a workbook without working it out shows the figures."""
    path: Path = tmp_path / "finance.xlsx"
    write_finance(made, path)
    sheet = openpyxl.load_workbook(path, data_only=True)["finance"]
    first = next(sheet.iter_rows(min_row=2, values_only=True))
    assert isinstance(made.terms, Terms)
    for cell, figure in zip(first[3:], figures(made.accounts("reference")[0], made.terms), strict=True):
        assert_same(cell, figure.value, 1e-6, figure)
