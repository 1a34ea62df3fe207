"""Vehicles, on the page: a week of what chargers draw, beside charging at once, and the sums of each year."""

import pytest
from reading import charts_of_hours, read, rows


@pytest.mark.slow
def test_the_page_shows_what_chargers_draw_and_would_draw_at_once(small, plan, tmp_path):
    """0.06 MWh from 18 to 6 o'clock at 0.02 MW: at once from 18 to 21; power costs half from midnight on."""
    small.write("chargers.csv", "chargers,efficiency\ndepot,1\n")
    small.write("sessions.csv", "chargers,day,arrive,leave,energy,power\ndepot,all,18:00,06:00,0.06,0.02\n")
    small.write("tariff.csv", "supply,item,hours,factor\ngrid,energy,0-5,0.5\n")
    said = plan.once("--park", small.folder, "--target", "zero-carbon", "--by", 2028, "--out", "o")
    assert said.code == 0, said.err
    (sums,) = [rows(t) for t in read((tmp_path / "o" / "report.html").read_text(encoding="utf-8")).one("vehicles").all("table")]
    (week,) = charts_of_hours(tmp_path / "o", "charging")
    assert [when.split()[-1] for when, power in week.lines.iloc[:, 1].items() if power] == ["18:00", "19:00", "20:00"]
    planned = week.lines.iloc[:, 0].tolist()
    assert sum(planned[:6]) == pytest.approx(0.06, abs=0.002) and sum(planned[6:]) == pytest.approx(0.0, abs=0.002)
    assert sums[1][1] == "charged into vehicles [MWh]" and float(sums[1][2]) == pytest.approx(21.9, rel=1e-3)
