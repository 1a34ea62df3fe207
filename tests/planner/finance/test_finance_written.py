"""What a run writes of its statements, and what the page shows of them; nothing of either where the park asks for none."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from openpyxl import load_workbook
from reading import read, rows

from planner.answer.page.finance import cover_table, told_cover, told_owed, told_terms
from planner.language.language import Language

TERMS = "[finance]\ninflation = 0.02\ntax_rate = 0.25\ndebt_share = 0.7\ninterest = 0.045\ntenor = 5\n"
FILES = "finance.csv", "cash_flow.csv", "levelised.csv", "finance.xlsx"


def test_a_park_without_the_table_is_written_as_before(plan, small, tmp_path):
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    assert not [name for name in FILES if (tmp_path / "out" / name).exists()]
    assert 'id="finance"' not in (tmp_path / "out" / "report.html").read_text()


def test_where_all_is_paid_at_the_start_the_value_is_the_difference_of_system_cost(plan, small, tmp_path):
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS + 'timing = "start"\n')
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    out = tmp_path / "out"
    assert all((out / name).is_file() for name in FILES)
    rows = pd.read_csv(out / "finance.csv", keep_default_na=False)
    own = rows[(rows["account"] == "all") & (rows["basis"] == "real") & (rows["figure"] == "npv_with_beyond")].set_index("against")[
        "value"
    ]
    costs = {
        name: pd.read_csv(path / "system_cost.csv")["value"].sum()
        for name, path in (("target", out), ("reference", out / "reference"), ("least-cost", out / "least-cost"))
    }
    for name in ("reference", "least-cost"):
        assert float(own[name]) == pytest.approx(costs[name] - costs["target"], abs=0.01)


@pytest.mark.parametrize(("language", "words"), [("en", "Figures of the target against reference"), ("zh", "财务分析")])
def test_the_page_has_a_section_of_it_in_both_languages(plan, small, tmp_path, language, words):
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS)
    assert (
        plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet", "--language", language).code
        == 0
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert 'id="finance"' in page and words in page
    assert plan("report", "out", "--language", language).code == 0
    assert (tmp_path / "out" / "report.html").read_text() == page
    if language == "en":
        bridged(tmp_path / "out", read(page))
        first_looked_for(tmp_path / "out", read(page))
        tables = [rows(table) for table in read(page).one("finance").all("table")]
        told = {str(row[0]): row[1] for row in next(t for t in tables if t[0][:2] == ["account", "avoided or bought"])[1:]}
        assert told["all"] == "" and "bought only here" in told.values()
        assert "The first screen compares with business as usual; here each title says" in page


def first_looked_for(out, page):
    """On the first screen stand the least cover of finance.csv and its year; beside the figures
    each end of finance_ends.csv, of which the nearest is named in the sentence."""
    tiles = {t.all("span")[0].text: (t.all("b")[0].text, t.all("small")[0].text) for t in page.all("ul", "tiles")[0].all("li")}
    figures, cash = pd.read_csv(out / "finance.csv"), pd.read_csv(out / "cash_flow.csv")
    own = figures[(figures["against"] == "reference") & (figures["account"] == "all")].set_index("figure")["value"]
    flows = cash[(cash["against"] == "reference") & (cash["account"] == "all")].pivot_table(
        index="year", columns="item", values="nominal"
    )
    cover = (flows["operating"] + flows["tax"] + 0.25 * flows["interest"]) / -flows["debt_service"].where(flows["debt_service"] < 0)
    assert cover.min() == pytest.approx(own["dscr_least"])
    assert tiles["Least debt cover"][0] == f"{own['dscr_least']:.2f} in {cover.idxmin()}"
    said = page.one("answer").text
    for plan, what in (
        ("business as usual", "today's equipment renewed, nothing new"),
        ("reference", "today's kinds of equipment at least cost"),
    ):
        assert f"{plan} ({what})" in said
    borrowed, funding = (Language().money(own[figure].max(), "CNY") for figure in ("borrowed", "peak_funding"))
    assert (
        f"against reference (today's kinds of equipment at least cost), {borrowed} is borrowed and the owner puts up at most {funding}"
        in tiles["To be invested"][1]
    )
    ends = pd.read_csv(out / "finance_ends.csv").query("against == 'reference' and figure == 'npv_after_tax'")
    assert ends["now"].tolist() == pytest.approx([own["npv_after_tax"].min()] * len(ends))
    (box,) = (
        b for b in page.all("div", "scroll") if b.attributes["aria-label"] == "What would end these figures, against reference"
    )
    told = {str(row[0]): row[1] for row in rows(box.all("table")[0])[1:]}
    saving = ends.query("what == 'saving'")["ends_at"].item()
    assert told["the whole operating saving"] == f"{saving:+.0%}"
    assert "is gone with any one of: " in page.one("finance").text


def bridged(out, page):
    """Each step from the saving to the owner's cash is the difference of figures of the tables, and the sums are such figures."""
    own = pd.read_csv(out / "finance.csv")
    own = own[(own["account"] == "all") & (own["basis"] == "real") & (own["against"] == "reference")].set_index("figure")["value"]
    cost = {n: pd.read_csv(out / n / "system_cost.csv")["value"].sum() for n in (".", "reference", "business-as-usual")}
    title = "From the saving to the present value, against reference (real)"
    (box,) = (box for box in page.all("div", "scroll") if box.attributes["aria-label"] == title)
    steps = dict(rows(box.all("table")[0])[1:])
    unit = 1e6 if cost["."] > 1e6 else 1.0
    right = {
        "saved against business as usual": cost["business-as-usual"] - cost["."],
        "less: business as usual is dearer than reference by": cost["reference"] - cost["business-as-usual"],
        "saved against reference": cost["reference"] - cost["."],
        "less: value beyond 2028": -own["value_beyond"],
        "net present value before tax": own["npv"],
        "tax": own["npv_after_tax"] - own["npv"],
        "net present value after tax": own["npv_after_tax"],
        "loan": own["npv_equity"] - own["npv_after_tax"],
        "net present value of the owner's cash": own["npv_equity"],
    }
    for step, money in right.items():
        assert steps.pop(step) * unit == pytest.approx(money, rel=1e-6), step
    ((last, timing),) = steps.items()
    assert last == "savings discounted from the end of their year, and grants"
    assert timing * unit == pytest.approx(own["npv"] - right["saved against reference"] + own["value_beyond"], rel=1e-6)


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (
            {},
            "is borrowed at 4.5% a year (nominal) and paid back over 5 years, from the first of them on; tax 25%, inflation 2.0% a year",
        ),
        ({"grace": 1}, "and served in 5 years, in the first of them by interest alone; tax"),
        ({"grace": 3}, "and served in 5 years, in the first 3 of them by interest alone; tax"),
        ({"debt_share": 0.0}, "Terms of the park, not of a bank's offer ([finance] in park.toml): nothing is borrowed; tax 25%"),
        ({"cover_ratio": 1.3}, "a year. At most: a cover of 1.30 is kept in every year."),
    ],
)
def test_a_loan_is_told_in_plain_words(terms, words):
    stated = {
        "debt_share": 0.7,
        "interest": 0.045,
        "tenor": 5,
        "grace": 0,
        "tax_rate": 0.25,
        "inflation": 0.02,
        "cover_ratio": None,
    }
    output = SimpleNamespace(summary={"financing": stated | {"owners": False} | terms})
    assert words in told_terms(SimpleNamespace(language=Language(), output=output))


