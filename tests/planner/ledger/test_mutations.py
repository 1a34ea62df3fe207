"""The ledger catches a wrong coefficient: each test changes one in the model, plans a case that uses it, and is refused.

The model is solved with the wrong coefficient, so that its tables agree with each other; only the case knows better.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from parks import Draft

import models.inputs.capacity
import models.operation
import models.operation.carbon
import planner.planning.run
from models.case import Committed, Limit, ProfileYear, Reserve
from models.errors import LedgerError
from models.inputs import Inputs
from planner.park import read_case
from planner.planning.run import Options, plan_park

CASES = {p.parent.name[0]: p.parent for p in (Path(__file__).parents[2] / "cases").glob("*/park.toml")}
Change = Callable[[Any], Any]


@dataclass(frozen=True)
class Mutation:
    """A wrong coefficient: `part.field` of the inputs changed; the ledger names `quantity` on the case of that letter."""

    case: str
    part: str
    field: str
    change: Change
    quantity: str

    def __str__(self) -> str:
        return f"{self.case}-{self.part}.{self.field}"


def times(factor: float) -> Change:
    """Every number of a field, multiplied."""
    def change(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: change(v) for key, v in value.items()}
        return value * factor
    return change


def plus(amount: float) -> Change:
    return lambda values: {key: v + amount for key, v in values.items()}


def one_year_more(works: dict) -> dict:
    """Every cohort works a year longer, where the horizon has one."""
    years = sorted({y for when in works.values() for y in when})
    return {k: (*when, when[-1] + 1) if when and when[-1] + 1 in years else when for k, when in works.items()}


def less_one_hour(months: tuple) -> tuple:
    """The highest import of a month is missed in the hour in which it is: only the first hour is billed."""
    return tuple((count, hours[:1]) for count, hours in months)


def saved_more(steps: dict) -> dict:
    return {u: tuple(replace(s, saving=s.saving * 1.05) for s in own) for u, own in steps.items()}


def ports(change: Callable[[float], float]) -> Change:
    return lambda found: {k: tuple(replace(p, ratio=change(p.ratio)) for p in own) for k, own in found.items()}


def laxer(rules: dict) -> dict:
    """Every rule of a stage is laxer than stated."""
    return {y: tuple(replace(r, limit=r.limit + (0.02 if r.sense == "<=" else -0.02)) for r in own) for y, own in rules.items()}


MUTATIONS = (
    Mutation("b", "capacity", "seen_share", times(1.01), "system_cost.csv"),
    Mutation("b", "finance", "discount", times(0.99), "system_cost.csv"),
    Mutation("b", "capacity", "fixed_cost", times(1.01), "costs.csv"),
    Mutation("b", "capacity", "capital_cost", times(0.999), "costs.csv"),
    Mutation("b", "capacity", "works", one_year_more, "capacity"),
    Mutation("b", "capacity", "existing", times(1.02), "capacity"),
    Mutation("n", "capacity", "fixed_cost", times(0.9), "costs.csv"),
    Mutation("l", "capacity", "own_share", times(0.98), "costs.csv"),
    Mutation("m", "capacity", "project_cost", times(1.001), "costs.csv"),
    Mutation("m", "capacity", "unit_size", times(1.03), "order in whole units"),
    Mutation("p", "capacity", "site_area", times(1.05), "area used of a site"),
    Mutation("p", "capacity", "area", times(0.9), "area used of a site"),
    Mutation("l", "finance", "budget", times(1.1), "capital within the budget"),
    Mutation("a", "calendar", "weight", times(1.001), "hours that a snapshot stands for"),
    Mutation("a", "demands", "shape", times(0.999), "demand of the year"),
    Mutation("a", "demands", "energy", times(1.0001), "demand of the year"),
    Mutation("a", "conversion", "availability", lambda a: {k: np.minimum(v * 1.02, 1) for k, v in a.items()}, "activity within"),
    Mutation("e", "conversion", "min_load", times(0.9), "minimum load"),
    Mutation("e", "conversion", "variable_cost", times(1.001), "costs.csv"),
    Mutation("e", "conversion", "ports", ports(lambda r: r * 1.001 if r < 0 else r), "flow of"),
    Mutation("c", "storage", "charge_efficiency", times(0.99), "energy held"),
    Mutation("c", "storage", "discharge_efficiency", times(1.001), "energy held"),
    Mutation("c", "storage", "full_power_hours", times(0.5), "charge and discharge within power"),
    Mutation("r", "storage", "standing_loss", times(0.5), "energy held"),
    Mutation("c", "supplies", "shape", times(1.01), "costs.csv"),
    Mutation("c", "supplies", "price", times(0.999), "costs.csv"),
    Mutation("d", "supplies", "demand_charge", times(1.001), "costs.csv"),
    Mutation("d", "calendar", "billing", less_one_hour, "paid peak"),
    Mutation("s", "supplies", "import_year_max", times(1.05), "import within max_import_year"),
    Mutation("s", "supplies", "export_max", times(1.05), "export within max_export"),
    Mutation("s", "supplies", "export_price", times(1.01), "costs.csv"),
    Mutation("a", "supplies", "market", times(1.001), "emissions.csv"),
    Mutation("a", "supplies", "location", times(0.9), "emissions.csv"),
    Mutation("i", "supplies", "green_share", times(1.1), "emissions.csv"),
    Mutation("i", "supplies", "tce", times(1.01), "emissions.csv"),
    Mutation("h", "supplies", "certificate_price", times(1.01), "costs.csv"),
    Mutation("k", "supplies", "carbon_price", times(0.95), "costs.csv"),
    Mutation("k", "captures", "rate", times(1.05), "capture within what a source gives off"),
    Mutation("k", "captures", "removal_share", times(0.9), "emissions.csv"),
    Mutation("k", "captures", "variable_cost", times(1.01), "costs.csv"),
    Mutation("k", "captures", "ports", ports(lambda r: r * 0.9 if r < 0 else r), "flow of"),
    Mutation("q", "network", "delivered", times(1.01), "arrived"),
    Mutation("f", "measures", "steps", saved_more, "demand of the year"),
    Mutation("f", "measures", "seen_share", times(1.02), "system_cost.csv"),
    Mutation("g", "offsets", "price", times(1.001), "costs.csv"),
    Mutation("g", "offsets", "volume_max", times(1.1), "credits within max_volume"),
    Mutation("j", "restoration", "uptake", times(1.01), "uptake of restored land"),
    Mutation("j", "restoration", "plant_max", times(1.1), "planting within max_plant"),
    Mutation("j", "carbon", "process", times(1.001), "emissions.csv"),
    Mutation("h", "carbon", "rules", laxer, "limit of a stage"),
    Mutation("h", "carbon", "base", times(1.001), "emissions.csv"),
)


def refusal(case: str) -> LedgerError:
    """Why the ledger refuses the plan of a case."""
    with pytest.raises(LedgerError) as caught:
        plan_park(read_case(CASES[case]), Options(gap=1e-6, compare=False, method="whole"))
    return caught.value


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_a_wrong_coefficient_is_caught(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        part = getattr(inputs, mutation.part)
        wrong = replace(part, **{mutation.field: mutation.change(getattr(part, mutation.field))})
        return replace(inputs, **{mutation.part: wrong})
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    named = [d.quantity for d in refusal(mutation.case).disagreements]
    assert any(mutation.quantity in quantity for quantity in named), named


def line() -> Draft:
    """A link that stands, is signed and limited by year, all of which bind; and one of which more is kept than is of use in 2028."""
    park = Draft(2026, 2028)
    park.demand(zone="works", mwh={2026: 8760.0, 2027: 8760.0, 2028: 0.0})
    park.supply("grid", zone="harbour")
    park.supply("dear", price=300.0, zone="works")
    park.link("line", "harbour", "works", existing=0.2, max_build=0.1, capital_cost=1000.0, lifetime=2, fixed_cost=1000.0)
    park.link("old", "harbour", "works", existing=0.2, keep=0.1, fixed_cost=1000.0)
    park.add(Committed(technology="line", year=2026, build=0.1, capital_cost=5000.0))
    limits = {("max_capacity", 2026): 0.45, ("max_capacity", 2027): 0.47, ("existing", 2028): 0.15, ("min_capacity", 2028): 0.12}
    park.add(*(Limit(technology="line", item=item, year=y, value=v) for (item, y), v in limits.items()))
    return park


OF_A_LINK = (
    ("existing", times(1.02), "capacity"),
    ("max_capacity", times(1.02), "capacity within max_capacity"),
    ("build_max", times(1.02), "order within max_build"),
    ("min_capacity", times(0.98), "capacity of at least min_capacity"),
    ("committed", times(1.02), "committed order"),
    ("committed_cost", times(1.02), "costs.csv"),
    ("pieces", lambda pieces: replace(pieces, keep=times(0.9)(pieces.keep)), "what is left of what stood"),
)


@pytest.mark.parametrize(("field", "change", "quantity"), OF_A_LINK, ids=[field for field, *_ in OF_A_LINK])
def test_a_wrong_limit_or_order_of_a_link_is_caught(
    field: str, change: Change, quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert line().solve().status == "optimal"
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        wrong = replace(inputs.capacity, **{field: change(getattr(inputs.capacity, field))})
        return replace(inputs, capacity=wrong)
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        line().solve()
    assert any(quantity in d.quantity for d in caught.value.disagreements), [d.quantity for d in caught.value.disagreements]


def test_a_wrong_share_of_the_horizon_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Years used over lifetime, whatever the discount rate."""
    monkeypatch.setattr(models.inputs.capacity, "horizon_share", lambda rate, life, first, last: min(life, last - first + 1) / life)
    assert {d.quantity for d in refusal("a").disagreements} == {"system_cost.csv"}


