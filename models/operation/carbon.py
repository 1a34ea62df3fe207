"""Carbon and energy of a year: the figures that stages bound and that reports show.

A fuel emits when it is bought: all of it is burnt here. Exports earn nothing. Biogenic CO2 counts 0, and is a removal
when captured. Both books of scope 2 are always kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyomo.core import Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.linear import Sum as Terms
from models.linear import rows, variables, weighted
from models.metrics import ALLOWANCE, BASE, FIGURES, OF_MATCHED, OF_POWER, OF_RULES, OF_SHARES, OF_STANDARD, STANDARD_FIGURES
from models.operation.boundary import emitting_imports
from models.operation.equipment import present_pairs
from models.operation.green_power import Sum, available, own_power
from models.operation.links import Links

# --- offsets -----------------------------------------------------------------------------------------------------------------
# A credit is used in the year in which it is bought. Only what is counted enters the ratios.


def add_offsets(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Credits within their volume; counted restoration within the uptake.

    .. math::
        0 \le o_i \le \overline{o}_i \qquad 0 \le n_p \le U_p

    for i in OFFSETS, p in RESTORATION PROJECTS.

    o  credits   t (i)     n  counted   t (p)     U  uptake, buffer held back, a link   t (p)
    """
    volume_max, projects = inputs.offsets.volume_max, inputs.restoration.projects

    year.credits = variables(
        inputs.offsets.offsets, bounds=lambda _, o: (0, volume_max.get((o, y))), doc="credits bought and used [t]"
    )
    year.counted = variables(projects, within=NonNegativeReals, doc="uptake of restored land that is counted [t]")

    @rows(year, projects, doc="no more is counted than is taken up [t]")
    def counted_limit(year, p):
        return year.counted[p] <= links.uptake[p]


def outside_projects(inputs: Inputs) -> list[str]:
    """Projects outside the park's boundary: what is counted of them is an offset."""
    return [p for p in inputs.restoration.projects if p not in inputs.restoration.inside]


# --- carbon ------------------------------------------------------------------------------------------------------------------