@pytest.mark.parametrize(
    ("second", "tenor", "words"),
    [
        (30.0, 1, "Debt is covered least in 2028: 1.50. The cash that covers it is what the plan saves against least-cost"),
        (-30.0, 2, "In 2028 the plan saves no cash against least-cost, after tax: nothing that it saves covers its debt then."),
    ],
)
def test_a_year_that_saves_nothing_has_no_cover(second, tenor, words):
    """20 of debt a year, of which 50 in 2027 are 2.5 times, 30 in 2028 1.5 times."""
    flows = [(2027, "operating", 50.0), (2028, "operating", second), (2027, "debt_service", -20.0), (2028, "debt_service", -20.0)]
    cash = pd.DataFrame([("least-cost", "all", *flow) for flow in flows], columns=["against", "account", "year", "item", "nominal"])
    orders = pd.DataFrame(
        [(2027, 2027, 0, 60e6), (2028, 2028, 0, 20e6), (2028, 2029, 0, 120e6), (2028, 2029, 1, 999e6)],
        columns=["year", "works_from", "committed", "capital_cost"],
    )
    figure = ("least-cost", "all", "dscr_mean", 2.5)
    output = SimpleNamespace(
        summary={"financing": {"owners": False, "tax_rate": 0.25, "tenor": tenor}},
        alone={"cash_flow": cash, "finance": pd.DataFrame([figure], columns=["against", "account", "figure", "value"])},
        target={"investments": orders},
        currency="CNY",
        years=[2027, 2028],
    )
    report = SimpleNamespace(language=Language(), output=output, money=("CNY", 1.0))
    told = told_cover(report, "least-cost")
    assert told.startswith(words)
    made_of = f"It is {Language().money(30.0, 'CNY')} of cash, tax taken off as it would be without the interest, for"
    mean = "The mean of 2027 to 2027, as long as a loan of the first year runs, is 2.50"
    assert (mean in told) == (second > 0)
    assert (made_of in told) == (second > 0) and told_owed(report, "least-cost") == ""
    why = "60% of the capital of what is ordered up to the end of 2028 (120.0 M CNY of 200.0 M CNY) is of equipment that works only"
    assert (why in told) == (second > 0)
    (table,) = read(str(cover_table(report, "least-cost"))).all("table")
    assert rows(table)[-1] == ["debt cover", 2.5, pytest.approx(second / 20)]
    cash.loc[len(cash)] = ("least-cost", "all", 2028, "debt", 7e6)
    assert told_owed(report, "least-cost").startswith(f"At the end of 2028 {Language().money(7e6, 'CNY')} (nominal) are still owed")


