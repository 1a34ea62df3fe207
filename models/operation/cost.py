"""Cost of operating a year, in money of that year (not discounted), and the peaks that charges are paid on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core import Block, NonNegativeReals

from models.families import ITEMS
from models.inputs import Inputs
from models.inputs.boundary import ALL_SCOPE_1
from models.linear import rows, variables, weighted
from models.operation.boundary import emitting_imports, import_bound
from models.operation.links import Links


@dataclass(frozen=True)
class Charges:
    """The charges of a year, each of a supply or of a connection, and the imports that they cover.

    peaks      charges paid on the peaks of months
    contracts  charges paid on contracted capacity, or on the highest import of the year
    together   group -> charges that cover its imports together;  sources  group -> supplies whose imports these are
    bound      charge -> most that can sensibly be billed     MW
    highest    groups whose imports of all months a ratchet covers
    """

    peaks: Sequence[str]
    contracts: Sequence[str]
    together: Mapping[str, Sequence[str]]
    sources: Mapping[str, Sequence[str]]
    bound: Mapping[str, float]
    highest: frozenset[str]


def charges_of(inputs: Inputs, y: int) -> Charges:
    """The charges of a year."""
    supplies, of = inputs.supplies, inputs.supplies.billed
    peaks = [b for b in of if of[b] and (b, y) in supplies.demand_charge]
    contracts = [b for b in of if of[b] and ((b, y) in supplies.capacity_charge or (b, y) in supplies.year_charge)]
    together, sources, highest = _groups(inputs, [b for b in of if b in peaks or b in contracts], y)
    most, charged = supplies.shared_contracts, [b for own in together.values() for b in own]
    bound = {b: most.get((b, y), supplies.peak_factor[b] * import_bound(inputs, b)) for b in charged}
    return Charges(peaks, contracts, together, sources, bound, highest)


def add_connection_charges(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Each import is covered by the peak of its month, or by contracted capacity.

    .. math::
        p_{b,i} + K_b \ge \kappa_b \sum_{s \in b} m_{s,t} \;\; \forall t \in i

    for b a supply, or a connection with the supplies behind it, that has a charge, i its billing months. p is absent where only a
    capacity charge is given, K where only a demand charge is. A demand charge that is paid once on the highest import of the year
    is a K of its own, paid as such. One row an hour serves both, so that a fraction of the choice
    between them pays in full for what it uses. Charges of the schemes of a connection share a row likewise; under a scheme without
    such a charge nothing is paid:

    .. math::
        \sum_{\sigma} (p_{b(\sigma),i} + K_{b(\sigma)}) + G_b \sum_{\sigma \text{ without}} s_\sigma \ge \sum_{s \in b} m_{s,t}

    What is sold under a scheme is covered by the charges of that scheme alone. With whole schemes this says nothing new; a fraction
    of a scheme cannot sell under one and be charged under the other:

    .. math::
        p_{b(\sigma),i} + K_{b(\sigma)} \ge \sum_{s \in b, \sigma(s) = \sigma} m_{s,t}

    A typical day stands in several months, which know it by its highest import:

    .. math::
        q_{b,j} \ge \sum_{s \in b} m_{s,t} \;\; \forall t \in j \qquad p_{b,i} + K_b \ge q_{b,j} \;\; \forall j \in i

    for j in TYPICAL DAYS.

    A charge of a period has a row in the hours of its period alone, which of a typical day are those of any calendar day of the
    month that it stands for; nothing else covers them. With a ratchet each month pays for a share of the highest peak R of the year
    at least, and for what is above that:

    .. math::
        p_{b,i} + \rho_b R_b + K_b \ge \kappa_b \sum_{s \in b} m_{s,t} \;\; \forall t \in i \qquad
        R_b + K_b \ge \kappa_b \sum_{s \in b} m_{s,t} \;\; \forall t

    R is a charge on the highest import of the year, at ρ of all months' charges. So the peak that is paid for in month i is
    :math:`p_{b,i} + \rho_b R_b`, the larger of its own and of ρ times that of the last 12 months, where each year closes on itself.

    R  contracted, of a ratchet   MW (b)      ρ  ratchet   1 (b)
    p  peak         MW (b,i)      s  scheme, a link   1 (σ)      q  day_peak   MW (b,j)
    K  contracted   MW (b)        G  import_bound    MW (b)      m  imports    MW (s,t)
    κ  peak_factor  1  (b), before all imports here
    """
    supplies, snapshots, charges = inputs.supplies, list(inputs.calendar.snapshots), charges_of(inputs, y)
    groups, sources = charges.together, charges.sources
    by_month = [g for g, own in groups.items() if g not in charges.highest and any(b in charges.peaks for b in own)]
    billing = range(len(inputs.calendar.billing))
    has_days = inputs.calendar.has_typical_days
    days = range(len(snapshots) // 24 if has_days else 0)
    parts = [dict.fromkeys(t // 24 if has_days else t for t in hours) for _, hours in inputs.calendar.billing]
    within = {g: found for g, own in groups.items() if (found := supplies.in_period(own[0])) is not None}
    months = [
        (g, i, part)
        for g in by_month
        for i in billing
        for part in (np.flatnonzero(within[g][i]).tolist() if g in within else parts[i])
    ]
    by_day = [g for g in by_month if g not in within]
    of_year = [
        (g, t)
        for g in groups
        if g not in by_month
        for t in (np.flatnonzero(within[g].any(axis=0)).tolist() if g in within else snapshots)
    ]

    year.peak = variables(charges.peaks, billing, within=NonNegativeReals, doc="highest import of a month that is paid for [MW]")
    year.day_peak = variables(by_day, days, within=NonNegativeReals, doc="highest import of a typical day [MW]")
    year.contracted = variables(charges.contracts, within=NonNegativeReals, doc="contracted capacity that is paid for [MW]")

    def imported(g: str, t: int) -> Any:
        return weighted((supplies.peak_factor[groups[g][0]], year.imports[s, t]) for s in sources[g])

    def covered(g: str, i: int | None) -> list[tuple[float, Any]]:
        """What is paid for in a month: peaks, contracts, and all that is free under schemes without a charge."""
        monthly = [b for b in groups[g] if b in charges.peaks and i is not None]
        peaks = [(1.0, year.peak[b, i]) for b in monthly]
        peaks += [(supplies.ratchet[b], year.contracted[supplies.ratchet_of[b]]) for b in monthly if b in supplies.ratchet]
        paying = [b for b in groups[g] if b in charges.contracts and (b in links.pays_capacity or b not in charges.peaks)]
        first, own = groups[g][0], {supplies.bill_scheme.get(b) for b in groups[g]}
        is_of_all = sources[g] == supplies.billed[first]
        free = [key for key in _schemes_of(inputs, first) if key not in own] if is_of_all else []
        paid = [(1.0, year.contracted[b]) for b in paying]
        return [*peaks, *paid, *((charges.bound[first], links.scheme[key]) for key in free)]

    @rows(year, list(links.contracted), doc="what is contracted for all futures is paid for in each [MW]")
    def contracted_for_all(year, b):
        return year.contracted[b] == links.contracted[b]

    @rows(year, by_day, snapshots if has_days else [], doc="the highest import of a typical day [MW]")
    def day_peak_limit(year, g, t):
        return year.day_peak[g, t // 24] >= imported(g, t)

    @rows(year, months, doc="each import is covered by the month's peak or by the contract [MW]")
    def month_peak(year, g, i, part):
        return weighted(covered(g, i)) >= (year.day_peak[g, part] if has_days and g in by_day else imported(g, part))

    @rows(year, of_year, doc="imports stay within the contract [MW]")
    def contract_limit(year, g, t):
        return weighted(covered(g, None)) >= imported(g, t)


def add_charge_choice(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Only one charge is paid where a choice is, by the basis of the charge or by the scheme in force.

    .. math::
        p_{b,i} \le G_b (1 - z_b) \qquad K_b \le G_b z_b \qquad p_{b(\sigma),i} \le G_b s_\sigma
        \qquad K_{b(\sigma)} \le G_b s_\sigma

    p  peak         MW (b,i)      z  pays_capacity, a link   1  (b)      s  scheme, a link   1 (σ)
    K  contracted   MW (b)        G  import_bound            MW (b)
    """
    charges, billing, chosen = charges_of(inputs, y), range(len(inputs.calendar.billing)), list(links.pays_capacity)
    bound, schemes = charges.bound, inputs.supplies.bill_scheme
    under = {b: links.scheme[schemes[b]] for b in bound if b in schemes}

    by_month = [b for b in chosen if b in charges.peaks]
    by_year = [b for b in charges.contracts if inputs.supplies.charge_of[b] != b and inputs.supplies.charge_of[b] in chosen]

    @rows(year, by_month, billing, doc="no peak is paid where the contract is [MW]")
    def peak_where_paid(year, b, i):
        return year.peak[b, i] <= bound[b] * (1 - links.pays_capacity[b])

    @rows(year, [*chosen, *by_year], doc="no contract is paid where the peak is, or the other way round [MW]")
    def contract_where_paid(year, b):
        """The contract K ≤ G z; a peak of the year, which is not b itself, ≤ G (1 - z) (MW, b)."""
        if b in by_year:
            return year.contracted[b] <= bound[b] * (1 - links.pays_capacity[inputs.supplies.charge_of[b]])
        return year.contracted[b] <= bound[b] * links.pays_capacity[b]

    @rows(year, [b for b in charges.peaks if b in under], billing, doc="no peak is paid under another scheme [MW]")
    def peak_in_force(year, b, i):
        return weighted([(1.0, year.peak[b, i]), (-bound[b], under[b])]) <= 0

    @rows(year, [b for b in charges.contracts if b in under], doc="no contract is paid under another scheme [MW]")
    def charge_in_force(year, b):
        return weighted([(1.0, year.contracted[b]), (-bound[b], under[b])]) <= 0


def _groups(inputs: Inputs, bills: list[str], y: int) -> tuple[dict[str, list[str]], dict[str, tuple[str, ...]], frozenset[str]]:
    """Charges that cover imports together, the supplies whose imports these are, and which of them are of ratchets.

    One charge under each scheme, or those of all schemes; and each of a scheme for what is sold under it, if that is not all. Those
    of a period are apart, and so are ratchets, beside which a contract covers imports where it is chosen in their place.
    """
    supplies = inputs.supplies
    found: dict[str, list[str]] = {}
    ratchets = set(supplies.ratchet_of.values())
    for b in bills:
        period = f" [{supplies.period[b]}]" if b in supplies.period else ""
        g = f"{supplies.payer[b]} (schemes){period}" if b in supplies.bill_scheme else supplies.charge_of[b]
        found.setdefault(f"{g} (ratchet)" if b in ratchets else g, []).append(b)
    sources = {g: supplies.billed[own[0]] for g, own in found.items()}
    for b in (b for b in bills if b in supplies.bill_scheme):
        sold = tuple(s for s in supplies.billed[b] if inputs.connections.scheme_of.get(s) == supplies.bill_scheme[b])
        if sold and sold != supplies.billed[b]:
            found[f"{b} (sold under it)"], sources[f"{b} (sold under it)"] = [b], sold
    highest = frozenset(g for g, own in found.items() if own[0] in ratchets)
    for g in highest:
        found[g] += [of for b in found[g] if ((of := supplies.charge_of[b]), y) in supplies.capacity_charge]
    return found, sources, highest


def _schemes_of(inputs: Inputs, b: str) -> tuple[str, ...]:
    """The schemes of the connection of a charge that is paid under one."""
    if b not in inputs.supplies.bill_scheme:
        return ()
    payer = inputs.supplies.payer[b]
    return inputs.connections.keys(payer if payer in inputs.connections.connections else inputs.connections.of(payer))


# --- cost --------------------------------------------------------------------------------------------------------------------

#: (item, name) -> expression in money.
Terms = dict[tuple[str, str], Any]


def hourly_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for energy, for connections and for running equipment.

    .. math::
        \sum_{s,t} w_t (\pi_{s,t} m_{s,t} - \pi^x_{s,t} x_{s,t}) + \sum_{s,b} n_b\, \pi^p_s\, p_{s,b}
        + 12 \sum_s \pi^K_s K_s + \sum_{k,t} w_t (\nu_k\, a_{k,t} + \sigma_k\, u_{k,t})
        + \sum_{u,t} w_t (\pi^m_u m_{u,t} + \pi^x_u x_{u,t})

    π  price        money/MWh (s,t)     n  times a billing month is paid   1 (b)
    Of an as-generated contract π is paid for the share 1 - take alone: the rest is paid with the contract.

    A charge on the highest import of the year is paid on a K of its own.

    K  contracted   MW (s)              ν  variable_cost                   money/MWh (k)
    u  start        MW, t/h (k,t)       σ  start_cost                      money/capacity (k)
    m  moved        MW (u,t)            x  shed, of demands                MW (u,t)
    """
    found: dict[tuple[str, str], list[tuple[float, Any]]] = {}
    for family, costs in unit_costs(inputs, y).items():
        numbers = {name: cost.tolist() for name, cost in costs.items()}
        for index, variable in getattr(year, family).items():
            name, last = index if isinstance(index, str) else index[0], 0 if isinstance(index, str) else index[-1]
            if name in numbers:
                found.setdefault(item_of(inputs, family, name), []).append((numbers[name][last], variable))
    return {key: weighted(terms) for key, terms in found.items()}


def item_of(inputs: Inputs, family: str, name: str) -> tuple[str, str]:
    """Item and name that a cost of the hours stands under: a charge under a scheme has the name of its supply or connection, one on
    the highest import of the year is a demand charge."""
    supplies = inputs.supplies
    is_of_year = family == "contracted" and supplies.charge_of[name] != name
    return ITEMS["peak" if is_of_year else family], supplies.payer.get(name, name)


def account_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for emissions, certificates and credits.

    .. math::
        \sum_s \pi^{CO2}_s E_s + \sum_c \pi_c g_c + \sum_o \pi_o o_o + \sum_s \pi_s f_s

    E  emissions as the accounting counts them   t (s)     g  certified   MWh (c)     o  credits   t (o)
    f  shortfall   MWh (s), at the energy price of the year, without tariff and profile
    """
    terms, supplies = _carbon(year, inputs, y), inputs.supplies
    for c in year.certified:
        terms["certificates", c] = weighted([(supplies.certificate_price[c, y], year.certified[c])])
    for s in year.shortfall:
        terms["shortfall", s] = weighted([(supplies.price.get((s, y), 0.0), year.shortfall[s])])
    for o in year.credits:
        terms["offsets", o] = weighted([(inputs.offsets.price[o, y], year.credits[o])])
    return terms


def unit_costs(inputs: Inputs, y: int) -> dict[str, dict[str, np.ndarray]]:
    """What one more of each variable of the hours costs in the year: family -> name -> money, by the last index.

    That is the snapshot; of `peak` the billing month; `contracted` has none.
    """
    inputs = inputs.at(y)
    supplies, weight, paid_share = inputs.supplies, inputs.calendar.weight, inputs.contracts.paid_share
    times = np.array([times for times, _ in inputs.calendar.billing])
    of_hours = {
        "activity": inputs.conversion.variable_cost,
        "discharge": inputs.storage.variable_cost,
        "captured": inputs.captures.variable_cost,
        "flow": inputs.network.variable_cost,
        "start": inputs.commitment.start_cost,
        "moved": inputs.flexibility.cost,
        "shed": inputs.flexibility.shed_price,
    }
    return {
        "imports": {s: paid_share(s) * weight * supplies.hourly_price(s, y, "energy", len(weight)) for s in supplies.importers},
        "exports": {s: -weight * supplies.hourly_price(s, y, "export", len(weight)) for s in supplies.exporters},
        "peak": {s: times * charge for (s, when), charge in supplies.demand_charge.items() if when == y},
        "contracted": {s: np.array([12 * charge]) for (s, when), charge in supplies.capacity_charge.items() if when == y}
        | {s: np.array([charge]) for (s, when), charge in supplies.year_charge.items() if when == y},
        **{family: {k: weight * cost for (k, when), cost in own.items() if when == y} for family, own in of_hours.items()},
    }


def _carbon(year: Block, inputs: Inputs, y: int) -> Terms:
    supplies = inputs.supplies
    market = inputs.carbon.accounting == "market"
    factor = supplies.market if market else supplies.location
    terms: Terms = {}
    for (s, when), price in supplies.carbon_price.items():
        if when != y:
            continue
        if s == ALL_SCOPE_1:
            terms["carbon", s] = weighted([(price, year.figure["scope1"])])
        elif s in supplies.importers:
            emitted = [(factor[s, y], emitting_imports(year, inputs, s, inputs.carbon.accounting))]
            if market and supplies.scope[s] == 2:
                emitted += [(-factor[s, y], year.certified[c]) for c in year.certified if supplies.certificate_supply[c] == s]
            terms["carbon", s] = weighted((price * a, v) for a, v in emitted)
    return terms
