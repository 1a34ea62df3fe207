"""The catalogue as data: sources, grades, price years, keys, units and orders of magnitude."""

import csv
import re
from itertools import pairwise
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).parents[2] / "data" / "catalogue"
GRADES = {"seen", "derived", "second-hand", "general knowledge"}
CURRENCIES = ("CNY", "EUR", "USD")
KEYS = {"types": ("type",), "ports": ("type", "carrier", "direction"), "carriers": ("carrier",),
    "costs": ("type", "parameter", "year", "region"), "supplies": ("supply",), "emission_factors": ("supply", "basis", "year"),
    "stages": ("standard", "stage", "metric"), "rules": ("rule", "metric", "sense", "year"),
    "standards": ("standard", "fuel", "supply_kind", "carrier", "basis", "year"), "measures": ("measure",),
    "offsets": ("offset", "year"), "certificates": ("certificate", "supply", "year"), "restoration": ("project",),
    "uptake": ("project", "age"), "ranges": ("table", "name", "parameter", "unit"),
    "tariffs": ("tariff", "item", "months", "days", "hours"), "money": ("item", "currency", "year"),
    "sessions": ("group", "day", "arrive")}
LINKS = {"cable", "pipe-heat", "pipe-steam", "pipe-cooling", "pipe-hydrogen", "pipe-co2"}
UNITS = {"capital_cost": {"kW", "kWh", "(t/h)", "MW/km", "(t/h)/km"}, "fixed_cost": {"kW/year"}, "variable_cost": {"MWh", "t"},
    "start_cost": {"MW", "(t/h)"}, "retirement_cost": {"kW", "kWh", "(t/h)"}, "project_cost": {""}}
HEAT_PUMPS = {"heat-pump-air", "heat-pump-excess-heat", "heat-pump-steam"}
#: Power of stores, ordered apart: no ports.
POWER = {"battery-inverter"}
COOLERS = {"chiller-electric", "chiller-absorption"}
SHARES = {
    "types": ("charge_efficiency", "discharge_efficiency", "standing_loss", "min_load", "ramp", "commitment", "outage", "seasonal",
        "green"),
    "supplies": ("green_share",),
    "emission_factors": ("biogenic",),
    "certificates": ("max_share",),
    "restoration": ("buffer", "inside"),
}


