"""A certificate of a small run is verified, and refused after any single change, also where it was sealed anew."""

from __future__ import annotations

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.verify.bound import Programme, leaves
from planner.verify.certificate import PlanCertificate, read_certificate, write_certificate
from planner.verify.cost import given_up, wrong_project_costs
from planner.verify.verify import verify

Tables = dict[str, list[dict[str, str]]]
Change = Callable[[dict, Tables, dict[str, np.ndarray]], None]


def cell(table: str, column: str, value: str | Callable[[str], str], **of: str) -> Change:
    """Change a cell of the first row of a table that is `of`."""

    def change(told, tables, arrays):
        row = next(r for r in tables[table] if all(r[k] == v for k, v in of.items()))
        new = value(row[column]) if callable(value) else value
        assert row[column] != new, (table, column)
        row[column] = new

    return change


def times(factor: float) -> Callable[[str], str]:
    return lambda text: repr(float(text) * factor)


def said(*keys: str, value: object) -> Change:
    def change(told, tables, arrays):
        for key in keys[:-1]:
            told = told[key]
        told[keys[-1]] = value(told[keys[-1]]) if callable(value) else value

    return change


def without(*keys: str) -> Change:
    def change(told, tables, arrays):
        for key in keys[:-1]:
            told = told[key]
        del told[keys[-1]]

    return change


def added(table: str, **row: str) -> Change:
    def change(told, tables, arrays):
        tables[table].append(row)

    return change


def number(name: str, new: Callable[[float], float], where: Callable[[dict[str, np.ndarray]], int]) -> Change:
    def change(told, tables, arrays):
        arrays[name] = arrays[name].copy()
        flat, place = arrays[name].reshape(-1), where(arrays)
        flat[place] = new(flat[place])

    return change


def dearest(arrays) -> int:
    """The column that costs most in the plan."""
    return int(np.abs(arrays["cost"] * arrays["point"]).argmax())


def heaviest(arrays) -> int:
    """The multiplier with the largest part in the bound."""
    y = arrays["multipliers"][0]
    rows = np.where(y > 0, arrays["row_lower"], np.where(y < 0, arrays["row_upper"], 0.0))
    return int(np.abs(y * rows).argmax())


def dropped(table: str, **of: str) -> Change:
    def change(told, tables, arrays):
        row = next(r for r in tables[table] if all(r[k] == v for k, v in of.items()))
        tables[table].remove(row)

    return change


