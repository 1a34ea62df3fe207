"""Energy rebuilt from the result tables: balances, yearly sums, demands, stores."""

from __future__ import annotations

import numpy as np
import pytest
from ledger import Park, in_year, number

#: How a flow of dispatch.parquet enters the balance of its zone and carrier.
FEEDS = ("import", "out", "discharge", "arrived")
DRAWS = ("export", "in", "charge", "demand", "sent")
STATES = ("held", "curtailed", "captured")


def test_every_flow_has_a_place(plans) -> None:
    for _, out in plans:
        assert set(out.dispatch["flow"]) <= {*FEEDS, *DRAWS, *STATES}
        # `held` of a seasonal store is what its day has gained so far, which may be below 0.
        assert (out.dispatch[out.dispatch["flow"] != "held"]["value"] >= -1e-9).all()


def test_what_comes_equals_what_goes_in_every_hour(plans) -> None:
    for _, out in plans:
        flows = out.dispatch[~out.dispatch["flow"].isin(STATES)]
        signed = flows["value"].where(flows["flow"].isin(FEEDS), -flows["value"])
        place = [flows[c] for c in ("year", "zone", "carrier")]
        left = signed.groupby([*place, flows["hour"]]).sum().abs().groupby(level=[0, 1, 2]).max()
        scale = flows["value"].groupby(place).max().clip(lower=1.0)
        assert (left <= 1e-6 * scale.reindex(left.index)).all(), left[left > 1e-6 * scale]


def test_the_hours_of_every_flow_stand_for_a_year(plans) -> None:
    for _, out in plans:
        weights = out.dispatch.groupby(["year", "flow", "name", "zone", "carrier"], observed=True)["weight"].sum()
        assert weights.to_numpy() == pytest.approx(np.full(len(weights), 8760.0))


def test_energy_is_dispatch_times_hours(plans) -> None:
    for _, out in plans:
        keys = ["year", "zone", "carrier", "flow", "name"]
        d = out.dispatch[out.dispatch["flow"] != "held"].astype(dict.fromkeys(keys[1:], object))
        sums = (d["value"] * d["weight"]).groupby([d[k] for k in keys]).sum()
        said = out.energy.set_index(keys)["value"]
        assert not said.index.duplicated().any()
        assert set(said.index) == set(sums.index)
        assert said.to_numpy() == pytest.approx(sums.reindex(said.index).to_numpy(), rel=1e-9, abs=1e-6)


def test_a_demand_is_what_the_measures_in_force_leave_and_add(plans) -> None:
    for park, out in plans:
        adopted = out.read("measures")
        for y in park.years:
            in_force = set()
            for r in adopted.itertuples():
                lifetime = int(float(park.listed("measures", "measure", r.measure)["lifetime"]))
                if r.year <= y < r.year + lifetime:
                    in_force.add(r.measure)
            for demand, energy in remaining(park, in_force, y).items():
                assert out.total(y, "demand", [demand]) == pytest.approx(energy, rel=1e-6), (y, demand)


def remaining(park: Park, in_force: set[str], year: int) -> dict[str, float]:
    """Energy of every demand: each saving, in the order of measures.csv, is of what those before it left."""
    before = {u: in_year(own, year) for u, own in park.own("demand").groupby("demand")}
    left, added = dict(before), dict.fromkeys(before, 0.0)
    measures, savings = park.own("measures"), park.own("savings")
    for m in measures["measure"] if len(measures) else ():
        for s in savings[savings["measure"] == m].to_dict("records") if m in in_force else ():
            saved = left[s["demand"]] * float(s["saving"])
            left[s["demand"]] -= saved
            if s.get("adds"):
                added[s["adds"]] += saved * number(s.get("adds_ratio", ""), 0.0)
    return {u: left[u] + added[u] for u in before}


def test_ports_flow_in_the_ratios_of_their_type(plans) -> None:
    for park, out in plans:
        for technology in park.technologies:
            kind = park.type_of(technology)
            if park.type_row(kind)["role"] == "store":
                continue
            for y in park.years:
                activity = [
                    out.total(y, p["direction"], [technology], p["carrier"]) / number(p.get("ratio", ""), 1.0)
                    for p in park.ports(kind)
                ]
                assert activity == pytest.approx([activity[0]] * len(activity), rel=1e-6, abs=1e-4), (y, technology)


