"""What a run writes of its statements, and what the page shows of them; nothing of either where the park asks for none."""

from types import SimpleNamespace

import pandas as pd
import pytest
from openpyxl import load_workbook

from planner.answer.bank import cover_least, covers
from planner.language.language import Language

TERMS = "[finance]\ninflation = 0.02\ntax_rate = 0.25\ndebt_share = 0.7\ninterest = 0.045\ntenor = 5\n"
FILES = "finance.csv", "cash_flow.csv", "levelised.csv"


def test_a_park_without_the_table_is_written_as_before(plan, small, tmp_path):
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    assert not [name for name in FILES if (tmp_path / "out" / name).exists()]
    assert 'id="finance"' not in (tmp_path / "out" / "report.html").read_text()
    assert "has no table [finance]" in plan("report", "out", "--finance").err


@pytest.mark.slow
def test_where_all_is_paid_at_the_start_the_value_is_the_difference_of_system_cost(plan, small, tmp_path):
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS + 'timing = "start"\n')
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    out = tmp_path / "out"
    assert all((out / name).is_file() for name in FILES)
    rows = pd.read_csv(out / "finance.csv", keep_default_na=False)
    own = rows[(rows["account"] == "all") & (rows["basis"] == "real") & (rows["figure"] == "npv_with_beyond")].set_index("against")[
        "value"]
    costs = {name: pd.read_csv(path / "system_cost.csv")["value"].sum()
        for name, path in (("target", out), ("reference", out / "reference"), ("least-cost", out / "least-cost"))}
    for name in ("reference", "least-cost"):
        assert float(own[name]) == pytest.approx(costs[name] - costs["target"], abs=0.01)


@pytest.mark.parametrize("second", [30.0, -30.0])
def test_the_year_that_covers_its_debt_least_is_told_with_its_cash(second):
    """20 of debt a year, of which 50 in 2027 are 2.5 times, 30 in 2028 1.5 times; of 200 M that are ordered until then 120 work later."""
    flows = [(2027, "operating", 50.0), (2028, "operating", second), (2027, "debt_service", -20.0), (2028, "debt_service", -20.0),
        (2028, "debt", 7.0)]
    cash = pd.DataFrame([("least-cost", "all", *flow) for flow in flows], columns=["against", "account", "year", "item", "nominal"])
    orders = pd.DataFrame([(2027, 2027, 0, 60e6), (2028, 2028, 0, 20e6), (2028, 2029, 0, 120e6), (2028, 2029, 1, 999e6)],
        columns=["year", "works_from", "committed", "capital_cost"])
    output = SimpleNamespace(summary={"financing": {"owners": False, "tax_rate": 0.25}}, alone={"cash_flow": cash},
        target={"investments": orders}, currency="CNY", years=[2027, 2028])
    report = SimpleNamespace(language=Language(), output=output)
    assert covers(report, "least-cost")["cover"].tolist() == [2.5, pytest.approx(second / 20)]
    (row,) = cover_least(report).to_numpy().tolist()
    assert row == ["least-cost", 2028, second / 20, second, 20.0, pytest.approx(0.6), 7.0]


@pytest.mark.slow
def test_the_workbook_of_finance_is_made_once_asked_for_while_the_park_is_the_same(plan, small, tmp_path):
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS)
    assert plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    book = tmp_path / "out" / "finance.xlsx"
    assert not book.exists() and str(book) not in plan("report", "out").out
    assert str(book) in plan("report", tmp_path / "out", "--finance").out.split()
    english = load_workbook(book).sheetnames
    assert plan("report", "out", "--finance", "--language", "zh").code == 0 and load_workbook(book).sheetnames != english
    small.edit("demand.csv", "8760", "8000")
    assert plan("report", "out", "--finance").code == 2 and plan("report", "out").code == 0
    assert "leave out --form" in plan("report", "out", "--finance", "--form", "cn-910").err


@pytest.mark.slow
@pytest.mark.parametrize(("language", "title", "note"),
    [("en", "Cash of each owner, target against reference", "What an owner passes on of its saving is the park"),
     ("zh", "各业主现金流", "让出的节省额归园区")])
def test_the_page_shows_the_cash_of_each_owner_where_there_are_several(plan, small, tmp_path, language, title, note):
    head, *rows = (small.folder / "technologies.csv").read_text().splitlines()
    owned = [f"{row},Energy Service" if row.startswith("pv,") else f"{row}," for row in rows]
    small.write("technologies.csv", "\n".join([f"{head},owner", *owned]) + "\n")
    own = '[finance.owners."Energy Service"]\ninterest = 0.06\nsaving_share = 0.75\n'
    small.write("park.toml", (small.folder / "park.toml").read_text() + TERMS + own)
    assert (
        plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet", "--language", language).code
        == 0)
    page = (tmp_path / "out" / "report.html").read_text()
    assert title in page and note in page
    rows = pd.read_csv(tmp_path / "out" / "cash_flow.csv", keep_default_na=False)
    lent = rows[(rows["item"] == "borrowed") & (rows["account"] == "all") & (rows["against"] == "reference")]["nominal"].sum()
    told = Language(language)
    row = page[page.index(f">{told.translate('total borrowed')} [{told.translate('nominal')}]<") :]
    assert lent > 0 and told.money(lent, rows["unit"].iloc[0]) in row[: row.index("</tr>")]
    shared = rows[(rows["item"] == "passed") & (rows["against"] == "reference")].pivot_table(index="year", columns="name",
        values="nominal")
    assert shared["park"].tolist() == pytest.approx((-shared["Energy Service"]).tolist()) and shared["park"].abs().max() > 0
