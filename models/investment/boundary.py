"""Boundary: what is chosen for each year of connections and contracts: basis of charges, schemes, what is contracted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pyomo.core import Binary, Block

from models.dot import dot
from models.inputs import Inputs
from models.inputs.boundary import Connections, Supplies
from models.linear import rows, variables, weighted
from models.metrics import SHARES
from models.operation.cost import Terms
from models.operation.green_power import direct_green


def add_charge_basis(model: Block, inputs: Inputs) -> None:
    r"""One binary a year: :math:`z_{b,y} = 1` pays for contracted capacity, 0 for the highest import of each month, or
    of the year.

    z  pays_capacity   1 (b,y), b a supply or a connection
    """
    model.pays_capacity = variables(choices(inputs), within=Binary, doc="1 if contracted capacity is paid for [1]")


def choices(inputs: Inputs) -> list[tuple[str, int]]:
    """Supplies or connections, and years, in which both bases are given."""
    supplies = inputs.supplies
    by_peak = dict.fromkeys([*supplies.demand_charge, *((supplies.charge_of[b], y) for b, y in supplies.year_charge)])
    return [(b, y) for b, y in by_peak if (b, y) in supplies.capacity_charge and supplies.billed.get(b)]


# --- schemes -----------------------------------------------------------------------------------------------------------------


def add_schemes(model: Block, inputs: Inputs) -> None:
    r"""One scheme a year; the first choice counts as a change in the first year.

    .. math::
        \sum_{\sigma \in c} s_{\sigma,y} = 1 \qquad d_{c,y} \ge s_{\sigma,y} - s_{\sigma,y-1} \qquad
        \sum_{w \le v < w + n_c} d_{c,v} \le 1, \quad d_{c,y_0} = 1

    for c in CONNECTIONS with schemes, y and w in YEARS. What is contracted under another scheme is nothing.

    s  scheme   1 (σ,y), 0 or 1     d  scheme_change   1 (c,y)     n  scheme_years   1 (c)
    """
    connections, years = inputs.connections, list(inputs.years)
    chosen = schemes(inputs)
    kept = [c for c in connections.schemes if connections.scheme_years[c] > 1 and len(years) > 1]
    model.scheme = variables(chosen, within=Binary, doc="1 if a scheme is in force [1]")
    model.scheme_change = variables(
        kept, years, bounds=lambda _, c, y: (float(y == years[0]), 1), doc="1 if the scheme changes [1]"
    )

    @rows(model, list(connections.schemes), years, doc="one scheme is in force [1]")
    def one_scheme(model, c, y):
        return weighted((1.0, model.scheme[key, y]) for key in connections.keys(c)) == 1

    @rows(
        model,
        [(c, key, y) for c in kept for key in connections.keys(c) for y in years[1:]],
        doc="a scheme that begins is a change [1]",
    )
    def scheme_begins(model, c, key, y):
        change = (-1.0, model.scheme_change[c, y])
        return weighted([(1.0, model.scheme[key, y]), (-1.0, model.scheme[key, y - 1]), change]) <= 0

    length = {c: min(connections.scheme_years[c], len(years)) for c in kept}

    @rows(model, [(c, y) for c in kept for y in years if y + length[c] - 1 <= years[-1]], doc="changes are years apart [1]")
    def scheme_kept(model, c, y):
        return weighted((1.0, model.scheme_change[c, y + i]) for i in range(length[c])) <= 1

    sold_under = [(s, y) for s, y in inputs.contracts.contracts if s in connections.scheme_of]

    @rows(model, sold_under, doc="nothing is contracted under a scheme that is not in force [MW]")
    def contract_in_force(model, s, y):
        most = inputs.contracts.most[s] * model.scheme[connections.scheme_of[s], y]
        is_all = is_free(inputs, s, y) and (s, y) not in inputs.contracts.optional
        return model.contract[s, y] == most if is_all else model.contract[s, y] <= most

    used = [(s, y) for s, y in inputs.contracts.optional if s in connections.scheme_of]

    @rows(model, used, doc="nothing is used under a scheme that is not in force [1]")
    def used_in_force(model, s, y):
        return model.used[s, y] <= model.scheme[connections.scheme_of[s], y]


def schemes(inputs: Inputs) -> list[tuple[str, int]]:
    """Schemes of all connections, as `scheme_key`, and the years."""
    return [(key, y) for c in inputs.connections.schemes for key in inputs.connections.keys(c) for y in inputs.years]


def dominated_schemes(supplies: Supplies, connections: Connections, years: Sequence[int]) -> set[str]:
    r"""Schemes that never cost less than another of their connection in any year, whatever is imported, as `scheme_key`.

    Two schemes are compared where they differ in what is paid alone: nothing is sold under either, and each payer has one charge
    at most under each, on the peaks of months or on a contracted capacity. With S the sum of the months' peaks and M the highest
    of them, M ≤ S ≤ 12 M, and what is contracted is M at least, a scheme A costs no more than B if

    .. math::
        d_{p,B} - d_{p,A} + n (k_{p,B} - k_{p,A}) \ge 0 \;\; \forall n \in \{1, 12\}, p \in c \qquad F_A \le F_B

    in each year: the difference is linear in S, so that its ends say it of all. Where each dominates the other, the first stays.

    d  demand_charge   money/MW/month (p)   k  capacity_charge   money/MW/month (p)   F  scheme_fixed   money (σ)
    """
    found: set[str] = set()
    for c in connections.schemes:
        plain = [key for key in connections.keys(c) if _is_plain(supplies, connections, key)]
        for key in reversed(plain):
            if any(_dominates(supplies, connections, years, other, key) for other in plain if other != key and other not in found):
                found.add(key)
    return found


def _is_plain(supplies: Supplies, connections: Connections, key: str) -> bool:
    """True if nothing is sold under a scheme, and each payer has one charge under it, of no period and without a ratchet."""
    own = [b for b, scheme in supplies.bill_scheme.items() if scheme == key]
    by_peak, by_capacity = ({b for b, _ in of} for of in (supplies.demand_charge, supplies.capacity_charge))
    others = {*supplies.period, *supplies.ratchet, *(b for b, _ in supplies.year_charge), *(by_peak & by_capacity)}
    return key not in connections.scheme_of.values() and others.isdisjoint(own)


def _dominates(supplies: Supplies, connections: Connections, years: Sequence[int], key: str, other: str) -> bool:
    """True if a scheme costs no more than another in each year, whatever is imported."""
    fixed = connections.scheme_fixed
    names = {(supplies.payer[b], scheme): b for b, scheme in supplies.bill_scheme.items() if scheme in (key, other)}

    def more(of: dict[tuple[str, int], float], payer: str, y: int) -> float:
        """What the other charges more (money/MW/month)."""
        theirs, own = (of.get((names.get((payer, scheme), ""), y), 0.0) for scheme in (other, key))
        return theirs - own

    def is_cheaper(payer: str, y: int) -> bool:
        by_peak, by_capacity = more(supplies.demand_charge, payer, y), more(supplies.capacity_charge, payer, y)
        return all(by_peak + months * by_capacity >= 0 for months in (1, 12))

    payers = {payer for payer, _ in names}
    return all(
        fixed.get((key, y), 0.0) <= fixed.get((other, y), 0.0) and all(is_cheaper(payer, y) for payer in payers) for y in years
    )


def connection_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What connections cost in a year, whatever is bought: a fixed price, and that of the scheme in force.

    .. math::
        F_c + \sum_{\sigma \in c} F_\sigma s_\sigma

    F  fixed, scheme_fixed   money (c), (σ)     s  scheme   1 (σ)
    """
    connections = inputs.connections
    terms: Terms = {}
    for c in connections.connections:
        always = [(connections.fixed.get((c, y), 0.0), 1.0)]
        under = [(connections.scheme_fixed.get((key, y), 0.0), model.scheme[key, y]) for key in connections.keys(c)]
        if any(money for money, _ in (*always, *under)):
            terms["fixed", c] = weighted([*always, *under])
    return terms


