"""`plan catalogue`: names by kind in a screenful, figures by word, in both languages; a tariff of it in a blank park."""

from planner.park import read_case


def test_without_a_word_every_name_stands_in_a_screenful(plan):
    said = plan("catalogue")
    assert said.code == 0 and len(said.out.splitlines()) <= 45
    for name in ("solar-rooftop", "coal-chp", "grid-jiangsu", "jiangsu-10kv", "condensate-return", "ccer", "gec", "forest",
        "reduction-ladder"):
        assert name in said.out


def test_a_word_shows_figures_with_titles_in_either_language_and_regions(plan):
    said = plan("catalogue", "heat-pump-air")
    assert "converter heat-pump-air (" in said.out and "capital_cost [China] = 3500 CNY/kW" in said.out
    chinese = plan("catalogue", "空气源热泵", "--language", "zh")
    assert chinese.code == 0 and "heat-pump-air (空气源热泵)" in chinese.out and "[中国]" in chinese.out
    assert "tariff jiangsu-10kv" in plan("catalogue", "jiangsu").out and plan("catalogue", "perpetuum").code == 2


def test_a_blank_park_takes_a_tariff_of_the_catalogue(plan, tmp_path):
    """Prices of 2026 become those of 2025; the hours are as they are."""
    said = plan("new", "x", "--blank", "--tariff", "jiangsu-10kv")
    assert said.code == 0, said.err
    case = read_case(tmp_path / "x")
    prices = {p.item: (p.value, p.unit) for p in case.prices if p.supply == "grid"}
    assert prices["energy"] == (640.0, "CNY/MWh") and prices["demand_charge"] == (51.2, "CNY/kW/month")
    assert sorted(row.factor for row in case.tariff) == [0.5981, 0.5981, 1.495, 1.495]
    left = [w for w in case.warnings if not w.startswith("catalogue")]
    assert left and all("are examples still" in w for w in left) and left[0].startswith("costs.csv: lines 2: ")
    assert "did you mean 'jiangsu-10kv'?" in plan("new", "y", "--blank", "--tariff", "jiangsu10kv").err


def test_a_park_of_a_region_takes_its_costs(plan, tmp_path):
    for region, cost in (("cn", 4500), ("eu", 1253.4746)):
        assert plan("new", region, "--blank", "--region", region, "--carriers", "electricity,steam").code == 0
        case = read_case(tmp_path / region)
        assert next(c.value for c in case.costs if c.type == "heat-pump-steam" and c.parameter == "capital_cost") == cost
