"""Measures on demand, planting, and the emissions of decisions: budgets over years and what is embodied in orders.

A measure is done or not, for its lifetime, and saves the same share in every hour. Rebound is not modelled.
"""

from __future__ import annotations

from typing import Any

from pyomo.core import Binary, Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.investment.capacity import order
from models.linear import rows, variables, weighted


def add_measures(model: Block, inputs: Inputs) -> None:
    r"""Adoption once at a time, one of a group, only with what it requires.

    .. math::
        f_{m,y} = \sum_{v:\, y \in F_{m,v}} x_{m,v} \le 1 \qquad \sum_{m \in g} f_{m,y} \le 1 \qquad f_{m,y} \le f_{n,y}

    for m in MEASURES, y in YEARS, g in groups, n required by m. An adoption that is kept is 1.

    x  adopt   1 (m,v), 0 or 1     f  in_force   1 (m,y)     F  years that an adoption covers   (m,v)
    """
    measures = inputs.measures
    covering: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for adoption in measures.adoptions:
        for y in measures.in_force[adoption]:
            covering.setdefault((adoption[0], y), []).append(adoption)

    model.adopt = variables(
        list(measures.adoptions),
        within=Binary,
        bounds=lambda _, m, v: (int((m, v) in measures.kept), 1),
        doc="1 if a measure starts [1]",
    )
    model.in_force = variables(measures.measures, list(inputs.years), bounds=(0, 1), doc="1 if a measure is in force [1]")

    @rows(model, measures.measures, list(inputs.years), doc="in force is started and not yet expired [1]")
    def in_force_sum(model, m, y):
        started = [(1.0, model.adopt[a]) for a in covering.get((m, y), [])]
        return weighted([*started, (-1.0, model.in_force[m, y])]) == 0

    @rows(model, range(len(measures.groups)), list(inputs.years), doc="one measure of a group at most [1]")
    def one_of_group(model, g, y):
        return weighted((1.0, model.in_force[m, y]) for m in measures.groups[g]) <= 1

    @rows(model, list(measures.requires), list(inputs.years), doc="only with the measure it requires [1]")
    def with_required(model, m, n, y):
        return model.in_force[m, y] <= model.in_force[n, y]


def add_demand(model: Block, inputs: Inputs) -> None:
    r"""Energy left of every demand: the exact product of what the measures leave.

    .. math::
        L_{u,0,y} = 1, \quad c_{u,i,y} = L_{u,i-1,y}\, f_{m_i,y}, \quad L_{u,i,y} = L_{u,i-1,y} - s_i c_{u,i,y}
    .. math::
        D_{u,y} = E_{u,y} L_{u,n,y} + \sum_{(u',i) \to u} a_i s_i E_{u',y} c_{u',i,y}

    The product of L and the 0-or-1 f is exact with its four McCormick inequalities, L between its least and largest.

    D  demand     MWh (u,y)     E  energy   MWh (u,y)     c  cut     1 (u,i,y)     s  saving       1 (u,i)
    L  left       1 (u,i,y)     f  in_force   1 (m,y)                              a  adds_ratio   MWh/MWh (u,i)
    """
    steps, energy = inputs.measures.steps, inputs.demands.energy
    cuts = [(u, i, y) for u, own in steps.items() for i in range(len(own)) for y in inputs.years]
    changed = [u for u in inputs.demands.demands if changes(inputs, u)]

    model.cut = variables(cuts, within=Reals, doc="share of a demand that a measure works on, 0 where not in force [1]")
    model.demand = variables(changed, list(inputs.years), within=Reals, doc="energy of a demand after measures [MWh]")

    def left(u: str, i: int, y: int) -> list[tuple[float, Any]]:
        return [(-steps[u][j].saving, model.cut[u, j, y]) for j in range(i)]

    @rows(model, cuts, ["on", "off"], ["above", "below"], doc="a product with a 0-or-1 factor, exactly [1]")
    def cut_product(model, u, i, y, when, side):
        r"""Four rows of :math:`c = L f` (u, i, y): `off` :math:`c \le \overline{L} f`, :math:`c \ge \underline{L} f`; `on`
        :math:`c \le L - \underline{L} (1 - f)`, :math:`c \ge L - \overline{L} (1 - f)`; above is :math:`\le`, below :math:`\ge`.
        """
        least, largest = _range(steps[u][:i])
        in_force, cut = model.in_force[steps[u][i].measure, y], model.cut[u, i, y]
        bound = (largest if side == "above" else least) if when == "off" else (least if side == "above" else largest)
        if when == "off":
            body = weighted([(1.0, cut), (-bound, in_force)])
        else:
            body = weighted([(1.0, cut), (-bound, in_force), *((-a, v) for a, v in left(u, i, y))], bound - 1.0)
        return body <= 0 if side == "above" else body >= 0

    @rows(model, changed, list(inputs.years), doc="what measures leave and what they add [MWh]")
    def demand_sum(model, u, y):
        """Energy left of demand u by its own measures, and what measures of other demands add to it (MWh, u, y)."""
        own = [(energy[u, y] * a, v) for a, v in left(u, len(steps.get(u, ())), y)]
        added = [
            (s.adds_ratio * s.saving * energy[w, y], model.cut[w, i, y])
            for w, other in steps.items()
            for i, s in enumerate(other)
            if s.adds == u
        ]
        return weighted([*own, *added, (-1.0, model.demand[u, y])], energy[u, y]) == 0


