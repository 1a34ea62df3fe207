"""Carbon rebuilt from the result tables: scopes, gross and net, stages, where every tonne goes, and no double claim."""

from __future__ import annotations

import pytest
from ledger import Output, Park, in_year, number

#: Metric -> what stands above and below the line, as said in design/case.md.
ABOVE = {
    "gross_ratio": "gross", "net_ratio": "net", "avoidance_ratio": "avoidance", "intensity": "gross",
    "clean_share": "clean_energy", "direct_green_share": "direct_green",
}  # fmt: skip
BELOW = {
    "intensity": "energy_use", "clean_share": "energy_use", "direct_green_share": "electricity_used",
    "certificate_share": "electricity_used",
}  # fmt: skip


def near(value: float, scale: float = 0.0):
    return pytest.approx(value, rel=1e-6, abs=max(1e-2, 1e-6 * abs(scale)))


def bought(park: Park, out: Output, year: int, scope: str) -> dict[str, float]:
    """Energy bought of each supply of a scope."""
    names = [s for s, r in park.supplies.items() if r["scope"] == scope and r["kind"] != "sink"]
    return {s: out.total(year, "import", [s]) for s in names}


def certified(out: Output, year: int) -> dict[str, float]:
    rows = out.read("certificates")
    return rows[rows["year"] == year].groupby("supply")["value"].sum().to_dict()


def captured_of_scope(park: Park, out: Output, year: int, scope: int) -> float:
    """Fossil and process CO2 captured that would have counted in a scope."""
    process = park.process(year)
    taken = {q: t for q, t in out.captured(year).items() if process.get(q, (0.0, 1))[1] == scope}
    return sum(t * (1 - park.biogenic_share(q, year)) for q, t in taken.items())


def test_scope_1_is_fuel_bought_and_processes_less_what_is_captured(plans) -> None:
    for park, out in plans:
        for y in park.years:
            fuels = sum(e * park.factor(s, park.accounting, y).counted for s, e in bought(park, out, y, "1").items())
            for scope, item, burnt in ((1, "scope1", fuels), (3, "scope3", 0.0)):
                process = sum(t for t, n in park.process(y).values() if n == scope)
                rest = burnt + process - captured_of_scope(park, out, y, scope)
                assert out.emissions.loc[y, item] == near(rest, burnt + process), (y, item)


def test_scope_2_is_energy_bought_on_both_bases(plans) -> None:
    for park, out in plans:
        for y in park.years:
            energy, green = bought(park, out, y, "2"), certified(out, y)
            location = sum(e * park.factor(s, "location", y).counted for s, e in energy.items())
            market = sum((e - green.get(s, 0.0)) * park.factor(s, "market", y).counted for s, e in energy.items())
            assert out.emissions.loc[y, "scope2_location"] == near(location)
            assert out.emissions.loc[y, "scope2_market"] == near(market, location)


def test_gross_and_net_are_what_they_are_made_of(plans) -> None:
    for park, out in plans:
        e = out.emissions
        for y in park.years:
            gross = e.loc[y, "scope1"] + e.loc[y, f"scope2_{park.accounting}"] + e.loc[y, "scope3"]
            taken = sum(e.loc[y, i] for i in ("avoidance", "removal_credits", "captured_removals", "restoration"))
            assert e.loc[y, "gross"] == near(gross)
            assert e.loc[y, "net"] == near(gross - taken, gross)
            assert e.loc[y, "base"] == near(out.base)


def test_what_makes_up_for_emissions_stands_in_its_own_tables(plans) -> None:
    for park, out in plans:
        offsets, restoration = out.read("offsets"), out.read("restoration")
        for y in park.years:
            e = out.emissions.loc[y]
            credits = offsets[offsets["year"] == y].groupby("kind")["value"].sum()
            assert e["avoidance"] == near(credits.get("avoidance", 0.0))
            assert e["removal_credits"] == near(credits.get("removal", 0.0))
            assert e["certified"] == near(sum(certified(out, y).values()))
            counted = restoration[(restoration["year"] == y) & (restoration["item"] == "counted")]["value"]
            assert e["restoration"] == near(counted.sum())


def test_restored_land_counts_no_more_than_grows(plans) -> None:
    for park, out in plans:
        rows = out.read("restoration").set_index(["item", "project", "year"])["value"]
        for project in dict.fromkeys(rows.index.get_level_values("project")):
            facts = park.listed("restoration", "project", project)
            lifetime = int(float(facts["lifetime"]))
            for y in park.years:
                kept = {v: rows["planted", project, v] for v in park.years if v <= y < v + lifetime}
                grown = sum(ha * park.uptake(project, y - v) for v, ha in kept.items())
                assert rows["kept_up", project, y] == near(sum(kept.values()))
                assert sum(kept.values()) <= number(facts.get("max_area", ""), float("inf")) * (1 + 1e-6) + 1e-6
                assert rows["uptake", project, y] == near(grown)
                assert 0 <= rows["counted", project, y] <= grown + 1e-2