def test_a_lifetime_of_one_year_more_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    lifetime = models.inputs.capacity.CostTable.lifetime
    monkeypatch.setattr(models.inputs.capacity.CostTable, "lifetime", lambda table, kind: lifetime(table, kind) + 1)
    assert "capacity" in {d.quantity for d in refusal("b").disagreements}


def test_certificates_that_green_nothing_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    scopes = models.operation.carbon._scopes
    def without_certificates(*args: Any) -> dict:
        sums = scopes(*args)
        terms, constant = sums["scope2_market"]
        return {**sums, "scope2_market": ([t for t in terms if t[0] > 0], constant)}
    resolve = planner.planning.run.resolve
    def resolve_certificates_that_earn(*args: Any) -> Inputs:
        """Else a plan would not buy what greens nothing."""
        inputs = resolve(*args)
        earns = dict.fromkeys(inputs.supplies.certificate_price, -1.0)
        return replace(inputs, supplies=replace(inputs.supplies, certificate_price=earns))
    monkeypatch.setattr(models.operation.carbon, "_scopes", without_certificates)
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_certificates_that_earn)
    named = [(d.quantity, d.name) for d in refusal("h").disagreements]
    assert ("emissions.csv", "scope2_market") in named


def test_a_store_that_forgets_its_losses_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    add_storage = models.operation.add_storage
    def without_losses(year: Any, inputs: Inputs, *rest: Any) -> None:
        storage = inputs.storage
        whole = dict.fromkeys(storage.stores, 1.0)
        add_storage(year, replace(inputs, storage=replace(storage, charge_efficiency=whole, discharge_efficiency=whole)), *rest)
    monkeypatch.setattr(models.operation, "add_storage", without_losses)
    assert "energy held (MWh)" in {d.quantity for d in refusal("c").disagreements}