#: A rule that the park has not.
OF_THE_PARK = {"rule": "own", "metric": "net_ratio", "sense": "<=", "year": 2026, "limit": 1.0}
CHANGES: dict[str, Change] = {
    "less is paid for energy": cell("costs", "value", times(0.99), item="energy"),
    "less is paid for capital": cell("costs", "value", times(0.5), item="capital"),
    "less of capital is borne": cell("system_cost", "value", times(0.999), item="capital"),
    "less of energy is borne": cell("system_cost", "value", times(0.999999), item="energy"),
    "a cost of another year": cell("system_cost", "year", "2027", item="energy", year="2026"),
    "a cost is left out": dropped("system_cost", item="energy", year="2028"),
    "cash is left out": dropped("costs", item="energy", year="2028"),
    "an order is cheaper": cell("investments", "capital_cost", times(0.9)),
    "an order is smaller": cell("investments", "build", times(0.9)),
    "an order is of another year": cell("investments", "year", "2028"),
    "an order works later": cell("investments", "works_from", "2028"),
    "credits are cheaper": cell("offsets", "cost", times(0.9)),
    "a measure is cheaper": cell("measures", "capital_cost", "1"),
    "gross is less": cell("emissions", "value", times(0.9), item="gross", year="2028"),
    "net is less": cell("emissions", "value", "-1000", item="net", year="2028"),
    "the base is more": cell("emissions", "value", times(1.1), item="base", year="2028"),
    "a scope is less": cell("emissions", "value", times(0.9), item="scope2_market", year="2027"),
    "a source is less": cell("emission_sources", "value", times(0.9), item="scope2_market"),
    "credits are more": cell("emissions", "value", "1999", item="removal_credits", year="2028"),
    "a rule's value": cell("stages", "value", times(0.9), metric="gross_ratio"),
    "a rule's limit": cell("stages", "limit", "0.9", metric="gross_ratio"),
    "a rule's side": cell("stages", "sense", ">=", metric="gross_ratio"),
    "a rule that fails": cell("stages", "holds", "False"),
    "a rule is left out": dropped("stages", metric="net_ratio"),
    "the cost told": said("system_cost", value=lambda c: c * 0.999),
    "the discount rate": said("discount_rate", value=0.05),
    "the first year": said("first_year", value=2025),
    "the last year": said("last_year", value=2029),
    "a lifetime": said("lifetimes", "capital", "pv", value=25.0),
    "a lifetime in part": said("lifetimes", "capital", "pv", value=20.5),
    "no lifetime of an order": without("lifetimes", "capital", "pv"),
    "no lifetime of a measure": without("lifetimes", "measures", "led"),
    "no lifetime of what is planted": without("lifetimes", "restoration", "wood"),
    "a lifetime of what is not ordered": said("lifetimes", "capital", "wind", value=20.0),
    "a lifetime of land that is not planted": said("lifetimes", "restoration", "reeds", value=20.0),
    "a measure lives longer": said("lifetimes", "measures", "led", value=10.9),
    "land is kept up longer": said("lifetimes", "restoration", "wood", value=3.0),
    "an order works for longer": cell("investments", "works_until", "2050"),
    "a measure saves for longer": cell("measures", "works_until", "2050"),
    "more land is kept up": cell("restoration", "value", times(2.0), item="kept_up"),
    "less of a measure is borne": cell("system_cost", "value", times(0.9), item="measures"),
    "less of planting is borne": cell("system_cost", "value", times(0.9), item="restoration"),
    "value is given up": cell("system_cost", "item", "value_given_up", item="capital"),
    "an order is retired": added("retirements", year="2028", technology="pv", ordered="2026", retired="0.3", unit="MW"),
    "a project cost of what is not retired": said("project_costs", "pv", value={"2026": 1.0}),
    "more energy is bought": cell("energy", "value", times(1.01), flow="import", year="2026"),
    "less energy is made": cell("energy", "value", times(0.99), flow="out"),
    "a flow is of another year": cell("energy", "year", "2029", flow="out"),
    "a flow is of another kind": cell("energy", "flow", "export", flow="demand"),
    "more stands": cell("capacity", "capacity", times(1.01)),
    "it stands in another year": cell("capacity", "year", "2030"),
    "an order is signed": cell("investments", "committed", "1"),
    "credits are fewer": cell("offsets", "value", times(0.9)),
    "more is taken up": cell("restoration", "value", times(1.1), item="uptake"),
    "more is counted": cell("restoration", "value", times(1.1), item="counted"),
    "more energy is used": cell("emissions", "value", "5", item="energy_use"),
    "more energy is clean": cell("emissions", "value", "5", item="clean_energy"),
    "less electricity is used": cell("emissions", "value", "5", item="electricity_used"),
    "more electricity is green": cell("emissions", "value", "5", item="direct_green"),
    "more is certified": cell("emissions", "value", "5", item="certified"),
    "more is captured": cell("emissions", "value", "5", item="captured_fossil"),
    "a rule is wider": cell("stages", "tolerance", "0.002"),
    "more stood before": said("standing", "pv", value={"2026": 1.0}),
    "a rule of the park is missing": said("rules", value=[OF_THE_PARK]),
    "energy counts more": said("energy", "tce", "grid", value=0.5),
    "the base told": said("base_emissions", value=5000.0),
    "the year of the goal": said("by", value=2027),
    "the bound told": said("programme", "bound", value=lambda b: b * 1.001),
    "the cost in the programme": said("programme", "cost", value=lambda c: c * 1.001),
    "the offset": said("programme", "offset", value=lambda c: c + 1e4),
    "a cost of the programme": number("cost", lambda c: 0.9 * c, dearest),
    "a number of the plan": number("point", lambda v: 1.01 * v, dearest),
    "a bound of a row": number("row_lower", lambda v: v + 1.0, lambda a: int(np.flatnonzero(a["row_lower"] == a["row_upper"])[0])),
    "a multiplier": number("multipliers", lambda v: 0.9 * v, heaviest),
    "a branch": number("tree", lambda v: 7, lambda a: a["tree"].size - 3),
}