def changes(inputs: Inputs, u: str) -> bool:
    """True if some measure saves of the demand or adds to it."""
    steps = inputs.measures.steps
    return u in steps or any(s.adds == u for own in steps.values() for s in own)


def _range(steps: tuple) -> tuple[float, float]:
    """Least and largest share that can be left after the steps."""
    least = largest = 1.0
    for step in steps:
        ends = (least * (1 - step.saving), largest * (1 - step.saving))
        least, largest = min(least, ends[0]), max(largest, ends[1])
    return least, largest


def add_allowances(model: Block, inputs: Inputs) -> None:
    r"""Yearly allowances of every budget.

    .. math::
        \sum_{y \ge y_b} a_{b,y} \le B_b \qquad a_{b,y} \ge 0

    for b in BUDGETS; the operation of each year keeps to its allowance, so that a year below 0 counts 0.

    a  allowance   t (b,y)     B  limit   t (b)
    """
    budgets = {budget.rule.allowance: budget for budget in inputs.carbon.budgets}
    years = allowances(inputs)
    model.allowance = variables(
        years, bounds=lambda _, b, y: (0, max(budgets[b].rule.limit, 0.0)), doc="what a year may use of a budget over years [t]"
    )

    @rows(model, list(budgets), doc="the years together keep to the budget [t]")
    def allowance_limit(model, b):
        return weighted((1.0, model.allowance[b, y]) for own, y in years if own == b) <= budgets[b].rule.limit


def allowances(inputs: Inputs) -> list[tuple[str, int]]:
    """Budgets and the years that they are for."""
    return [(budget.rule.allowance, y) for budget in inputs.carbon.budgets for y in inputs.years if y >= budget.first]


#: Name of what all orders of a year are together.
ORDERS = "orders"


def add_embodied(model: Block, inputs: Inputs) -> None:
    r"""Emissions that are embodied in the orders of a year, signed ones too; they are of scope 3 of that year.

    .. math::
        m_y = \sum_k \varepsilon_{k,y} (b_{k,y} + B_{k,y})

    E.g. 2 MW at 300 t/MW: 600 t. Measures and planted land have none.

    m  embodied   t (y)     ε  embodied of an order   t/capacity (k,y)     b  build, B  signed orders   capacity (k,y)
    """
    tonnes = inputs.products.embodied
    model.embodied = variables(embodied_years(inputs), within=Reals, doc="embodied in the orders of a year [t]")

    @rows(model, embodied_years(inputs), doc="what is embodied in all orders of a year [t]")
    def embodied_sum(model, name, y):
        own = [(each * a, size) for (k, v), each in tonnes.items() if v == y for a, size in order(model, inputs, k, v)]
        return weighted([*own, (-1.0, model.embodied[name, y])]) == 0


def embodied_years(inputs: Inputs) -> list[tuple[str, int]]:
    """Years in whose operation what is embodied counts; none where the park does not count it."""
    if not inputs.products.counts_embodied:
        return []
    return [(ORDERS, y) for y in inputs.years if any(v == y and each for (_, v), each in inputs.products.embodied.items())]


def add_restoration(model: Block, inputs: Inputs) -> None:
    r"""Planting within its rate and area, and the uptake of all that is kept up.

    .. math::
        \sum_{v:\, y \in K_{p,v}} h_{p,v} \le \overline{A}_p \qquad
        U_{p,y} = \sum_{v:\, y \in K_{p,v}} \mu_{p,\,y-v} (1 - \beta_p)\, h_{p,v}

    for p in PROJECTS, y in YEARS.

    h  plant    ha (p,v)     U  uptake          t (p,y)       β  buffer   1 (p)
    K  kept     years (p,v)  μ  uptake by age   t/ha (p,age)  A  area_max ha (p)
    """
    restoration, years = inputs.restoration, list(inputs.years)
    projects = restoration.projects
    standing = {(p, y): [v for v in years if y in restoration.kept[p, v]] for p in projects for y in years}

    model.plant = variables(projects, years, doc="area planted [ha]", bounds=lambda _, p, v: _planting(inputs, p, v))
    model.area = variables(projects, years, bounds=lambda _, p, y: (0, restoration.area_max.get(p)), doc="area kept up [ha]")
    model.uptake = variables(projects, years, within=NonNegativeReals, doc="CO2 taken up, buffer held back [t]")

    @rows(model, projects, years, doc="area kept up [ha]")
    def area_sum(model, p, y):
        return weighted([*((1.0, model.plant[p, v]) for v in standing[p, y]), (-1.0, model.area[p, y])]) == 0

    @rows(model, projects, years, doc="uptake of all ages, or less [t]")
    def uptake_sum(model, p, y):
        grown = [(restoration.uptake[p, v, y], model.plant[p, v]) for v in standing[p, y]]
        return weighted([*grown, (-1.0, model.uptake[p, y])]) >= 0


def _planting(inputs: Inputs, p: str, v: int) -> tuple[float, float | None]:
    """Least and most that is planted in a year; what was planted before the plan is both."""
    restoration = inputs.restoration
    if (p, v) in restoration.planted:
        return restoration.planted[p, v], restoration.planted[p, v]
    return 0.0, restoration.plant_max.get(p) if v in restoration.plant_years else 0.0