def test_a_refusal_names_quantity_year_and_both_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        return replace(inputs, demands=replace(inputs.demands, energy=times(1.1)(inputs.demands.energy)))
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    error = refusal("a")
    assert error.exit_code == 4
    first = error.disagreements[0]
    assert (first.quantity, first.year) == ("demand of the year", 2026) and first.said == pytest.approx(1.1 * first.found)
    line = str(error).splitlines()[1]
    assert line == f"demand of the year of {first.name} in 2026: the plan says {first.said:.10g}, the ledger {first.found:.10g}"


def leased() -> Draft:
    """1 MW in every hour; a plant with an annuity and a fixed cost that each order keeps, of which some was signed before."""
    park = Draft(2026, 2028)
    park.demand()
    park.supply()
    park.converter("plant", annuity=1e5, lifetime=2, fixed_cost={2025: 3e4, 2027: 1e4}, basis="order", existing=0.2)
    park.add(Committed(technology="plant", year=2025, build=0.3))
    return park


def paid_for() -> Draft:
    """A plant that is paid for when ordered, 2 MW at most, an order of one unit, with a premium for what runs."""
    park = Draft(2026, 2027)
    park.demand()
    park.supply()
    park.converter("plant", capital_cost=-5e4, project_cost=-1e4, variable_cost=-5.0, fixed_cost=-100.0, lifetime=1, unit_size=1.0,
        max_capacity=2.0)
    for year in (2026, 2027):
        park.budget(year, 0.0)
    return park


