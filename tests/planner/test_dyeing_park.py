"""A dyeing park from what its owner has: readings from the grid's portal, a steam meter, a supplier's quotation, an audit list.

Two figures are converted by hand: what the audit saves, as shares of the meters' energy. All else is read as it is.
"""

import math
from datetime import datetime, timedelta

import pandas as pd
import pytest

#: Readings of the year: kW every 15 minutes, t/h every hour.
STEP, HOUR = timedelta(minutes=15), timedelta(hours=1)
#: The quotation's lines: what, price, unit.
LINES = (("屋顶光伏系统", 2.95, "元/W"), ("储能系统", 0.88, "元/Wh"), ("燃气蒸汽锅炉 10t/h", 1_800_000, "元/台"))


def times(step: timedelta) -> list[datetime]:
    first = datetime(2024, 1, 1)
    return [first + i * step for i in range(round(timedelta(days=366) / step))]


def power(t: datetime) -> float:
    return 1500.0 + 900.0 * (7 <= t.hour < 23) - 400.0 * (t.weekday() == 6)


@pytest.fixture
def owner(tmp_path):
    """The four files as they come."""
    lines = [f"{t:%Y/%m/%d %H:%M},{power(t):.1f}" for t in times(STEP)]
    (tmp_path / "portal.csv").write_text("户名,某某印染有限公司\n时间,有功功率(kW)\n" + "\n".join(lines) + "\n", encoding="gb18030")
    lines = [f"{t:%Y-%m-%d %H:%M},{4 + 5 * (6 <= t.hour < 22):.2f}" for t in times(HOUR)]
    (tmp_path / "steam.csv").write_text("时间,蒸汽流量(t/h)\n" + "\n".join(lines) + "\n", encoding="utf-8")
    head = [["某新能源公司报价单", "", ""], ["项目", "单价(元)", "单位"]]
    pd.DataFrame([*head, *map(list, LINES)]).to_excel(tmp_path / "quote.xlsx", header=False, index=False)
    return tmp_path


@pytest.mark.slow
def test_four_files_become_a_checked_park(plan, owner):
    assert plan("new", "dye", "--blank", "--carriers", "electricity,steam", "--grid", "8MW", "--tariff", "jiangsu-10kv").code == 0
    demand = ["demand,carrier,year,value,unit,profile"]
    for file, name in (("portal.csv", "machines"), ("steam.csv", "steam")):
        said = plan("import", "meter", file, "--take", "--park", "dye", "--name", name)
        assert said.code == 0, said.err
        demand.append(next(line.strip() for line in (said.out + said.err).splitlines() if line.strip().startswith(f"{name},")))
    (owner / "dye" / "demand.csv").write_text("\n".join(demand) + "\n", encoding="utf-8")
    energy = {line.split(",")[0]: float(line.split(",")[3]) for line in demand[1:]}
    hours = math.fsum(power(t) / 4000.0 for t in times(STEP)) / 366 * 365
    assert energy["machines"] == pytest.approx(hours, rel=2e-3)
    assert energy["steam"] == pytest.approx(0.7 * 365 * (8 * 4 + 16 * 9), rel=1e-4)
    assert plan("import", "costs", "quote.xlsx", "--take", "--park", "dye").code == 0
    mapping = (owner / "quote.map.csv").read_text(encoding="utf-8")
    assert mapping.count(",solar-rooftop,") == mapping.count(",battery,") == 1  # proposed from the words alone
    assert ",gas-boiler-steam," in mapping and ",7 MW," in mapping  # 10 t/h of steam at 0.7 MW each
    said = plan("import", "costs", "quote.xlsx", "--map", "quote.map.csv", "--take", "--park", "dye", "--replace")
    assert said.code == 0, said.err
    costs = pd.read_csv(owner / "dye" / "costs.csv").set_index("type")
    assert costs.loc["solar-rooftop", "value"] == 2.95 and costs.loc["battery", "value"] == 0.88
    assert costs.loc["gas-boiler-steam", "value"] == pytest.approx(1_800_000 / 7, rel=1e-5)
    measures = "measure,capital_cost,fixed_cost,lifetime,title,source\ndrives,800000,0,12,定型机变频,audit\ntraps,600000,0,8,疏水阀治理,audit\n"
    (owner / "dye" / "measures.csv").write_text(measures, encoding="utf-8")
    shares = 600.0 / energy["machines"], 2500 * 0.7 / energy["steam"]
    (owner / "dye" / "savings.csv").write_text(
        f"measure,demand,saving\ndrives,machines,{shares[0]:.4f}\ntraps,steam,{shares[1]:.4f}\n")
    (owner / "dye" / "bills.csv").write_text(f"supply,year,value,unit,cost\ngrid,2025,{energy['machines']},MWh,\n")
    checked = plan("check", "dye")
    assert checked.code == 0 and "nothing wrong" in checked.out, checked.err
    baseline = plan("check", "--baseline", "dye")
    assert baseline.code == 0 and "t, market" in baseline.out
    assert "look at this: grid" not in baseline.out  # the bill is what the park uses


@pytest.mark.slow
def test_a_bill_that_is_not_what_the_meters_say_is_told(plan, owner):
    assert plan("new", "dye", "--blank", "--grid", "8MW").code == 0
    said = plan("import", "meter", "portal.csv", "--take", "--park", "dye", "--name", "machines")
    row = next(line.strip() for line in (said.out + said.err).splitlines() if line.strip().startswith("machines,"))
    (owner / "dye" / "demand.csv").write_text(f"demand,carrier,year,value,unit,profile\n{row}\n", encoding="utf-8")
    baseline = plan("check", "--baseline", "dye")
    assert baseline.code == 0 and "look at this: grid" in baseline.out  # the example's bill is of 27,400 MWh
