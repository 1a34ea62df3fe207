"""The orders of a run in other futures, by hand: one year, 1 MW from a grid at 500 CNY/MWh and half of it from hydro."""

import re

import pandas as pd
import pytest
from one_megawatt import one_megawatt

from planner.questions import stress

PARK = one_megawatt("net_ratio,<=,0.5") | {
    "offsets.csv": "offset,kind,year,price,max_volume\nforest,removal,,100,500\n",
    "technologies.csv": "technology,max_capacity\nhydro,0.5\n",
    "types.csv": "type,role\nhydro,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nhydro,electricity,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\nhydro,capital_cost,,100000,CNY/MW\nhydro,lifetime,,1,year\n",
}
FUTURES = "future,probability\nas-it-is,0.2\ndear,0.2\nnarrow,0.2\nstrict,0.2\nsmall,0.2\n"
VALUES = ("future,table,name,item,year,factor,value,unit\ndear,prices,grid,energy,,2,,\nnarrow,supplies,grid,max_import,,,0.25,\n"
    "strict,stages,zero-carbon,net_ratio,,,0.25,\nsmall,limits,hydro,max_capacity,,,0.2,\n")
GRID = 0.5 * 8760 * 500


def rows_of(folder) -> pd.DataFrame:
    return pd.read_csv(folder / "stress.csv", keep_default_na=False, na_values={"value": "", "year": ""})


@pytest.fixture
def run(plan, tmp_path):
    """The park planned, and its futures beside it."""
    (tmp_path / "park").mkdir()
    for name, text in PARK.items():
        (tmp_path / "park" / name).write_text(text)
    said = plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet")
    assert said.code == 0, said.err
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "futures.csv").write_text(FUTURES)
    (tmp_path / "tree" / "future_values.csv").write_text(VALUES)
    return plan


@pytest.mark.slow
def test_each_future_costs_and_misses_what_the_pencil_says(run, tmp_path):
    """Hydro of 0.5 MW is kept at 50,000 and half of 4.38 M is bought. Dear: twice that. Narrow: 0.25 MW is bought, as much is short.
    Strict: 2,190 t less 500 of credits, which cost 50,000, is 595 above 1,095: at 100 CNY/t 59,500. Small: 0.3 MW is not possible."""
    said = run.once("what-if", "out", "--futures", "tree/futures.csv", "--regret")
    assert said.code == 0, said.err
    found = {(r.future, r.item, r.name): r.value for r in rows_of(tmp_path / "out").itertuples()}
    cost = {future: found[future, "cost", ""] for future in ("as-it-is", "dear", "narrow", "strict")}
    assert cost == pytest.approx(
        {"as-it-is": GRID + 50_000, "dear": 2 * GRID + 50_000, "narrow": GRID / 2 + 50_000, "strict": GRID + 50_000 + 50_000})
    assert found["narrow", "unserved", "electricity park"] == pytest.approx(2190)
    assert found["narrow", "unserved_hours", "electricity park"] == pytest.approx(8760)
    assert found["narrow", "unserved_worst", "electricity park"] == pytest.approx(0.25)
    assert found["strict", "missed", "zero-carbon net_ratio"] == pytest.approx(595)
    assert found["strict", "credits", "zero-carbon net_ratio forest"] == pytest.approx(59_500)
    assert found["small", "not_kept", "build hydro"] == pytest.approx(0.3)
    assert found["dear", "regret", ""] == pytest.approx(0, abs=1)
    assert ("narrow", "regret", "") not in found  # it cannot be met at all
    assert {item for future, item, _ in found if future == "as-it-is"} == {"cost", "least_cost", "regret"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    tried = page.split('id="tried"')[1].split("</section>")[0]
    shown = re.findall(r"<tr><th[^>]*>([^<]+)</th>(.*?)</tr>", tried.split("<tbody>")[1].split("</tbody>")[0])
    assert [future for future, _ in shown] == sorted(cost | {"small": 0}) and "The same orders in other futures" in tried
    assert ("2,190" in dict(shown)["narrow"] and "zero-carbon net_ratio 2026" in dict(shown)["strict"]
        and "cannot be kept" in dict(shown)["small"])
    told = " ".join(said.out.split())
    assert "2 of 5" in told and "595 t" in told and "build hydro 2026: 0.3 MW" in told


@pytest.mark.slow
@pytest.mark.parametrize("what", ["plan_park", "stress"])
def test_interrupted_what_was_found_stays_and_the_same_command_goes_on_with_the_others(run, tmp_path, monkeypatch, what):
    """Of two futures the second is interrupted: as it is planned, of `--regret`, or as the orders are operated in it."""
    (tmp_path / "tree" / "futures.csv").write_text("future,probability\nas-it-is,0.5\ndear,0.5\n")
    (tmp_path / "tree" / "future_values.csv").write_text("\n".join(VALUES.splitlines()[:2]) + "\n")
    asked, made = [], getattr(stress, what)
    def second_is_interrupted(*given, **named):
        asked.append(given)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return made(*given, **named)
    monkeypatch.setattr(stress, what, second_is_interrupted)
    command = "what-if", "out", "--futures", "tree/futures.csv", *(["--regret"] if what == "plan_park" else [])
    said = run(*command)
    assert said.code == 130 and "out-questions stay" in said.err and not (tmp_path / "out" / "stress.csv").exists()
    assert run(*command).code == 0 and len(asked) == 3  # only the second is asked again
    wanted = "least_cost" if what == "plan_park" else "cost"
    found = {r.future: r.value for r in rows_of(tmp_path / "out").itertuples() if r.item == wanted}
    assert found == pytest.approx({"as-it-is": GRID + 50_000, "dear": 2 * GRID + 50_000})


def test_futures_are_read_from_the_park_as_it_is_now_and_what_is_missing_is_said(run, tmp_path):
    said = run.once("what-if", "--in-futures", "out")
    assert said.code == 2 and "--futures FILE" in said.err and not (tmp_path / "out" / "stress.csv").exists()
    said = run.once("what-if", "out", "--outages", "--regret")
    assert said.code == 2 and "--outages" in said.err
    said = run.once("what-if", "out", "--outages")
    assert said.code == 2 and "reserves.csv" in said.err
    (tmp_path / "park" / "futures.csv").write_text("future\ndear\n")
    (tmp_path / "park" / "future_values.csv").write_text("future,table,name,item,factor\ndear,prices,grid,energy,2\n")
    said = run.once("what-if", "--in-futures", "out", "--language", "zh")
    assert said.code == 0, said.err
    assert rows_of(tmp_path / "out")["value"].tolist() == pytest.approx([2 * GRID + 50_000])
    (tmp_path / "park" / "prices.csv").write_text("supply,item,year,value,unit\ngrid,energy,,600,CNY/MWh\n")
    said = run.once("what-if", "--in-futures", "out")
    assert said.code == 2 and "prices.csv" in said.err