def rows(table):
    with open(CATALOGUE / f"{table}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def flows(type_, direction):
    return sum(
        float(r["ratio"]) for r in rows("ports") if r["type"] == type_ and r["direction"] == direction and r["carrier"] != "co2")


@pytest.mark.parametrize("table", KEYS)
def test_file_form(table):
    raw = (CATALOGUE / f"{table}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    assert all(None not in r and None not in r.values() for r in rows(table))


@pytest.mark.parametrize("table", KEYS)
def test_source_grade_and_key(table):
    for line, row in enumerate(rows(table), 2):
        assert row["source"].strip(), f"{table} line {line}: no source"
        assert row["grade"] in GRADES, f"{table} line {line}: {row['grade']}"
    keys = [tuple(r[k] for k in KEYS[table]) for r in rows(table)]
    assert len(keys) == len(set(keys))


def test_a_series_has_either_years_or_one_value():
    for table, key in (("costs", ("type", "parameter", "region")), ("emission_factors", KEYS["emission_factors"][:2])):
        years = {}
        for row in rows(table):
            years.setdefault(tuple(row[k] for k in key), []).append(row["year"])
        assert not [k for k, y in years.items() if "" in y and len(y) > 1]


def test_money_states_its_price_year():
    for table in ("measures", "offsets", "certificates", "restoration"):
        for row in rows(table):
            assert re.match(r"price year 20\d\d; CNY", row["note"]), row
    for row in rows("costs"):
        if row["unit"].startswith(CURRENCIES):
            assert re.match(r"price year 20\d\d", row["note"]), row


def test_every_type_says_how_it_is_ordered():
    """A least size or units that are sold, years between orders, whole retirement, a cost of each order; what is large takes longer."""
    projects = {r["type"] for r in rows("costs") if r["parameter"] == "project_cost"}
    for row in rows("types"):
        assert (float(row["min_build"] or 0) > 0) != (float(row["unit_size"] or 0) > 0), row["type"]
        assert row["existing_unit"] == (row["unit_size"] or row["min_build"]), row["type"]
        assert int(row["order_spacing"]) in (3, 5) and row["partial_retirement"] == "0" and row["type"] in projects, row["type"]
        assert "order_spacing and partial_retirement are general knowledge" in row["note"], row["type"]
        if row["order_spacing"] == "5":
            assert int(row["lead_time"]) >= 1, row["type"]


def test_cost_units():
    for row in rows("costs"):
        unit, parameter = row["unit"], row["parameter"]
        if parameter == "lifetime":
            assert unit == "year" and row["value"].isdigit(), row
        elif unit == "%/year":
            assert parameter == "fixed_cost" and 0 < float(row["value"]) < 10, row
        else:
            currency, _, per = unit.partition("/")
            assert currency in CURRENCIES and per in UNITS[parameter], row
            assert float(row["value"]) >= 0, row


def test_every_type_is_complete():
    types = {r["type"]: r for r in rows("types")}
    costs = {(r["type"], r["parameter"]) for r in rows("costs")}
    for type_ in set(types) | LINKS:
        assert {(type_, p) for p in ("capital_cost", "fixed_cost", "lifetime")} <= costs, type_
    assert {r["type"] for r in rows("ports")} == set(types) - POWER and {t for t, _ in costs} == set(types) | LINKS
    for _type, row in types.items():
        assert row["capacity_unit"] == {"converter": "MW", "store": "MWh", "capture": "t/h"}[row["role"]]
        if row["role"] == "store":
            assert (
                bool(row["full_power_hours"]) != (row["power_type"] in POWER) and row["charge_efficiency"] and row["standing_loss"])


def test_shares_lie_between_0_and_1():
    for table, columns in SHARES.items():
        for row in rows(table):
            assert all(0 <= float(row[c] or 0) <= 1 for c in columns), row


def test_no_type_makes_energy():
    for row in rows("types"):
        type_ = row["type"]
        given, taken = flows(type_, "out"), flows(type_, "in")
        if type_ in HEAT_PUMPS:
            ports = [r for r in rows("ports") if r["type"] == type_]
            lifted = sum(float(r["ratio"]) for r in ports if r["carrier"] == "waste-heat")
            assert 2 <= given / (taken - lifted) <= 6, type_
            assert not lifted or given == pytest.approx(taken, rel=1e-5), type_
        elif type_ in COOLERS:
            assert 0.6 <= given / taken <= 7, type_
        elif row["role"] == "capture":
            assert given == 0 and 0.5 < taken < 3, type_
        elif taken:
            assert 0.1 < given / taken <= 1, type_
        else:
            assert given == (type_ not in POWER), type_


def test_emission_factors_are_complete_and_plausible():
    supplies = {r["supply"]: r for r in rows("supplies")}
    bases = {}
    for row in rows("emission_factors"):
        bases.setdefault(row["supply"], set()).add(row["basis"])
        assert row["unit"] == "t/MWh" and 0 <= float(row["value"]) <= 1, row
    assert set(bases) == set(supplies)
    for name, supply in supplies.items():
        assert bases[name] == ({""} if supply["carrier"] != "electricity" else {"location", "market"}), name
        if name == "waste-heat":  # counted where it was made
            assert float(supply["tce_per_mwh"]) == 0.0
        else:
            assert 0.12 < float(supply["tce_per_mwh"]) <= 0.3, name


def test_stages_keep_the_rules_of_the_stage_before():
    order = {"low-carbon": "1", "near-zero-carbon": "2", "zero-carbon": "3"}
    rules = {}
    for row in rows("stages"):
        assert row["order"] == order[row["stage"]] and row["sense"] in ("<=", ">="), row
        rules.setdefault(row["standard"], {}).setdefault(row["order"], set()).add(row["metric"])
    for stages in rules.values():
        present = [stages[o] for o in sorted(stages)]
        assert all(a <= b for a, b in pairwise(present))


def test_measures_offsets_and_nature():
    for row in rows("measures"):
        assert float(row["capital_cost"]) > 0 and int(row["lifetime"]) > 0, row
        assert re.search(r"saving share assumed 0\.\d+", row["note"]), row
    assert all(r["kind"] in ("avoidance", "removal") and float(r["price"]) > 0 for r in rows("offsets"))
    assert {r["project"] for r in rows("uptake")} == {r["project"] for r in rows("restoration")}
    assert all(0 <= float(r["value"]) <= 30 for r in rows("uptake"))


def test_money_has_a_rate_of_every_currency_and_an_index_that_rises_slowly():
    money = {}
    for row in rows("money"):
        assert row["item"] in ("exchange_rate", "price_index") and float(row["value"]) > 0, row
        money.setdefault((row["item"], row["currency"]), {})[row["year"]] = float(row["value"])
    assert {"EUR", *CURRENCIES} <= {currency for item, currency in money if item == "exchange_rate"}
    assert {"EUR", *CURRENCIES} <= {currency for item, currency in money if item == "price_index"}
    for (item, _), years in money.items():
        steps = [b / a for (_, a), (_, b) in pairwise(sorted(years.items()))]
        assert all((0.98 if item == "price_index" else 0.8) < step < 1.2 for step in steps)


def test_every_figure_of_the_costs_lies_in_its_range():
    """Ranges are in CNY of 2025; the catalogue's own figures of every region lie within."""
    from planner.park.complaints import Complaints
    from planner.park.money import read_money, read_ranges

    complaints = Complaints()
    money = read_money(CATALOGUE, complaints)
    ranges = read_ranges(CATALOGUE, money, "CNY", 2025, complaints)
    assert not len(complaints)
    for row in rows("costs"):
        currency = row["unit"][:3] if row["unit"][:3] in CURRENCIES else "CNY"
        value = float(row["value"]) * (money.factor(currency, 2025, "CNY", 2025).value if row["unit"].startswith(CURRENCIES) else 1)
        unit = row["unit"].replace(currency, "CNY")
        assert ranges.of("costs", (row["type"],), row["parameter"]), row
        assert ranges.outside("costs", (row["type"],), row["parameter"], value, unit, "CNY") is None, row


def test_low_is_below_high_and_every_parameter_of_every_type_has_a_range():
    assert all(float(r["low"]) < float(r["high"]) for r in rows("ranges"))
    ranged = {(r["name"], r["parameter"]) for r in rows("ranges") if r["table"] == "costs"}
    assert {(r["type"], r["parameter"]) for r in rows("costs")} <= ranged


def test_regions_are_those_of_the_schema_and_their_series_are_whole():
    costs = {(r["type"], r["parameter"]) for r in rows("costs") if not r["region"]}
    for row in rows("costs"):
        assert row["region"] in ("", "cn", "eu", "us"), row
        assert (row["type"], row["parameter"]) in costs, "a regional series stands beside one of no region"


NAMES = {"type": ("types", "type"), "fuel": ("supplies", "supply"), "measure": ("measures", "measure"),
    "offset": ("offsets", "offset"), "certificate": ("certificates", "certificate"), "project": ("restoration", "project"),
    "standard": ("stages", "standard"), "tariff": ("tariffs", "tariff"), "rule": ("rules", "rule")}


@pytest.mark.parametrize("kind", NAMES)
def test_every_name_has_a_title_in_both_languages(kind):
    table, key = NAMES[kind]
    titles = {r["name"]: r for r in rows("titles") if r["kind"] == kind}
    assert set(titles) == {r[key] for r in rows(table)}
    assert all(r["title"] and re.search(r"[\u4e00-\u9fff]", r["title_zh"]) for r in titles.values())


def test_tariffs_are_of_three_chinese_provinces_and_two_other_countries_and_every_hour_has_a_price():
    found = {r["tariff"] for r in rows("tariffs")}
    assert {"jiangsu-10kv", "guangdong-shantou-10kv", "shandong-110kv", "tamil-nadu-ht1a", "us-industry-midwest"} <= found
    for name in found:
        own = [r for r in rows("tariffs") if r["tariff"] == name]
        assert [r["item"] for r in own if not r["factor"]].count("energy") == 1
        assert all(re.match(r"price year 20\d\d", r["note"]) for r in own if not r["factor"])
        assert all(0.1 <= float(r["factor"]) <= 3 for r in own if r["factor"])


def test_jiangsus_prices_agree_with_its_floats():
    """0.9566, 0.6400 and 0.3828 CNY/kWh are a fixed part of 0.2443 and a bought part of 0.3957, + 80 % and - 65 %."""
    factors = sorted({float(r["factor"]) for r in rows("tariffs") if r["tariff"] == "jiangsu-10kv" and r["factor"]})
    assert factors == pytest.approx([(0.2443 + 0.3957 * 0.35) / 0.64, (0.2443 + 0.3957 * 1.8) / 0.64], abs=1e-3)


def test_every_type_costs_something_to_take_down_and_links_stay_in_the_ground():
    """A figure of the type's own, read for wind and American solar plants, else 5 % of its first capital_cost, of the same region and unit."""
    costs, own = rows("costs"), {"wind-onshore", "wind-direct-line", "wind-distributed"}
    taken = [r for r in costs if r["parameter"] == "retirement_cost"]
    assert {r["type"] for r in taken} == {r["type"] for r in rows("types")}
    first: dict[tuple[str, str], dict[str, str]] = {}
    for row in (r for r in costs if r["parameter"] == "capital_cost"):
        first.setdefault((row["type"], row["region"]), row)
    assert {(r["type"], r["region"]) for r in taken} | {(t, r) for t, r in first if t in own} == {
        k for k in first if k[0] not in LINKS}
    for row in taken:
        base = first[row["type"], row["region"]]
        if row["type"] in own or (row["type"], row["region"]) == ("solar-ground", "us"):
            assert "0.05 x" not in row["note"], row
            continue
        assert row["unit"] == base["unit"] and row["note"].startswith(f"{base['note'][:15]}; 0.05 x {base['value']}, "), row
        assert float(row["value"]) == pytest.approx(0.05 * float(base["value"]), rel=5e-4), row
        assert "not a quotation" in row["note"] and row["grade"] == "derived", row