# --- contracts ---------------------------------------------------------------------------------------------------------------


def add_contracts(model: Block, inputs: Inputs) -> None:
    r"""As-generated contracts of each year, and whether a supply with a yearly fee is used at all.

    .. math::
        0 \le c_{s,y} \le \overline{c}_s \qquad c_{s,y} \le \overline{c}_s u_{s,y}

    for s in AS-GENERATED CONTRACTS, y in YEARS in which they are offered; the second where u is a yes or no. Of a contract that is
    free (`is_free`) c is its bound: a year may take as much, and what it takes is contracted afterwards. A decision without a cost
    would be anything in a plan within the gap, and its years be operated with that.

    c  contract   MW (s,y)     u  used   1 (s,y), where a fixed price or a least energy of a contract asks for it
    """
    contracts, free = inputs.contracts, {key for key in inputs.contracts.contracts if is_free(inputs, *key)}
    always = {(s, y) for s, y in free if (s, y) not in contracts.optional and s not in inputs.connections.scheme_of}
    model.contract = variables(
        list(contracts.contracts),
        bounds=lambda _, s, y: (contracts.most[s] if (s, y) in always else 0.0, contracts.most[s]),
        doc="capacity of an as-generated contract [MW]",
    )
    model.used = variables(list(contracts.optional), within=Binary, doc="1 if a supply is used [1]")

    @rows(
        model,
        [key for key in contracts.contracts if key in contracts.optional],
        doc="what is contracted is used, and paid for [MW]",
    )
    def contract_where_used(model, s, y):
        most = contracts.most[s] * model.used[s, y]
        return model.contract[s, y] == most if (s, y) in free else model.contract[s, y] <= most