@pytest.fixture
def certificate(plan, small, tmp_path) -> Path:
    """The certificate of the small park, two units of the sun in whole numbers, and a wood that is planted once."""
    small.write("restoration.csv", "project,max_area,max_plant,capital_cost,fixed_cost,lifetime,buffer\nwood,10,10,1000,10,2.5,0\n")
    small.write("uptake.csv", "project,age,value\nwood,0,10\n")
    small.edit("technologies.csv", "profile\npv,solar,0,1,,sun", "unit_size,profile\npv,solar,0,1,,0.3,sun")
    plan.once("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--quiet")
    assert plan.once("certify", "out").code == 0
    return tmp_path / "out" / "certificate.zip"


def test_a_certificate_is_verified_and_refused_after_any_single_change(plan, certificate, tmp_path):
    found = plan("verify", "out/certificate.zip", "--run", "out")
    assert found.code == 0 and "REFUSED" not in found.out and "within 0.00% of the least" in found.out
    own = read_certificate(certificate)
    assert own.told["programme"]["bound"] == pytest.approx(own.told["system_cost"], rel=1e-4)  # planned on every hour
    for name, change in CHANGES.items():
        told, tables, arrays = (
            json.loads(json.dumps(own.told)),
            {n: [dict(r) for r in t] for n, t in own.tables.items()},
            dict(own.arrays),
        )
        change(told, tables, arrays)
        write_certificate(tmp_path / "sealed.zip", told, {n: text(t) for n, t in tables.items()}, arrays)
        again = read_certificate(tmp_path / "sealed.zip")
        assert not again.broken
        assert any(f.fails for f in verify(again)), name
    for member in zipfile.ZipFile(certificate).namelist():
        shutil.copy(certificate, tmp_path / "one.zip")
        changed(tmp_path / "one.zip", member)
        refused = plan("verify", "one.zip")
        assert refused.code in (1, 2) and ("REFUSED" in refused.out or "no certificate" in refused.err), member


def test_a_plan_that_was_not_shown_to_hold_in_all_hours_is_verified_as_no_more(plan, certificate, tmp_path):
    assert "certificate.zip: verified. " in plan("verify", "out/certificate.zip").out
    own = read_certificate(certificate)
    tables = {n: text([dict(r) for r in t]) for n, t in own.tables.items()}
    write_certificate(tmp_path / "days.zip", {**own.told, "verified": False}, tables, dict(own.arrays))
    found = plan("verify", "days.zip")
    assert found.code == 0 and "days.zip: verified on typical days only: the plan was not shown to hold in all hours." in found.out