def add_carbon(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Scopes, gross and net emissions, and the energy that shares and intensity are of.

    .. math::
        S_1 = \sum_{s \in 1} \varphi_s M_s + P_1 - \Gamma^{fossil}, \quad
        S_2^{loc} = \sum_{s \in 2} \varphi^{loc}_s M_s, \quad
        S_2^{mkt} = \sum_{s \in 2} \varphi^{mkt}_s (M_s - g_s), \quad
        S_3 = P_3 - \Gamma^{fossil}_3 + m
    .. math::
        gross = S_1 + S_2 + S_3, \qquad net = gross - avoidance - removals - \Gamma^{removal} - counted
    .. math::
        use = \sum_s \tau_s (M_s - X_s) + \tau_e G, \qquad clean = \sum_s \tau_s \kappa_s M_s + \tau_e (G - X_e)

    M, X  imported, exported   MWh (s)     φ  factor        t/MWh (s)       g  certified                MWh (s)
    P     process emissions    t           Γ  captured      t               G  electricity of green     MWh
    τ     coal equivalent      tce/MWh     κ  green_share   1 (s)              technologies

    m     embodied, a link     t

    Where a factor of scope 2 has a profile, F stands in place of M, see `add_supply`.
    """
    names = figures_of(inputs)
    year.figure = variables(names, within=Reals, doc="yearly carbon and energy figures [t, tce, MWh]")
    sums = _scopes(year, inputs, y, links) | _compensation(year, inputs) | _energy(year, inputs)
    if inputs.standard.applies:
        sums |= _of_standard(year, inputs, y)
    if inputs.carbon.counts_available:
        sums |= available(year, inputs, y, links)
    sums |= own_power(year, inputs)
    if inputs.carbon.matches_hours:
        sums |= {"matched": ([(1.0, year.matching["matched"])], 0.0), "hourly_use": ([(1.0, year.matching["use"])], 0.0)}

    @rows(year, names, doc="each figure is the sum that defines it [t, tce, MWh]")
    def figure_sum(year, name):
        terms, constant = sums[name]
        return weighted([*terms, (-1.0, year.figure[name])], constant) == 0


def _scopes(year: Block, inputs: Inputs, y: int, links: Links) -> dict[str, Sum]:
    supplies, carbon = inputs.supplies, inputs.carbon
    imports = {n: [s for s in supplies.importers if supplies.scope.get(s) == n] for n in (1, 2)}
    own_factor = supplies.market if carbon.accounting == "market" else supplies.location
    captured = [(k, q, inputs.captures.removal_share[q, y]) for k, q in present_pairs(inputs, y)]
    process_scope = inputs.captures.process_scope
    fossil = {
        scope: [(1 - r, year.captured_total[k, q]) for k, q, r in captured if process_scope.get(q, 1) == scope]
        for scope in (1, 3)
    }
    removals = [(r, year.captured_total[k, q]) for k, q, r in captured]
    certified = [
        (-supplies.market[supplies.certificate_supply[c], y], year.certified[c])
        for c in year.certified
        if supplies.scope.get(supplies.certificate_supply[c]) == 2
    ]
    location = [(supplies.location[s, y], emitting_imports(year, inputs, s, "location")) for s in imports[2]]
    market = [(supplies.market[s, y], emitting_imports(year, inputs, s, "market")) for s in imports[2]] + certified
    burnt = [(own_factor[s, y], year.imported[s]) for s in imports[1]]
    embodied = [(1.0, tonnes) for tonnes in links.embodied.values()]
    scope2 = "scope2_market" if carbon.accounting == "market" else "scope2_location"
    return {
        "scope1": (burnt + [(-a, v) for a, v in fossil[1]], carbon.process.get((1, y), 0.0)),
        "scope2_location": (location, 0.0),
        "scope2_market": (market, 0.0),
        "scope3": ([(-a, v) for a, v in fossil[3]] + embodied, carbon.process.get((3, y), 0.0)),
        "gross": ([(1.0, year.figure[n]) for n in ("scope1", scope2, "scope3")], 0.0),
        "captured_fossil": (fossil[1] + fossil[3], 0.0),
        "captured_removals": (removals, 0.0),
    }


def _compensation(year: Block, inputs: Inputs) -> dict[str, Sum]:
    kind = inputs.offsets.kind
    credits = {n: [(1.0, year.credits[o]) for o in year.credits if kind[o] == n] for n in ("avoidance", "removal")}
    counted = [(-1.0, year.counted[p]) for p in year.counted]
    outside = [(1.0, year.counted[p]) for p in outside_projects(inputs)]
    taken = [(-1.0, year.figure[n]) for n in ("avoidance", "removal_credits", "captured_removals")]
    return {
        "avoidance": (credits["avoidance"], 0.0),
        "removal_credits": (credits["removal"], 0.0),
        "offset_volume": (credits["avoidance"] + credits["removal"] + outside, 0.0),
        "net": ([(1.0, year.figure["gross"]), *taken, *counted], 0.0),
    }


def _energy(year: Block, inputs: Inputs) -> dict[str, Sum]:
    supplies = inputs.supplies
    electric = [s for s in supplies.supplies if supplies.carrier[s] == "electricity"]
    exported = [(-1.0, year.exported[s]) for s in electric if s in supplies.exporters]
    imported = [(1.0, year.imported[s]) for s in electric if s in supplies.importers]
    green, converted = year.converted["green"], year.converted["all"]
    use, clean = _coal_equivalents(year, inputs, supplies.tce, supplies.tce_electricity)
    certified = [
        (1.0, year.certified[c]) for c in year.certified if supplies.carrier[supplies.certificate_supply[c]] == "electricity"
    ]
    return {
        "energy_use": (use, 0.0),
        "clean_energy": (clean, 0.0),
        "electricity_used": ([*imported, (1.0, converted), *exported], 0.0),
        "direct_green": ([(1.0, green), *exported], 0.0),
        "certified_electricity": (certified, 0.0),
    }


def _coal_equivalents(year: Block, inputs: Inputs, tce: Mapping[str, float], of_electricity: float) -> tuple[Terms, Terms]:
    """Energy use and clean energy (tce), as terms of a sum, with these coal equivalents (tce/MWh)."""
    supplies, green = inputs.supplies, (of_electricity, year.converted["green"])
    use = [(tce[s], year.imported[s]) for s in supplies.importers] + [(-tce[s], year.exported[s]) for s in supplies.exporters]
    clean = [(supplies.green_share[s] * tce[s], year.imported[s]) for s in supplies.importers]
    sold = [(-of_electricity, year.exported[s]) for s in supplies.exporters if supplies.carrier[s] == "electricity"]
    return [*use, green], [*clean, green, *sold]


def _of_standard(year: Block, inputs: Inputs, y: int) -> dict[str, Sum]:
    r"""The figures that the rules of stages are of, with the factors of the standard.

    .. math::
        gross^* = gross + \sum_s (\varphi^*_s (M_s - g_s) - \varphi_s (M^\pi_s - g_s)), \quad net^* = net + gross^* - gross

    for s in SUPPLIES whose factor the standard fixes, on the basis of the rules; energy use and clean energy with its coal
    equivalents. What is captured is as with the park's own factors.

    φ*  factor of the standard   t/MWh (s)     φ  the park's own   t/MWh (s)     M, Mᵖ  imported, by the profile of φ   MWh (s)
    g   certified, market basis  MWh (s)
    """
    supplies, standard, basis = inputs.supplies, inputs.standard, inputs.carbon.accounting
    own = supplies.market if basis == "market" else supplies.location
    more: list[tuple[float, Any]] = []
    for s in supplies.importers:
        if (s, basis, y) not in standard.factor:
            continue
        given = standard.factor[s, basis, y]
        is_second = supplies.scope.get(s) == 2
        bought = emitting_imports(year, inputs, s, basis) if is_second else year.imported[s]
        more += [(given, year.imported[s]), (-own[s, y], bought)]
        if is_second and basis == "market":
            more += [(own[s, y] - given, year.certified[c]) for c in year.certified if supplies.certificate_supply[c] == s]
    gross = [(1.0, year.figure["gross"]), *more]
    tce = {s: standard.tce.get((s, y), supplies.tce[s]) for s in supplies.supplies}
    use, clean = _coal_equivalents(year, inputs, tce, standard.tce_electricity.get(y, supplies.tce_electricity))
    return {
        "standard_gross": (gross, 0.0),
        "standard_net": ([(1.0, year.figure["net"]), (1.0, year.figure["standard_gross"]), (-1.0, year.figure["gross"])], 0.0),
        "standard_energy_use": (use, 0.0),
        "standard_clean_energy": (clean, 0.0),
    }


def figure_of_rule(inputs: Inputs, name: str, lasting: bool) -> str:
    """The figure that a rule is of: with the factors of the standard, where it fixes any and the rule is one of its stages."""
    return STANDARD_FIGURES.get(name, name) if inputs.standard.applies and not lasting else name


def figures_of(inputs: Inputs) -> list[str]:
    """The figures of a year; those of a standard or of green power where asked for."""
    carbon = inputs.carbon
    asked = [
        (FIGURES, True),
        (OF_STANDARD, inputs.standard.applies),
        (OF_SHARES, carbon.counts_available),
        (OF_MATCHED, carbon.matches_hours),
    ]
    always = [name for figures, is_asked in asked if is_asked for name in figures]
    return [*always, *(name for name in OF_POWER if name in carbon.numerators)]


def add_stages(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Every rule in force: of the stage, and of rules.csv.

    .. math::
        N_r - L_r\, D_r \le 0 \quad (\text{or} \ge)

    for r in RULES of the year. Of a budget over years the row is :math:`N_r \le a_r`, what the year may use of it.

    N  numerator, D  denominator   t, tce or MWh (r)     L  limit   1, for intensity t/tce (r)
    a  allowance, a link   t (r)
    """
    rules = {r.key: r for r in inputs.carbon.rules.get(y, ())}

    @rows(year, list(rules), doc="a rule in force [t, tce or MWh]")
    def stage_rule(year, stage, metric, sense):
        """N - L D ≤ 0, or ≥ 0 (stage, metric, sense); base emissions are a number in it, the allowance of a budget a variable."""
        above, below = OF_RULES[metric].ratio
        if below == ALLOWANCE:
            return year.figure[above] <= links.allowance[rules[stage, metric, sense].allowance]
        rule = rules[stage, metric, sense]
        above, below = (figure_of_rule(inputs, name, rule.lasting) for name in (above, below))
        constant = -rule.limit * inputs.carbon.base_of(rule) if below == BASE else 0.0
        against = [] if below == BASE else [(-rule.limit, year.figure[below])]
        body = weighted([(1.0, year.figure[above]), *against], constant)
        return body <= 0 if sense == "<=" else body >= 0