def test_every_rule_of_the_stage_in_force_is_told_and_true(plans) -> None:
    for park, out in plans:
        told = out.read("stages").set_index(["year", "stage", "metric", "sense"])
        wanted = {}
        for y in park.years if out.has_goal else ():
            since = [(year, stage) for stage, year in out.goal if year <= y]
            stage = max(since)[1] if since else ""
            for r in park.standard().query("stage == @stage").to_dict("records"):
                wanted[y, stage, r["metric"], r["sense"]] = float(r["limit"])
        if out.has_goal:
            assert set(told.index) == set(wanted)
        for (y, stage, metric, sense), limit in wanted.items():
            row = told.loc[(y, stage, metric, sense)]
            above, below = ratio(park, out, y, metric)
            assert row["limit"] == limit
            slack = limit * below - above if sense == "<=" else above - limit * below
            assert slack >= -1e-5 * max(abs(above), abs(below), 1.0), (y, stage, metric, above, below)
            assert bool(row["holds"])
            if abs(below) > 1e-6:
                assert row["value"] == pytest.approx(above / below, rel=1e-5, abs=1e-6)


def ratio(park: Park, out: Output, year: int, metric: str) -> tuple[float, float]:
    """What stands above and below the line of a metric."""
    e = out.emissions.loc[year]
    below = e[BELOW[metric]] if metric in BELOW else out.base
    if metric == "certificate_share":
        electric = [s for s, r in park.supplies.items() if r["carrier"] == "electricity"]
        return sum(v for s, v in certified(out, year).items() if s in electric), below
    if metric == "offset_ratio":
        counted = out.read("restoration").query("item == 'counted' and year == @year").itertuples()
        outside = sum(r.value for r in counted if park.listed("restoration", "project", r.project).get("inside") != "1")
        return e["avoidance"] + e["removal_credits"] + outside, below
    return e[ABOVE[metric]], below


def test_every_tonne_of_carbon_that_comes_in_is_emitted_or_stored(plans) -> None:
    """Fuel bought (fossil, biogenic), processes and the air = emitted (fossil, biogenic) + stored."""
    for park, out in plans:
        sinks = [s for s, r in park.supplies.items() if r["carrier"] == "co2"]
        for y in park.years:
            fuels = [(e, park.factor(s, park.accounting, y)) for s, e in bought(park, out, y, "1").items()]
            fossil, biogenic = (sum(e * f.carbon for e, f in fuels if f.biogenic == b) for b in (False, True))
            captured = out.captured(y)
            air = captured.get("air", 0.0)
            of_biomass = sum(t * park.biogenic_share(q, y) for q, t in captured.items() if q != "air")
            process = sum(t for t, _ in park.process(y).values())
            stored = out.total(y, "export", sinks)
            e = out.emissions.loc[y]
            emitted = e["scope1"] + e["scope3"] + biogenic - of_biomass
            came = fossil + biogenic + process + air
            assert came == near(emitted + stored, came), y
            assert e["captured_fossil"] + e["captured_removals"] == near(stored, came)
            assert e["captured_removals"] == near(of_biomass + air, came)
            assert biogenic - of_biomass >= -1e-6 * max(came, 1.0)


def green_technologies(park: Park) -> list[str]:
    return [k for k in park.technologies if park.type_row(park.type_of(k)).get("green") == "1"]


def test_energy_use_and_clean_energy_are_rebuilt(plans) -> None:
    for park, out in plans:
        tce, electric = park.tce_electricity(), "electricity"
        for y in park.years:
            e = out.emissions.loc[y]
            green = out.total(y, "out", green_technologies(park), electric)
            exported = out.total(y, "export", carrier=electric)
            moved = {s: (out.total(y, "import", [s]), out.total(y, "export", [s])) for s in park.supplies}
            use = sum((m - x) * park.tce(s) for s, (m, x) in moved.items()) + green * tce
            clean = sum(m * park.tce(s) * number(park.supplies[s]["green_share"], 0.0) for s, (m, _) in moved.items())
            assert e["energy_use"] == near(use)
            assert e["clean_energy"] == near(clean + (green - exported) * tce, use)
            assert e["direct_green"] == near(green - exported)
            made = out.total(y, "out", converters(park), electric)
            assert e["electricity_used"] == near(out.total(y, "import", carrier=electric) + made - exported)


def converters(park: Park) -> list[str]:
    return [k for k in park.technologies if park.type_row(park.type_of(k))["role"] == "converter"]


def test_no_green_electricity_is_claimed_twice(plans) -> None:
    """Certified, contracted and own green electricity together are no more than is used; exports are never counted."""
    for park, out in plans:
        electric = [s for s, r in park.supplies.items() if r["carrier"] == "electricity" and r["scope"]]
        for y in park.years:
            claims = certified(out, y)
            for supply, claimed in claims.items():
                assert claimed <= out.total(y, "import", [supply]) * (1 + 1e-6) + 1e-3
            contract = sum(
                out.total(y, "import", [s]) - claims.get(s, 0.0)
                for s in electric if park.factor(s, "market", y).counted == 0
            )  # fmt: skip
            green = out.total(y, "out", green_technologies(park), "electricity")
            own = green - out.total(y, "export", carrier="electricity")
            claimed = sum(claims.get(s, 0.0) for s in electric)
            used = out.emissions.loc[y, "electricity_used"]
            assert claimed + own + contract <= used * (1 + 1e-6) + 1e-2, y


def test_certificates_stay_within_their_share(plans) -> None:
    for park, out in plans:
        given = park.own("certificates")
        for r in out.read("certificates").itertuples():
            own = given[given["certificate"] == r.certificate]
            share = in_year(own, r.year, "max_share", 1.0) if "max_share" in own else 1.0
            assert r.value <= share * out.total(r.year, "import", [r.supply]) * (1 + 1e-6) + 1e-3
