"""At which capital cost and price an order goes out, and whether it is still right at new tables; all by hand."""

from pathlib import Path

import pandas as pd
import pytest
from one_megawatt import one_megawatt

PARK = one_megawatt()


def write(folder: Path, wind: float | None, name: str = "park") -> None:
    """Hydro at 100,000 CNY/MW, and wind where it is offered; each is enough alone."""
    plants = {"hydro": 100_000.0} | ({} if wind is None else {"wind": wind})
    (folder / name).mkdir()
    tables = {
        "technologies.csv": "technology,max_capacity\n" + "".join(f"{k},1\n" for k in plants),
        "types.csv": "type,role\n" + "".join(f"{k},converter\n" for k in plants),
        "ports.csv": "type,carrier,direction,ratio\n" + "".join(f"{k},electricity,out,1\n" for k in plants),
        "costs.csv": costs(**plants),
    }
    for file, text in (PARK | tables).items():
        (folder / name / file).write_text(text)


def costs(**plants: float) -> str:
    rows = [f"{k},capital_cost,,{money},CNY/MW\n{k},lifetime,,1,year\n" for k, money in plants.items()]
    return "type,parameter,year,value,unit\n" + "".join(rows)


def asked(plan, tmp_path, *words: object, table: str = "watch") -> pd.DataFrame:
    if not (tmp_path / "out").exists():
        said = plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet")
        assert said.code == 0, said.err
    said = plan.once("explain", "--signs", "out", "--jobs", 1, *words)
    assert said.code == 0, said.err
    return pd.read_csv(tmp_path / "out" / f"{table}.csv", keep_default_na=False,
        na_values={"turns": "", "factor": "", "least_without": ""})


@pytest.mark.slow
def test_an_order_goes_out_where_what_stands_in_for_it_is_as_cheap(plan, tmp_path):
    """Wind costs 150,000: up to that hydro stays. Nothing is bought with either, so no price turns it."""
    write(tmp_path, 150_000.0)
    rows = asked(plan, tmp_path)
    assert rows[["name", "by"]].to_numpy().tolist() == [["hydro", "capital"]]
    assert rows["turns"][0] == pytest.approx(150_000, rel=1e-3) and rows["factor"][0] == pytest.approx(1.5, rel=1e-3)
    assert rows["worth"][0] == pytest.approx(50_000) and bool(rows["confirmed"][0])


@pytest.mark.slow
def test_beside_a_grid_alone_its_price_turns_it_too(plan, tmp_path):
    """Without hydro 4.38 M are bought: it stays up to 4.38 M CNY/MW, and down to 100,000 / 8,760 CNY/MWh of the grid."""
    write(tmp_path, None)
    rows = asked(plan, tmp_path).set_index("by")
    assert rows["turns"]["capital"] == pytest.approx(4_380_000, rel=1e-3)
    assert (rows["price"]["supply"], rows["turns"]["supply"]) == ("grid", pytest.approx(100_000 / 8760, rel=1e-3))
    assert rows["confirmed"].tolist() == [True, True]


@pytest.mark.slow
def test_new_tables_are_judged_by_plans_and_bounds_that_are_kept(plan, tmp_path, monkeypatch):
    """Hydro at 140,000 is below the 150,000 of any plan without it; at 160,000 wind beats it; where the grid costs half, no plan
    without hydro is known to cost more than half of 150,000, and wind costs more than hydro: ask again."""
    write(tmp_path, 150_000.0)
    first = plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet")
    assert first.code == 0, first.err
    (tmp_path / "dear.csv").write_text(costs(hydro=160_000.0))
    said = plan.once("explain", "--signs", "out", "--costs", "dear.csv")
    assert said.code == 2 and "plan explain --signs out" in said.err  # nothing is known yet
    asked(plan, tmp_path)
    monkeypatch.setattr("planner.planning.run.plan_park", None)  # nothing is planned anew
    (tmp_path / "little.csv").write_text(costs(hydro=140_000.0))
    (tmp_path / "cheap.csv").write_text(PARK["prices.csv"].replace("500", "250"))
    for options, verdict in ((("--costs", "little.csv"), "still right"), (("--costs", "dear.csv"), "no longer"),
        (("--prices", "cheap.csv"), "ask again")):
        rows = asked(plan, tmp_path, *options, table="verdicts")
        assert rows["verdict"].tolist() == [verdict]
    said = plan.once("explain", "--signs", "out", "--costs", "none.csv", "--prices", "nor.csv")
    assert said.code == 2 and "none.csv" in said.err and "nor.csv" in said.err