@pytest.mark.parametrize(("park", "part", "field", "change", "name"), [
    (leased, "capacity", "annuity", times(1.01), "annuity"),
    (leased, "capacity", "annuity", lambda a: {kv: money for kv, money in a.items() if kv[1] > 2025}, "annuity"),
    (leased, "capacity", "fixed_by_order", times(1.01), "fixed_cost"),
    (leased, "capacity", "fixed_by_order", lambda f: dict.fromkeys(f, 1e4), "fixed_cost"),
    (paid_for, "capacity", "capital_cost", times(1.01), "capital"),
    (paid_for, "capacity", "project_cost", times(1.01), "capital"),
    (paid_for, "capacity", "fixed_cost", times(1.01), "fixed_cost"),
    (paid_for, "conversion", "variable_cost", times(1.01), "variable_cost"),
])
def test_a_wrong_coefficient_of_a_pencil_park_is_caught(
    park: Callable[[], Draft], part: str, field: str, change: Change, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        own = getattr(inputs, part)
        return replace(inputs, **{part: replace(own, **{field: change(getattr(own, field))})})
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        plan_park(park().case(), Options(gap=1e-6, compare=False, method="whole"))
    assert (name, "plant") in {(str(d.name).split(" ")[0], str(d.name).split(" ")[-1]) for d in caught.value.disagreements}


@pytest.mark.parametrize(("part", "field", "quantity"),
    [("vehicles", "power", "charging within power"), ("vehicles", "efficiency", "charging"),
     ("demands", "energy", "charging of a day or year (MWh)")])
def test_a_wrong_figure_of_vehicles_is_caught(part: str, field: str, quantity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 MWh from 8 to 16 o'clock at 0.6 MW; power is cheap from 10 to 12 o'clock."""
    park = Draft()
    park.supply()
    park.tariff(0.5, hours="10-11")
    park.chargers(efficiency=0.8)
    park.session("08:00", "16:00", 2.0, 0.6)
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        own = getattr(inputs, part)
        return replace(inputs, **{part: replace(own, **{field: times(1.1)(getattr(own, field))})})
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        plan_park(park.case(), Options(gap=1e-6, compare=False, method="whole"))
    assert quantity in {str(d.quantity) for d in caught.value.disagreements}


@pytest.mark.parametrize(("field", "quantity"),
    [("least", "what is offered to be called off"), ("cost", "costs.csv of response"), ("calls", "responses.csv"),
     ("share", "reserve")])
def test_a_wrong_figure_of_a_response_contract_is_caught(field: str, quantity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    park = Draft(base_emissions=1.0)
    park.demand("warmth", "heat")
    park.supply("gas", "gas", factor=0.2)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=2.0)
    park.add(Reserve(carrier="heat", margin=0.1))
    park.response("warmth", 0.2, 900.0, calls=10.0, call_price=5.0, call_cost=20.0, firm=1)
    resolve = planner.planning.run.resolve
    def resolve_wrongly(*args: Any) -> Inputs:
        inputs = resolve(*args)
        own = getattr(inputs.responses, field)
        return replace(inputs, responses=replace(inputs.responses, **{field: times(1.1)(own)}))
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        plan_park(park.case(), Options(gap=1e-6, compare=False, method="whole"))
    assert any(quantity in str(d) for d in caught.value.disagreements), [str(d) for d in caught.value.disagreements]


def test_a_year_with_the_profiles_of_another_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sun, demand and price change in 2027; a model that has those of 2026 in both years is refused for each of them."""
    park = Draft(2026, 2027)
    for name, values in (("sun", [0.5]), ("day", [1.0]), ("spot", [1.0]), ("hazy", [0.4, 0.2]), ("night", [2.0, 1.0]),
        ("dear", [1.5])):
        park.profile(name, values)
    park.demand(profile="day")
    park.supply()
    park.by_the_hour("grid", "spot", item="energy")
    park.converter("pv", existing=1.0, profile="sun")
    park.add(*(ProfileYear(profile=p, year=2027, column=c) for p, c in (("sun", "hazy"), ("day", "night"), ("spot", "dear"))))
    resolve = planner.planning.run.resolve
    monkeypatch.setattr(planner.planning.run, "resolve", lambda *args: replace(resolve(*args), shapes={}))
    with pytest.raises(LedgerError) as caught:
        plan_park(park.case(), Options(gap=1e-6, compare=False, method="whole"))
    named = {(str(d.quantity), d.year) for d in caught.value.disagreements}
    assert {year for _, year in named} == {2027}
    assert any("activity within" in quantity for quantity, _ in named), named
    assert any("demand" in quantity for quantity, _ in named) and any("costs.csv" in quantity for quantity, _ in named), named
