"""The commands that stand in front of several questions, and what brings what people have into a park: parse, choose, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.bills.commands import bills
from planner.costs.commands import import_costs
from planner.frontier.ask import Gap, Jobs, Out, limits, why_not, worth
from planner.language.message import Message
from planner.profiles.commands import load, sessions
from planner.profiles.options import Spoken, commands
from planner.profiles.shape_commands import shape
from planner.profiles.weather_commands import register
from planner.rank.commands import Authority, Certificate, Key
from planner.tariffs.commands import load as load_tariff

#: What people have, into a park.
imports = commands("Bring meters, weather, bills, tariffs and costs into a park.")
for name, own in (
    ("meter", load),
    ("shape", shape),
    ("sessions", sessions),
    ("bill", bills),
    ("tariff", load_tariff),
    ("costs", import_costs),
):
    imports.command(name=name)(own)
weather = commands("Profiles of sun, wind, temperature and heat pumps from weather files.")
register(weather)
imports.add_typer(weather, name="weather")


def explain(
    out: Out,
    projects: Annotated[bool, typer.Option("--projects", help="What each project is worth: the plan without it.")] = False,
    not_chosen: Annotated[bool, typer.Option("--not-chosen", help="At which cost what was not chosen would come in.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="What each rule, limit and reserve costs.")] = False,
    signs: Annotated[bool, typer.Option("--signs", help="At which cost and prices each order would no longer be right.")] = False,
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="--not-chosen: types of the catalogue that are not offered, too.")
    ] = False,
    dearest: Annotated[
        int | None,
        typer.Option(
            help="--rules: limits that the park is planned without, the dearest first, beside each reserve; left out: 10, of a "
            "large park 3 and all reserves together; 0: prices alone."
        ),
    ] = None,
    costs: Annotated[Path | None, typer.Option(help="--signs: new costs.csv, laid over the park's: is it still right?")] = None,
    prices: Annotated[Path | None, typer.Option(help="--signs: new prices.csv, in place of the park's.")] = None,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """Why the plan is as it is: what its projects are worth, what was not chosen, what rules cost, what would turn an order.

    Writes worth.csv, why_not.csv, limit_costs.csv, or watch.csv (with new tables verdicts.csv) into OUT and shows it on the page;
    each plan is saved in OUT-questions and not made twice.

    Example: plan explain run1 --projects
    """
    asked = {"--projects": projects, "--not-chosen": not_chosen, "--rules": rules, "--signs": signs}
    if sum(asked.values()) != 1:
        raise CaseError.because("{options}: are one question each; give one", options=", ".join(asked))
    of = {
        "--catalogue": (catalogue, "--not-chosen"),
        "--dearest": (dearest is not None, "--rules"),
        "--costs": (costs is not None, "--signs"),
        "--prices": (prices is not None, "--signs"),
    }
    if faults := [Message("{option}: is of {other}", option=o, other=q) for o, (given, q) in of.items() if given and not asked[q]]:
        raise CaseError(faults)
    if projects:
        worth(out, gap, jobs, language)
    elif not_chosen:
        why_not(out, catalogue, gap, jobs, language)
    elif rules:
        limits(out, dearest, gap, jobs, language)
    else:
        from planner.watch.commands import watch

        watch(out, costs, prices, gap, jobs, language)


def what_if(
    out: Annotated[Path, typer.Argument(help="Output folder of a run; with --assumed a park.")],
    in_futures: Annotated[bool, typer.Option("--in-futures", help="Its orders in the futures of the park's folder.")] = False,
    futures: Annotated[
        Path | None, typer.Option(help="Its orders in the futures of this futures.csv, with future_values.csv beside it.")
    ] = None,
    regret: Annotated[
        bool, typer.Option("--regret", help="With futures: plan each too: what the orders cost more than its least.")
    ] = False,
    outages: Annotated[
        bool, typer.Option("--outages", help="All months of all years with each unit out, one after the other.")
    ] = False,
    moving: Annotated[
        bool, typer.Option("--moving", help="What moving, shedding and waiting to charge save, by stream and year.")
    ] = False,
    stores: Annotated[bool, typer.Option("--stores", help="What each store earns, by stream and year, and who gets it.")] = False,
    demand: Annotated[bool, typer.Option("--demand", help="What 30 % less and more of all demand does to the saving.")] = False,
    assumed: Annotated[
        bool, typer.Option("--assumed", help="Plan a park with each assumed figure at its low and high, and rank them.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="--assumed: all figures.")] = False,
    days: Annotated[int, typer.Option(help="Typical days of each plan: more take longer and tell more surely.")] = 2,
    gap: Gap = None,
    jobs: Jobs = 0,
    scheduler: Annotated[
        str, typer.Option(help="--assumed: Dask scheduler whose workers plan. Dask asks nobody who they are: trust that host.")
    ] = "",
    scheduler_ca: Authority = None,
    scheduler_cert: Certificate = None,
    scheduler_key: Key = None,
    language: Spoken = None,
) -> None:
    """What other prices, costs, demands and futures would do to a plan.

    Without an option: each leading price, capital cost, the discount rate and demand at its low and high, planned anew. With
    futures, outages, moving, stores or demand: the orders of the run as they are, operated otherwise.

    Writes sensitivity.csv, stress.csv, stress_outages.csv, moving.csv, stores.csv or stress_demand.csv into OUT.

    Example: plan what-if run1 --days 4
    """
    if assumed:
        from planner.rank.commands import rank_assumed

        rank_assumed(out, futures, everything, days, jobs, scheduler, (scheduler_ca, scheduler_cert, scheduler_key), language)
    elif in_futures or futures or regret or outages or moving or stores or demand:
        from planner.stress.commands import stress

        stress(out, futures, regret, outages, moving, stores, demand, language)
    else:
        from planner.sensitivity.commands import sensitivity

        sensitivity(out, days, gap, jobs, language)
