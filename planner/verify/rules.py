r"""What the plan emits and which rules it keeps: sources add up to scopes, these to gross and net; each rule is on its side.

.. math::
    \text{gross} = s_1 + s_2 + s_3 \qquad
    \text{net} = \text{gross} - \text{credits} - \text{captured removals} - \text{restoration}
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from planner.language.message import Message
from planner.verify.certificate import Finding, PlanCertificate, Row, emissions_of, same

#: Items of emission sources -> scope that they are added to, by the basis of scope 2.
SCOPES = {
    "scope1": "scope1",
    "scope1_captured": "scope1",
    "scope2_location": "scope2_location",
    "scope2_market": "scope2_market",
    "scope2_certified": "scope2_market",
    "scope3": "scope3",
    "scope3_captured": "scope3",
}
#: What net emissions are less than gross ones.
TAKEN = ("avoidance", "removal_credits", "captured_removals", "restoration")
#: Metric -> figures that it is the ratio of; with factors of a standard's own it cannot be worked out from the tables.
METRICS = {
    "gross_ratio": (("gross",), "base"),
    "net_ratio": (("net",), "base"),
    "avoidance_ratio": (("avoidance",), "base"),
    "offset_ratio": (("avoidance", "removal_credits", "restoration"), "base"),
    "intensity": (("gross",), "energy_use"),
    "clean_share": (("clean_energy",), "energy_use"),
    "direct_green_share": (("direct_green",), "electricity_used"),
    "self_use_share": (("self_used",), "available"),
    "export_share": (("exported",), "available"),
    "curtailed_share": (("curtailed",), "available"),
    "own_supply_share": (("own_supply",), "electricity_used"),
}
#: Metrics of energy alone, in which no factor of a standard counts.
WITHOUT_FACTORS = ("direct_green_share", "self_use_share", "export_share", "curtailed_share", "own_supply_share")
#: A rule holds within no more than this, of its limit where that is more than 1; a budget within as much of the base each year.
WIDEST = 1.0001e-3


def check_rules(own: PlanCertificate) -> Iterator[Finding]:
    """Emissions of every year, and every rule of a stage or of the park."""
    emissions = emissions_of(own)
    wrong = [*_scopes(own, emissions), *_sums(own, emissions)]
    if wrong:
        yield Finding(Message("emissions: {count} figures do not add up, first {first}", count=len(wrong), first=wrong[0]), True)
    else:
        yield Finding(Message("emissions: gross and net of {count} years follow from their sources", count=len(emissions)))
    for y, figures in emissions.items():
        figures |= _green(own, figures, y)
    yield from _rules(own, emissions)


def _green(own: PlanCertificate, figures: dict[str, float], y: int) -> dict[str, float]:
    """What green plants with a profile and direct green contracts could generate, and what became of it (MWh)."""
    terms, sums = own.told["energy"], defaultdict[tuple[str, str], float](float)
    for r in own.tables["energy"]:
        if int(r["year"]) == y and r["carrier"] == "electricity":
            sums[r["flow"], r["name"]] += float(r["value"])
    direct = sum(sums["import", name] for name in terms["direct"])
    generated = sum(sums["out", name] for name in terms["varying"]) + direct
    curtailed = sum(sums["curtailed", name] for name in (*terms["varying"], *terms["direct"]))
    exported = sum(value for (flow, _), value in sums.items() if flow == "export")
    return {
        "available": generated + curtailed,
        "curtailed": curtailed,
        "exported": exported,
        "self_used": generated - exported,
        "own_supply": figures["direct_green"] + direct,
    }


def _scopes(own: PlanCertificate, emissions: dict[int, dict[str, float]]) -> Iterator[str]:
    """Scopes that are not the sum of their sources."""
    added: dict[tuple[int, str], float] = defaultdict(float)
    for r in own.tables["emission_sources"]:
        if r["item"] not in SCOPES:
            yield f"{r['item']} {r['year']}"
            continue
        added[int(r["year"]), SCOPES[r["item"]]] += float(r["value"])
    for y, found in emissions.items():
        size = abs(found["scope1"]) + abs(found["scope2_location"]) + 1e-3 * found["base"]
        for scope in dict.fromkeys(SCOPES.values()):
            if not same(added.get((y, scope), 0.0), found[scope], size):
                yield f"{scope} {y}"


def _sums(own: PlanCertificate, emissions: dict[int, dict[str, float]]) -> Iterator[str]:
    """Gross and net emissions that are not the sums that they should be, and a base that changes."""
    basis, base = f"scope2_{own.told['accounting']}", float(own.told["base_emissions"])
    for y, found in emissions.items():
        gross = found["scope1"] + found[basis] + found["scope3"]
        size = abs(gross) + sum(abs(found[item]) for item in TAKEN) + 1e-3 * base
        if not same(found["gross"], gross, size):
            yield f"gross {y}"
        if not same(found["net"], found["gross"] - sum(found[item] for item in TAKEN), size):
            yield f"net {y}"
        if not same(found["base"], base):
            yield f"base {y}"


def _rules(own: PlanCertificate, emissions: dict[int, dict[str, float]]) -> Iterator[Finding]:
    """Rules that do not hold, or whose number is another than their figures give; those that the goal asks for and are missing."""
    wrong, broken, rows = [], [], [*own.tables["stages"], *own.tables["rules"]]
    for r in rows:
        y, name = int(r["year"]), f"{r['metric']} {r['year']}"
        if r["value"] == "" or r["limit"] == "":
            continue
        value, limit, tolerance = float(r["value"]), float(r["limit"]), float(r["tolerance"] or 0.0)
        holds = value <= limit + tolerance if r["sense"] == "<=" else value >= limit - tolerance
        wrong += [] if tolerance <= _widest(own, r, limit) else [f"tolerance of {name}"]
        if r["metric"] in METRICS and (r["metric"] in WITHOUT_FACTORS or r.get("factors", "park") == "park"):
            above, below = METRICS[r["metric"]]
            figures = emissions[y]
            if all(f in figures for f in (*above, below)) and figures[below] > 0:
                least, most = _counted(figures, above, below)
                wrong += [] if least - 1e-7 <= value <= most + 1e-7 else [name]
        broken += [] if holds else [name]
        wrong += [] if holds == (r["holds"] == "True") else [name]
    limits = {(s["stage"], s["metric"], s["sense"]): float(s["limit"]) for s in own.told["stage_rules"]}
    in_force = {(r["stage"], r["metric"], r["sense"], int(r["year"])): r["limit"] for r in own.tables["stages"]}
    for (stage, metric, sense), limit in limits.items():
        for y in (y for y in emissions if _stage(own, y) == stage):
            said = in_force.get((stage, metric, sense, y))
            wrong += [] if said not in (None, "") and same(float(said), limit) else [f"{metric} {y}"]
    wrong += _others(own)
    if wrong:
        words = Message("rules: {count} are not what their figures say, first {first}", count=len(wrong), first=wrong[0])
        yield Finding(words, True)
    if broken:
        yield Finding(Message("rules: {count} do not hold, first {first}", count=len(broken), first=broken[0]), True)
    if not wrong and not broken:
        yield Finding(
            Message(
                "rules: {count} of {standard} and of the park hold, year by year", count=len(rows), standard=own.told["standard"]
            )
        )


def _widest(own: PlanCertificate, rule: Row, limit: float) -> float:
    """The widest tolerance of a rule, in the unit of its limit."""
    if rule["metric"].startswith("cumulated"):
        return WIDEST * max(float(own.told["base_emissions"]) * (int(own.told["last_year"]) - int(rule["year"]) + 1), abs(limit))
    return WIDEST * max(1.0, abs(limit))


def _others(own: PlanCertificate) -> Iterator[str]:
    """Rules of the park that rules.csv lacks, or has with another limit, and those that it has besides."""
    said = {(r["rule"], r["metric"], r["sense"], int(r["year"])): float(r["limit"]) for r in own.tables["rules"]}
    asked = {(r["rule"], r["metric"], r["sense"], int(r["year"])): float(r["limit"]) for r in own.told["rules"]}
    for key in sorted({*said, *asked}):
        if key not in said or key not in asked or not same(said[key], asked[key]):
            yield f"{key[1]} {key[3]}"


def _counted(figures: dict[str, float], above: tuple[str, ...], below: str) -> tuple[float, float]:
    """Least and most of a ratio: what restored land takes up may be counted in part."""
    values = [figures[f] / figures[below] for f in above]
    return sum(values[:2]), sum(values)


def _stage(own: PlanCertificate, y: int) -> str:
    """The stage in force in a year: that whose year came last."""
    steps = {**own.told["milestones"], own.told["target"]: own.told["by"]}
    since = [(int(when), stage) for stage, when in steps.items() if int(when) <= y]
    return max(since)[1] if since else ""