def test_what_is_curtailed_and_used_is_what_could_be_had(plans) -> None:
    """Availability is not in the tables; that of two years is the same share of what stands."""
    for park, out in plans:
        standing = out.read("capacity").set_index(["year", "technology"])["capacity"]
        for technology, row in park.technologies.items():
            shares = [
                (out.total(y, "out", [technology]) + out.total(y, "curtailed", [technology])) / standing[y, technology]
                for y in park.years
                if row.get("profile") and standing.get((y, technology), 0.0) > 1e-3
            ]
            assert shares == pytest.approx(shares[:1] * len(shares), rel=1e-6), technology


def test_a_store_holds_what_it_held_before_less_losses_and_what_it_gave(plans) -> None:
    for park, out in plans:
        standing = out.read("capacity").set_index(["year", "technology"])["capacity"]
        for technology in park.technologies:
            row = park.type_row(park.type_of(technology))
            if row["role"] != "store" or (row.get("seasonal") == "1" and out.typical_days):
                continue  # a seasonal store on typical days is chained over a calendar that the tables do not hold
            gain, drain = (number(row.get(f"{d}charge_efficiency", ""), 1.0) for d in ("", "dis"))
            loss, hours = number(row.get("standing_loss", ""), 0.0), number(row["full_power_hours"], 1.0)
            d = out.dispatch[out.dispatch["name"] == technology]
            for y, own in d.groupby("year"):
                by_flow = own.pivot_table(index="hour", columns="flow", values="value").sort_index()
                held, charge, discharge = (by_flow[f].to_numpy() for f in ("held", "charge", "discharge"))
                days = held.reshape(-1, 24) if out.typical_days else held.reshape(1, -1)
                before = np.roll(days, 1, axis=1).ravel()
                capacity = standing[y, technology]
                wanted = (1 - loss) * before + gain * charge - discharge / drain
                assert held == pytest.approx(wanted, abs=1e-6 * max(capacity, 1.0))
                assert held.max() <= capacity * (1 + 1e-6) + 1e-6
                assert (charge + discharge).max() <= capacity / hours * (1 + 1e-6) + 1e-6


def test_supplies_stay_within_their_limits(plans) -> None:
    for park, out in plans:
        highest = out.dispatch.groupby(["flow", "name"], observed=True)["value"].max()
        for supply, row in park.supplies.items():
            for flow in ("import", "export"):
                most, yearly = (number(row.get(f"max_{flow}{s}", ""), np.inf) for s in ("", "_year"))
                assert highest.get((flow, supply), 0.0) <= most * (1 + 1e-6) + 1e-6
                for y in park.years:
                    assert out.total(y, flow, [supply]) <= yearly * (1 + 1e-6) + 1e-3


def test_equipment_runs_within_what_stands(plans) -> None:
    for park, out in plans:
        standing = out.read("capacity").set_index(["year", "technology"])["capacity"]
        highest = out.dispatch.groupby(["year", "flow", "name", "carrier"], observed=True)["value"].max()
        for technology in park.technologies:
            kind = park.type_of(technology)
            for port in park.ports(kind) if park.type_row(kind)["role"] != "store" else ():
                for y in park.years:
                    most = highest.get((y, port["direction"], technology, port["carrier"]), 0.0)
                    capacity = standing.get((y, technology), 0.0)
                    assert most <= number(port.get("ratio", ""), 1.0) * capacity * (1 + 1e-6) + 1e-6, (y, technology)


def test_a_link_delivers_what_is_sent_less_its_loss(plans) -> None:
    for park, out in plans:
        for link, row in park.links.items():
            for y in park.years:
                sent = out.total(y, "sent", [link])
                assert out.total(y, "arrived", [link]) == pytest.approx(sent * (1 - number(row["loss"], 0.0)), abs=1e-3)