def test_the_workbook_of_finance_is_made_again_in_the_language_asked_for_while_the_park_is_the_same(plan, small, tmp_path):
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS)
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    book = tmp_path / "out" / "finance.xlsx"
    before = load_workbook(book)
    assert str(book) in plan("report", tmp_path / "out").out.split()
    again = load_workbook(book)
    assert again.sheetnames == before.sheetnames
    for name in again.sheetnames:
        cells = zip([c.value for row in before[name] for c in row], [c.value for row in again[name] for c in row], strict=True)
        for one, other in cells:  # files have twelve digits
            assert other == (pytest.approx(one, rel=1e-9) if isinstance(one, float) else one)
    assert plan("report", "out", "--language", "zh").code == 0
    assert load_workbook(book).sheetnames != before.sheetnames
    small.edit("demand.csv", "8760", "8000")
    said = plan("report", "out")
    assert said.code == 0 and "finance.xlsx stays as it is" in said.err
    assert "report.html" in said.out and "finance.xlsx" not in said.out


@pytest.mark.parametrize(
    ("language", "title", "note"),
    [
        ("en", "Cash of each owner, target against reference", "What an owner passes on of its saving is the park"),
        ("zh", "各业主现金流", "让出的节省额归园区"),
    ],
)
def test_the_page_shows_the_cash_of_each_owner_where_there_are_several(plan, small, tmp_path, language, title, note):
    head, *rows = (small.folder / "technologies.csv").read_text().splitlines()
    owned = [f"{row},Energy Service" if row.startswith("pv,") else f"{row}," for row in rows]
    small.write("technologies.csv", "\n".join([f"{head},owner", *owned]) + "\n")
    own = '[finance.owners."Energy Service"]\ninterest = 0.06\nsaving_share = 0.75\n'
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS + own)
    assert (
        plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet", "--language", language).code
        == 0
    )
    page = (tmp_path / "out" / "report.html").read_text()
    assert title in page and note in page
    rows = pd.read_csv(tmp_path / "out" / "cash_flow.csv", keep_default_na=False)
    shared = rows[(rows["item"] == "passed") & (rows["against"] == "reference")].pivot_table(
        index="year", columns="name", values="nominal"
    )
    assert shared["park"].tolist() == pytest.approx((-shared["Energy Service"]).tolist()) and shared["park"].abs().max() > 0