def text(rows: list[dict[str, str]]) -> str:
    if not rows:
        return ""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def changed(path: Path, member: str) -> None:
    """One byte of a member is another."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    data = bytearray(members[member])
    data[-2] ^= 1
    members[member] = bytes(data)
    with zipfile.ZipFile(path, "w") as archive:
        for name, own in members.items():
            archive.writestr(name, own)


def test_files_of_another_run_are_refused_and_what_is_no_certificate_is_a_fault(plan, certificate, tmp_path):
    (tmp_path / "out" / "costs.csv").write_text("year,item,name,value,unit\n")
    refused = plan("verify", "out/certificate.zip", "--run", "out")
    assert refused.code == 1 and "costs.csv" in refused.out
    (tmp_path / "no.zip").write_bytes(b"no")
    assert plan("verify", "no.zip").code == 2
    assert plan("verify", "not-there.zip").code == 2
    assert plan("certify", "park").code == 2


def test_a_certificate_of_an_earlier_form_is_refused_as_such(plan, certificate, tmp_path):
    own = read_certificate(certificate)
    data = json.dumps({**own.told, "format": "parkzero certificate 2"})
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as archive:
        archive.writestr("certificate.json", data)
    said = plan("verify", "old.zip")
    assert said.code == 2 and "is of an earlier form; make it anew with `plan certify`" in said.err


def test_a_bound_by_hand():
    """Least 3 x + 2 y of x + y ≥ 2.5, x, y whole, x ≤ 1, y ≥ 0 without a bound above. Relaxed: y = 2.5 for 5, the multiplier 2. Whole: 6
    of y = 3; by y ≤ 2 (x ≥ 0.5: multiplier 3, 7.5 − 2 = 5.5) and y ≥ 3 (6). A multiplier of 3 at the root needs a bound of y: the row
    gives none, so it rests on the cap."""
    arrays = {
        "cost": np.array([3.0, 2.0]),
        "start": np.array([0, 1, 2]),
        "index": np.array([0, 0]),
        "value": np.array([1.0, 1.0]),
        "lower": np.zeros(2),
        "upper": np.array([1.0, np.inf]),
        "row_lower": np.array([2.5]),
        "row_upper": np.array([np.inf]),
        "integer": np.array([True, True]),
        "point": np.array([0.0, 3.0]),
        "multipliers": np.array([[3.0], [0.0]]),
        "tree": np.array([[1, 2, 1, 2], [-1, 0, -1, -1], [-1, 1, -1, -1]]),
    }
    own = Programme(arrays, 0.0, 1000.0)
    assert own.is_sound() and own.misses() == 0.0
    root = own.bounds()
    assert own.least(np.array([2.0]), *root) == (pytest.approx(5.0), 0.0)
    assert own.least(np.array([-5.0]), *root)[0] == pytest.approx(
        3.0
    )  # the row has no bound above: counts as 0; it implies y ≥ 1.5
    assert own.least(np.array([3.0]), *root) == (pytest.approx(7.5 - 1000), pytest.approx(1000.0))
    assert [b for b, _ in leaves(own, 0, *root, 0)] == pytest.approx([5.5, 6.0])


def test_what_early_retirement_gives_up_by_hand():
    """20 MW for 1,100, of which 100 whatever their size: 50 a MW; 4 MW of them and all 10 MW signed for 300, 30 a MW, are retired: the
    cheaper first, 300 + 200. At 0 % the horizon of 2026 to 2029 bears 3 of 10 years of what works from 2027: 0.7 of it is given up."""
    row = {"technology": "pv", "year": "2026", "works_from": "2027", "works_until": "2036"}
    orders = [
        row | {"build": "20", "capital_cost": "1100", "committed": "0"},
        row | {"build": "10", "capital_cost": "300", "committed": "1"},
    ]
    retired = [{"technology": "pv", "year": y, "ordered": "2026", "retired": mw} for y, mw in (("2028", "10"), ("2029", "4"))]
    told = {"lifetimes": {"capital": {"pv": 10.0}}, "discount_rate": 0.0, "first_year": 2026, "last_year": 2029}
    own = PlanCertificate(
        told | {"project_costs": {"pv": {"2026": 100.0}}},
        {"investments": orders, "retirements": retired, "restoration": []},
        {},
        (),
    )
    assert given_up(own) == {(2026, "value_given_up", "pv"): pytest.approx(0.7 * 500)}
    assert not [*wrong_project_costs(own)]


def test_rows_give_bounds():
    """x + 2 y ≤ 4 from 0 on: x ≤ 4, y ≤ 2; z − x ≤ 1: z ≤ 5."""
    arrays = {
        "cost": np.zeros(3),
        "start": np.array([0, 2, 3, 4]),
        "index": np.array([0, 1, 0, 1]),
        "value": np.array([1.0, -1.0, 2.0, 1.0]),
        "lower": np.zeros(3),
        "upper": np.full(3, np.inf),
        "row_lower": np.full(2, -np.inf),
        "row_upper": np.array([4.0, 1.0]),
    }
    assert Programme(arrays, 0.0, 1.0).bounds()[1] == pytest.approx([4.0, 2.0, 5.0])
