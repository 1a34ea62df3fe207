"""The command that makes a demand of bills and a shape: parse, choose, print; no logic."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.finish import ProfileOutput, finish
from planner.profiles.options import DECIMALS, AsJson, Decimal, Despite, Out, Park, Picture, Quiet, Replace, Spoken, choice_of


def shape(
    kind: Annotated[str, typer.Argument(help="continuous, three-shift, two-shift, one-shift, office, heating, cooling, bdew-g0 …")],
    bills: Annotated[Path | None, typer.Option(help="Table of 12 months, 4 quarters, 365 days or one year.")] = None,
    energy: Annotated[str, typer.Option(help="Energy of the year in place of bills, e.g. 12000MWh.")] = "",
    name: Annotated[str | None, typer.Option(help="Name of the profile; left out: the kind.")] = None,
    park: Park = None,
    replace: Replace = False,
    out: Out = None,
    picture: Picture = None,
    year: Annotated[int | None, typer.Option(help="Year whose weekdays and holidays count; left out: that of the bills.")] = None,
    holidays: Annotated[str, typer.Option(help="cn, de or none.")] = "none",
    unit: Annotated[str, typer.Option(help="Unit of the bills; left out: as the heading says.")] = "",
    column: Annotated[str, typer.Option(help="Column of the bills' amounts.")] = "",
    content: Annotated[float | None, typer.Option(help="MWh in a tonne of steam or a cubic metre of gas.")] = None,
    carrier: Annotated[str, typer.Option(help="Carrier in the row of demand.csv.")] = "",
    weather: Annotated[Path | None, typer.Option(help="Weather file, for heating and cooling.")] = None,
    zone: Annotated[str, typer.Option(help="Time zone of the park, where the weather file's times are of UTC.")] = "",
    base: Annotated[float | None, typer.Option(help="Heat below, or cool above, this outside temperature, °C (15 and 20).")] = None,
    floor: Annotated[float, typer.Option(help="Share that is the same all year, e.g. hot water.")] = 0.0,
    decimal: Decimal = "",
    despite_heading: Despite = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
    language: Spoken = None,
) -> None:
    """Bills to a demand profile, with the shape of a known kind of user.

    Example: plan import shape three-shift --bills bills.csv --holidays cn --park mypark --name machines
    """
    from planner.park.complaints import is_no
    from planner.profiles.bounds import MOST
    from planner.profiles.clock import zone_of
    from planner.profiles.numbers import number_of
    from planner.profiles.profile import HOURS
    from planner.profiles.quantities import read_unit
    from planner.profiles.readers import read_years
    from planner.profiles.recognised import Recognised
    from planner.profiles.shapes import DEGREES, HOLIDAYS, KINDS, Degrees, shape_profile
    from planner.profiles.told import Told

    output = ProfileOutput(park, out, picture, replace, as_json, language, quiet)
    faults: list[str] = [] if kind in KINDS else [is_no("kind", kind, Message("known shape"), KINDS)]
    faults += (
        []
        if holidays in HOLIDAYS
        else [Message("--holidays {holidays}: is none of {choices}", holidays=holidays, choices=", ".join(HOLIDAYS))]
    )
    faults += choice_of("--decimal", decimal, DECIMALS)
    faults += [] if 0 <= floor < 1 else [Message("--floor {floor}: is not within 0 to 1", floor=f"{floor:g}")]
    if base is not None and not -50 <= base <= 60:
        faults.append(Message("--base {base}: is not within -50 to 60 °C", base=f"{base:g}"))
    faults += (
        [] if content is None or 0 < content < 1e3 else [Message("--content {content}: is not above 0", content=f"{content:g}")]
    )
    if kind in DEGREES and weather is None:
        faults.append(Message("{kind}: follows the outside temperature; give a weather file with --weather", kind=kind))
    if bills is not None and energy:
        faults.append(Message("--bills, --energy: contradict each other; give one"))
    found = re.fullmatch(r"\s*([\d.]+)\s*(\S+)\s*", energy) if energy else None
    said = read_unit(found[2]) if found else None
    amount = None if found is None else number_of(found[1], "point")
    if energy and (amount is None or said is None or said.is_rate or said.content):
        faults.append(Message("--energy {energy}: is no energy; write for example 12000MWh", energy=energy))
    elif amount is not None and said is not None and amount * said.size > MOST * HOURS:
        most = f"{MOST * HOURS:g}"
        faults.append(Message("--energy {energy}: is more than any park uses; at most {most} MWh", energy=energy, most=most))
    if year is not None and not 1990 <= year <= 2100:
        faults.append(Message("--year {year}: is not within 1990 to 2100", year=year))
    first, more = output.weekday(None)
    if faults + more:
        raise CaseError(faults + more)
    named = name or kind
    output.check([named])
    told = Told()
    energies: list[float] = []
    read: Recognised | None = None
    own = carrier or {"heating": "heat", "cooling": "cold"}.get(kind, "electricity")
    if bills is not None:
        from planner.profiles.bills import read_bills

        energies, of, measured, mark = read_bills(bills, unit, column, year, content, told, decimal, despite_heading)
        read = Recognised(measured.label, 0, (mark,))
        year = year if year is not None else of
        own = carrier or measured.content or own
    elif amount is not None and said is not None:
        energies = [amount * said.size]
    if year is None:
        raise CaseError.because("--year: is needed, since weekdays and holidays depend on it, e.g. --year 2025")
    sky = None if weather is None else read_years([weather], "", zone_of(zone), None, False, told)[0]
    degrees = Degrees(base if base is not None else (15.0 if kind == "heating" else 20.0), floor)
    finish([shape_profile(kind, year, holidays, first, sky, degrees, energies, named, own, told, read)], output)
