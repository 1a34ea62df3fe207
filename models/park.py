"""The whole park as one Pyomo model: the decisions over the years joined to the operation of every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyomo.core import Block, ConcreteModel, NonNegativeReals, Objective, Reals, minimize

from models.families import refuse_unregistered
from models.inputs import Inputs
from models.inputs.reserves import day_inputs
from models.investment import add_choices, build_investment, links_of
from models.investment.boundary import choices, connection_cost, contract_cost, schemes
from models.investment.cost import system_cost
from models.investment.measures import allowances, embodied_years
from models.linear import rows, variables, weighted
from models.operation import add_account, add_balance, add_hours, build_operation
from models.operation.boundary import add_connections, add_contract_limits, add_schemes_in_force, add_supply, add_totals
from models.operation.cost import Terms, account_cost, hourly_cost
from models.operation.demand import add_shifting, add_vehicles, limited_shedding
from models.operation.equipment import add_conversion, add_network, add_storage, present_pairs, present_stores, running, working
from models.operation.green_power import converted_groups, matching_sums
from models.operation.links import CHOICES, KINDS, Given, Links, link_variables


def build_park(inputs: Inputs) -> ConcreteModel:
    """Investment and all years in one model.

    `model.year[y]` is the operation of year y. `model.system_cost_terms[y]` holds the terms of the objective, (item,
    name) -> discounted money; their sum is the system cost.
    """
    model = ConcreteModel(name="park")
    build_investment(model, inputs)
    model.year = Block(list(inputs.years))
    for y in inputs.years:
        build_operation(model.year[y], inputs, y, links_of(model, inputs, y))
    build_outages(model, inputs)
    operating = {y: model.year[y].cost_terms for y in inputs.years}
    model.system_cost_terms = system_cost(model, inputs, operating)
    total = [(1.0, term) for terms in model.system_cost_terms.values() for term in terms.values()]
    model.system_cost = Objective(expr=weighted(total), sense=minimize, doc="system cost [money]")
    refuse_unregistered(model)
    return model


def build_outages(model: Block, inputs: Inputs) -> None:
    """The operation of every year, stress day and outage beside the decisions: `model.outage[y, day, outage]`."""
    model.outage = Block(inputs.outages.all)
    for y in inputs.outages.days:
        links = links_of(model, inputs, y)
        known, gone = ({**inputs.connections.of_outages(kind)} for kind in ("capacity", "loss"))
        gone |= {k: loss for (k, when), loss in model.loss.items() if when == y}
        for d in inputs.outages.days[y]:
            for name, out in inputs.outages.out[y].items():
                left = {k: size - gone[k] if k in out else size for k, size in (known | dict(links.capacity)).items()}
                add_outage_day(model.outage[y, d, name], inputs, y, d, replace(links, capacity=left))


def build_outage_day(inputs: Inputs, y: int, d: int) -> ConcreteModel:
    """The operation of a stress day by itself: capacities, demands, contracts and schemes are links."""
    inputs = inputs.at(y)
    model = ConcreteModel(name=f"outage of day {d + 1}")
    day = model.year = Block()
    lines = tuple(inputs.connections.of_outages("capacity"))
    add_outage_day(day, inputs, y, d, _own_links(day, inputs, y, list(inputs.demands.demands), lines))
    return _with_cost(model, {("nothing", ""): 1.0 * day.nothing})


def build_master(inputs: Inputs) -> ConcreteModel:
    """The decisions alone, with what they cost; the operation of the years is known to it only through cuts."""
    model = ConcreteModel(name="decisions")
    build_investment(model, inputs)
    _keep_choices(model)
    model.decision_cost_terms = system_cost(model, inputs, {y: {} for y in inputs.years})
    total = [(1.0, term) for terms in model.decision_cost_terms.values() for term in terms.values()]
    model.system_cost = Objective(expr=weighted(total), sense=minimize, doc="cost of the decisions [money]")
    refuse_unregistered(model)
    return model


def build_choices(inputs: Inputs, y: int) -> ConcreteModel:
    """The choices of one year alone, `CHOICES`, with their rows and what they cost."""
    model = ConcreteModel(name=f"choices of {y}")
    add_choices(model, inputs)
    _keep_choices(model)
    return _with_cost(model, contract_cost(model, inputs, y) | connection_cost(model, inputs, y))


def _keep_choices(model: ConcreteModel) -> None:
    """Rows by which the matrix has a choice that costs nothing and stands in no other."""
    choices = [(kind, *index) for kind in CHOICES if kind != "embodied" for index in getattr(model, kind)]

    @rows(model, choices, doc="keeps in the matrix a choice that costs nothing here [1, MW]")
    def choice_kept(model, kind, name, y):
        choice = getattr(model, kind)[name, y]
        return choice <= choice.ub


def build_hours(inputs: Inputs, y: int) -> ConcreteModel:
    """The hours of one year without its account: all that a year may differ in from another is a link.

    Demands are links, changed by measures or not, and so are the CO2 of processes and the inflow of stores. Prices stand in the
    objective alone.
    """
    inputs = inputs.at(y)
    model = ConcreteModel(name=f"hours of {y}")
    year = model.year = Block()
    links = _own_links(year, inputs, y, list(inputs.demands.demands))
    processes = [q for q, when in inputs.captures.process_co2 if when == y]
    year.link_process = variables(processes, within=NonNegativeReals, doc="CO2 of a process [t/h]")
    flooded = [s for s in present_stores(inputs, y) if s in inputs.storage.inflow]
    year.link_inflow = variables(flooded, within=NonNegativeReals, doc="what flows into a store, mean of the year [MW]")
    add_hours(year, inputs, y, replace(links, process=year.link_process, inflow=year.link_inflow))
    year.cost_terms = hourly_cost(year, inputs, y)
    return _with_cost(model, year.cost_terms)


def build_account(inputs: Inputs, y: int) -> ConcreteModel:
    """The account of one year; variables of its own, to be joined to the hours, stand in for the sums over them."""
    inputs = inputs.at(y)
    model = ConcreteModel(name=f"account of {y}")
    year = model.year = Block()
    add_totals(year, inputs, y)
    year.captured_total = variables(present_pairs(inputs, y), within=NonNegativeReals, doc="CO2 captured in the year [t]")
    year.worked = variables(working(inputs, y), within=NonNegativeReals, doc="what is on, or the activity, of the year [MWh, t]")
    year.ran = variables(running(inputs, y), within=NonNegativeReals, doc="activity, or discharge, of the year [MWh]")
    year.converted = variables(list(converted_groups(inputs)), within=Reals, doc="electricity of converters [MWh]")
    year.matching = variables(matching_sums(inputs), within=Reals, doc="electricity that is matched, and used [MWh]")
    limited = limited_shedding(inputs, y)
    year.shed_energy = variables(limited, within=NonNegativeReals, doc="demand shed in the year [MWh]")
    add_account(year, inputs, y, _own_links(year, inputs, y, limited))
    year.cost_terms = account_cost(year, inputs, y)
    return _with_cost(model, year.cost_terms)


def _own_links(year: Block, inputs: Inputs, y: int, changed: Sequence[str], lines: Sequence[str] = ()) -> Links:
    """Links that are variables of the block: capacities, those of `lines` too, the demands named, uptake, and the choices of the
    year."""
    demands, restoration = inputs.demands, inputs.restoration
    offered = {
        "pays_capacity": choices(inputs),
        "contract": inputs.contracts.contracts,
        "contracted": list(inputs.supplies.shared_contracts),
        "used": inputs.contracts.optional,
        "allowance": allowances(inputs),
        "scheme": schemes(inputs),
        "embodied": embodied_years(inputs),
    }
    of_year = {kind: [name for name, when in own if when == y] for kind, own in offered.items()}
    year.link_capacity = variables([*inputs.capacity.present[y], *lines], within=NonNegativeReals, doc="capacity [MW, MWh, t/h]")
    year.link_demand = variables(list(changed), within=Reals, doc="energy of a demand after measures [MWh]")
    year.link_uptake = variables(restoration.projects, within=NonNegativeReals, doc="uptake of restored land [t]")
    year.link_pays_capacity = variables(of_year["pays_capacity"], bounds=(0, 1), doc="1 if contracted capacity is paid for [1]")
    year.link_contract = variables(of_year["contract"], within=NonNegativeReals, doc="capacity of an as-generated contract [MW]")
    year.link_contracted = variables(of_year["contracted"], within=NonNegativeReals, doc="capacity contracted [MW]")
    year.link_used = variables(of_year["used"], bounds=(0, 1), doc="1 if a supply is used [1]")
    year.link_scheme = variables(of_year["scheme"], bounds=(0, 1), doc="1 if a scheme of a connection is in force [1]")
    year.link_allowance = variables(
        of_year["allowance"], within=NonNegativeReals, doc="what the year may use of a budget of CO2 [t]"
    )
    year.link_embodied = variables(of_year["embodied"], within=Reals, doc="embodied in the orders of the year [t]")
    own: dict[str, dict[str, Given]] = {kind: {} for kind in KINDS}
    own["demand"] = {u: demands.energy[u, y] for u in demands.demands}
    for (kind, name), variable in link_variables(year):
        own[kind][name] = variable
    return Links(**own)


def _with_cost(model: ConcreteModel, terms: Terms) -> ConcreteModel:
    model.cost = Objective(expr=weighted((1.0, t) for t in terms.values()), sense=minimize, doc="operating cost [money]")
    refuse_unregistered(model)
    return model


def add_outage_day(block: Block, inputs: Inputs, y: int, d: int, links: Links) -> None:
    r"""Fill the block with the operation of the 24 hours of a stress day (N-1); `links.capacity` is what is not out.

    .. math::
        C_{k,y} - L_{k,y} \;\text{ for } k \text{ out}, \qquad C_{k,y} \;\text{ else}

    The rows are those of the operation of a year: activity, stores that end as they begin, networks, supplies within their
    limits an hour, connections, demand that moves within the day, charging that ends it as it began, the scheme in force, what is
    generated of what is contracted, and all balances. A demand of a carrier with a margin is 1 + margin times as high in the zone
    of its reserve, on the stress days of that reserve. A connection with a unit out imports that much less. Nothing of it costs
    anything; least loads, ramps, starts, shares of outage, limits of the year, rules, charges, initial levels, and whether a
    supply is used do not count; of a least level nothing is used or lost. Capture plants stand still, and exports may.

    C  capacity   MW, MWh (k,y)     L  loss   MW, MWh (k,y)
    """
    inputs = day_inputs(inputs, y, d)
    block.nothing = variables(bounds=(0, 0), doc="stands in for an empty sum [MW]")
    add_conversion(block, inputs, y, links)
    add_storage(block, inputs, y, links)
    add_network(block, inputs, y, links)
    add_supply(block, inputs, y)
    add_connections(block, inputs, y, links)
    add_contract_limits(block, inputs, y, links)
    add_schemes_in_force(block, inputs, y, links)
    add_shifting(block, inputs, y, links)
    add_vehicles(block, inputs, y, links)
    add_balance(block, inputs, y, links)