def add_shared_contracts(model: Block, inputs: Inputs) -> None:
    r"""What is contracted for several futures of which none is ever known; in one future the operation of a year decides it.

    .. math::
        0 \le K_{b,y} \le G_{b,y} \qquad K_{b,y} \le G_{b,y} z_{b,y} \qquad K_{b,y} \le G_{b,y} s_{\sigma(b),y}

    for b with a charge on contracted capacity; the second where the basis of the charge is chosen, the third under a scheme. The
    operation of each future pays for it.

    K  contracted   MW (b,y)     z  pays_capacity   1 (b,y)     s  scheme   1 (σ,y)     G  shared_contracts   MW (b,y)
    """
    most, schemes = inputs.supplies.shared_contracts, inputs.supplies.bill_scheme
    model.contracted = variables(list(most), bounds=lambda _, b, y: (0.0, most[b, y]), doc="capacity contracted [MW]")
    if_chosen = [(b, y, model.pays_capacity[b, y]) for b, y in most if (b, y) in model.pays_capacity]
    if_chosen += [(b, y, model.scheme[schemes[b], y]) for b, y in most if b in schemes]

    @rows(model, [(b, y, i) for i, (b, y, _) in enumerate(if_chosen)], doc="nothing is contracted that is not paid for [MW]")
    def contracted_where_chosen(model, b, y, i):
        return model.contracted[b, y] <= most[b, y] * if_chosen[i][2]


def is_used(model: Block, inputs: Inputs, s: str, y: int) -> Any:
    """The variable, or the number, that is 1 if a supply is used in a year."""
    if (s, y) in model.used:
        return model.used[s, y]
    if s not in inputs.supplies.offered[y]:
        return 0.0
    key = inputs.connections.scheme_of.get(s)
    return 1.0 if key is None else model.scheme[key, y]


def contract_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid for contracts whatever is imported: the share of what is generated that is taken, and yearly fees.

    .. math::
        \sum_s \theta_s c_s \sum_t w_t \pi_{s,t} \gamma_{s,t} + \sum_s F_s u_s

    θ  take   1 (s)     π  price   money/MWh (s,t)     γ  shape   1 (s,t)     F  fixed   money (s)
    """
    contracts = inputs.contracts
    terms: Terms = {}
    for s, when in contracts.contracts:
        if when == y and (price := price_of_size(inputs, s, y)):
            terms["contract", s] = weighted([(price, model.contract[s, y])])
    for (s, when), money in contracts.fixed.items():
        if when == y and money:
            terms["fixed", s] = weighted([(money, is_used(model, inputs, s, y))])
    return terms


def price_of_size(inputs: Inputs, s: str, y: int) -> float:
    """What a MW contracted costs in a year, whatever is imported (money/MW)."""
    inputs = inputs.at(y)
    weight = inputs.calendar.weight
    price = inputs.supplies.hourly_price(s, y, "energy", len(weight))
    return dot(weight, price * inputs.contracts.shape[s]) * inputs.contracts.take[s]


def is_free(inputs: Inputs, s: str, y: int) -> bool:
    """True of a contract that costs nothing by itself in the year and counts in no rule of any year."""
    return not price_of_size(inputs, s, y) and not any(counts_in_a_rule(inputs, s, when) for when in inputs.years)


def counts_in_a_rule(inputs: Inputs, s: str, y: int) -> bool:
    """True if a rule of the year knows what a contract generates, whether it is imported or not."""
    return s in direct_green(inputs) and any(rule.metric in SHARES for rule in inputs.carbon.rules.get(y, ()))
