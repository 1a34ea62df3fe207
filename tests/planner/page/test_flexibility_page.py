"""Demand that moves, on the page: load before and after, and the sums of each year."""

import numpy as np
import pytest
from reading import charts_of_hours, read, rows

from planner.answer.hours import highest_days

GOAL = ("--target", "zero-carbon", "--by", 2028)


@pytest.mark.slow
def test_the_page_shows_the_load_before_and_after(small, plan, tmp_path):
    """8 MW at noon alone, less what a measure saves, a tenth; half of it may come an hour earlier or later."""
    small.write("profiles.csv", "hour,sun,noon\n" + "".join(f"{h},{int(6 <= h < 18)},{int(h == 12)}\n" for h in range(24)))
    small.write("demand.csv",
        "demand,carrier,value,unit,profile,shift_share,shift_hours,shift_cost\nmachines,electricity,2920,MWh,noon,0.5,1,1\n")
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,6,2\n")
    small.write("prices.csv", "supply,item,value,unit\ngrid,energy,500,CNY/MWh\ngrid,demand_charge,90,CNY/kW/month\n")
    small.write("emission_factors.csv", "supply,value,unit\ngrid,0.5,t/MWh\n")
    said = plan.once("--park", small.folder, *GOAL, "--out", "o")
    assert said.code == 0, said.err
    section = read((tmp_path / "o" / "report.html").read_text(encoding="utf-8")).one("flexibility")
    (sums,) = [rows(t) for t in section.all("table")]
    (load,) = charts_of_hours(tmp_path / "o", "moved_load")
    hours = {when.split()[-1]: own for when, *own in load.lines.itertuples()}
    assert hours["12:00"][0] == pytest.approx(7.2) and hours["12:00"][1] <= 3.7
    assert [sum(own) for own in zip(*hours.values(), strict=True)] == pytest.approx([7.2, 7.2], abs=0.1)
    by_item = {row[1]: row[2:] for row in sums[1:]}
    assert by_item["may move [MWh]"][-1] == pytest.approx(1314)
    assert by_item["moved [MWh]"][0] > 0 and by_item["highest hour of the carrier less by [MW]"][0] > 0
    said = plan.once("what-if", "o", "--moving", "--regret")
    assert said.code == 2 and "--moving" in said.err
    said = plan.once("what-if", "o", "--moving")
    assert said.code == 0 and "short in 3 of 3 years" in said.out, said.err
    section = read((tmp_path / "o" / "report.html").read_text(encoding="utf-8")).one("flexibility")
    saving = {row[0]: row[1:] for row in rows(section.all("table")[-1])[1:]}
    # At noon 3.6 MW and 1 MW of sun as planned, 2.6 imported; with nothing moved 7.2, of which 6 can be imported and 0.2 are unserved.
    assert saving["saved: demand charge [M CNY]"] == pytest.approx([3.4 * 12 * 0.09] * 3, abs=0.01)
    assert saving["unserved, electricity park: with nothing moved [MWh]"] == pytest.approx([0.2 * 365] * 3)
    assert "unserved, electricity park: as planned [MWh]" not in saving  # a row of zeros is left out
    paid = [[0 if v == "–" else v for v in own] for name, own in saving.items() if name.startswith("saved: ")]
    assert [sum(own) for own in zip(*paid, strict=True)] == pytest.approx(saving["saved in all [M CNY]"], abs=0.01)


def test_the_days_shown_are_those_of_the_highest_hours_of_either():
    asked, served = np.zeros(24 * 6), np.zeros(24 * 6)
    asked[[3, 30, 60]], served[[100, 130]] = (5.0, 4.0, 1.0), (6.0, 3.0)
    assert highest_days(asked, served) == [0, 1, 4, 5]
