"""Meters to demand: files of readings become the hourly power of one year, its energy and its peaks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path

import numpy as np

from models.errors import CaseError
from planner.importers.columns import LayoutColumns, read_columns
from planner.importers.commands import check_output, weekday_of
from planner.importers.dialect import Answers
from planner.importers.profile import DEMAND, DEMAND_KEY, Profile, Proposal, Recognised, TableRows, Told
from planner.importers.quantities import QuantityUnit, agreed_unit, content_of, contradicts
from planner.importers.series import (
    Series,
    check_power,
    check_readings,
    combined,
    ends_of,
    filled,
    listed,
    looks_like_register,
    of_register,
    on_grid,
    single,
    snapped,
    step_of,
    without_spikes,
)
from planner.importers.source import SourceTable, number_of, of_each, read_sources
from planner.importers.times import standard_times, zone_of
from planner.importers.write import stem_of
from planner.importers.year import choose_year, measured, produced
from planner.language.language import mark
from planner.language.message import Message

# --- readings to a profile -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Readings:
    """Readings of one file at times of the park's clock.

    times    (n,) datetime64[s]
    decimal  sign of the decimals, '' where the file shows none
    stated   the multiplier that the file states, 1 where it states none
    notes    texts that may say what a t or m³ holds
    doubt    heading that names a power beside a unit of energy, or the other way round; '' for none
    """

    file: str
    times: np.ndarray
    values: np.ndarray
    unit: QuantityUnit
    is_register: bool
    step: int | None = None
    decimal: str = ""
    doubt: str = ""
    stated: float = 1.0
    notes: tuple[str, ...] = ()


#: What is said of the first files alone, and not of meters that are added or taken off.
OF_FIRST = ("column", "time", "only", "unit", "sheet", "register", "times", "content", "despite_heading")


def load_profile(paths: Sequence[Path], name: str, a: Answers, told: Told, first_weekday: int | None = None) -> Profile:
    """The demand that the files tell of, with meters that are added and taken off.

    Raises CaseError for all that is wrong, each with the option that decides it.
    """
    with told.asking():
        return _load(paths, name, a, told, first_weekday)
    raise AssertionError("asking raises what was asked")


def _load(paths: Sequence[Path], name: str, a: Answers, told: Told, first_weekday: int | None) -> Profile:
    zone, alike = zone_of(a.zone), a.without(*OF_FIRST)
    files = [*((0, p) for p in paths), *((1, p) for p in a.add), *((-1, p) for p in a.less)]

    def read(one: tuple[int, Path]) -> list[Readings]:
        own = alike if one[0] else a
        return [_of_table(table, own, zone, told) for table in read_sources(one[1], own.encoding, own.sheet)]

    found = of_each(files, read)
    parts = [part for (sign, _), own in zip(files, found, strict=True) if not sign for part in own]
    beside = [(sign, _whole(own, alike, told), path.name) for (sign, path), own in zip(files, found, strict=True) if sign]
    file = _file_of(parts)
    series = combined(_whole(parts, a, told), beside, file, told)
    chosen = choose_year(series, a.year, a.longest_gap, file, told)
    whole = filled(chosen.series, told)
    first = chosen.first_weekday if first_weekday is None else first_weekday
    units, decimals = (dict.fromkeys(own) for own in ((p.unit.label for p in parts), (p.decimal for p in parts)))
    read_as = Recognised(", ".join(units), whole.step, tuple(decimals))
    if plant := 1.0 if parts[0].unit.per_peak else capacity_of(a.plant):
        return produced(name, chosen, whole, plant, read_as, first, told)
    return measured(name, chosen, whole, parts[0].unit, read_as, first, told, parts[0].stated)


def _file_of(parts: Sequence[Readings]) -> str:
    return parts[0].file if len(parts) == 1 else f"{len(parts)} files"


def _of_table(table: SourceTable, a: Answers, zone: tzinfo | None, told: Told) -> Readings:
    """The readings of one table; what is not certain of unit, register, multiplier and clock is asked."""
    file, columns = table.file, read_columns(table, a, told)
    heading = Message("column {column}", column=repr(columns.heading)) if columns.heading else Message("its values")
    unit = agreed_unit(a.unit, columns.units, a.despite_heading, file, heading, told)
    is_register = columns.is_register if a.register is None else a.register
    likely: tuple[np.ndarray | float, float] = (1.0, 1.0)
    times, stated = told.or_ask("times", 1, likely, lambda: _multiplier(columns, a.times, is_register, file, told))
    if a.register is None and not is_register and columns.stamps is not None and looks_like_register(columns.values):
        words = mark(
            "{file}: its values rise all the time: say --register if they are readings of a register, --no-register if not"
        )
        told.ask("register", True, words, file=file)
    if is_register and unit.is_rate:
        words = mark("{file}: a register counts an amount, and {unit} is none; say --unit kWh or the like, or --no-register")
        raise CaseError.because(words, file=file, unit=unit.label)
    check_readings(columns.values, columns.lines, unit, file, is_register)
    known = {"column": columns.heading, "unit": unit.label, "register": is_register or None}
    told.recognised = known | {"sheet": a.sheet} | told.recognised
    used = f", {table.encoding}" if table.encoding not in ("", "utf-8") else ""
    shown = {"count": len(columns.values), "column": columns.heading or "–", "unit": unit.label, "encoding": used}
    told.say(mark("{file}: {count} values of {column} in {unit}{encoding}."), file=Path(file).name, **shown)
    if columns.head.of:
        told.say(mark("Above the table: {head}."), head=columns.head.of)
    if columns.chosen:
        told.say(mark("Of several kinds of rows those with {chosen} were taken."), chosen=columns.chosen)
    step = columns.step
    if columns.stamps is None:
        when, step = listed(len(columns.values), file, a.year, told)
    else:
        when = standard_times(columns.stamps, columns.values, file, a.order, zone, told, is_counted=step is not None)
    doubt = columns.heading if not a.unit and contradicts(columns.heading, unit) else ""
    notes = tuple(dict.fromkeys(text for text in table.texts if re.search(r"[A-Za-z大千]", text))) if unit.content else ()
    return Readings(file, when, columns.values * times, unit, is_register, step, columns.decimal, doubt, stated, notes)


def _multiplier(columns: LayoutColumns, asked: str, is_register: bool, file: str, told: Told) -> tuple[np.ndarray | float, float]:
    """(what values are multiplied by, the one multiplier that the file states or 1): by what is asked, else by what the file says.

    What a register shows is what its own dial has counted: it is multiplied. Raises CaseError where the file states a multiplier
    and not whether its values hold it.
    """
    own, number = np.ones(1), number_of(asked)
    with suppress(CaseError) if number is not None else nullcontext():
        own = columns.multipliers(file)
    ratios, is_done = sorted(set(own.tolist())), columns.head.is_multiplied
    stated = ratios[0] if len(ratios) == 1 else 1.0
    words = {"file": file, "ratios": ", ".join(f"{ratio:g}" for ratio in ratios), "ratio": f"{stated:g}"}
    if number is not None and (number == 1 or len(ratios) == 1):
        if number != 1:
            told.say(mark("Values were multiplied by {times}."), times=number)
        return number, stated
    if asked == "column" and ratios == [1.0]:
        raise CaseError.because("{file}: --times column: states no multiplier; say --times 40 or the like", file=file)
    if ratios == [1.0] or (is_done and not asked):
        return 1.0, stated
    if asked != "column" and len(ratios) > 1:
        text = mark(
            "{file}: states multipliers of {ratios}; say --times column where its values are still to be multiplied, each by "
            "its own, --times 1 where they are already"
        )
        raise CaseError.because(text, **words)
    if not asked and not is_register and is_done is None:
        text = mark(
            "{file}: states a multiplier of {ratio}; say --times {ratio} where its values are still to be multiplied, --times "
            "1 where they are already"
        )
        raise CaseError.because(text, **words)
    shown = ratios[0] if len(ratios) == 1 else words["ratios"]
    text = mark("{file} states a multiplier of {ratio}, and its values were multiplied by it.")
    told.warn(text, file=Path(file).name, ratio=shown)
    return own, stated


def _whole(parts: Sequence[Readings], a: Answers, told: Told) -> Series:
    """The readings of one meter as MW on one grid, without spikes and values below 0, which are asked about."""
    file, unit = _file_of(parts), parts[0].unit
    if len({(p.is_register, p.unit.is_rate, p.unit.content, p.unit.per_peak) for p in parts}) > 1:
        units = ", ".join(sorted({p.unit.label for p in parts}))
        raise CaseError.because("{file}: measure different things ({units}); give them one by one", file=file, units=units)
    values = np.concatenate([p.values * p.unit.size for p in parts])
    steps = sorted({p.step or step_of(p.times, p.file) for p in parts})
    if len(steps) > 1:
        words = mark("{file}: have readings of {steps} minutes; give them one by one")
        raise CaseError.because(words, file=file, steps=" and ".join(map(str, steps)))
    step = steps[0]
    if step != 60 and (doubted := next((p for p in parts if p.doubt), None)):
        words = mark(
            "{file}: column {column}: names a power or an amount and has the unit of the other, {unit}; say which with --unit, kW "
            "or kWh, and --despite-heading where the heading is wrong"
        )
        told.ask("unit", "kWh", words, file=doubted.file, column=repr(doubted.doubt), unit=doubted.unit.label)
    times = snapped(np.concatenate([p.times for p in parts]), step, file, told)
    if parts[0].is_register:
        told.say(mark("The values are readings of a register: each interval is what it counted on."))
        series = of_register(single(times, values, file, a.doubled, told), step, file, told)
    else:
        if any(p.step is None for p in parts) and ends_of(times, step, file, a.stamp, told):
            times = times - np.timedelta64(step * 60, "s")
        series = on_grid(single(times, values, file, a.doubled, told), step, file)
    size = (1.0 if unit.is_rate else 60 / step) * content_of(unit, a.content, told, file, [n for p in parts for n in p.notes])
    series = Series(series.start, step, series.values * size, tuple((a, b, amount * size) for a, b, amount in series.known))
    check_power(series, file)
    series = without_spikes(series, a.spikes, file, told)
    below = series.values < 0
    if not below.any():
        return series
    if a.negative == "zero":
        words = mark(
            "{count} values below 0 were taken as 0: what was fed in then, and used of own generation, is not in the demand."
        )
        told.warn(words, count=int(below.sum()))
    else:
        words = mark(
            "{file}: {count} values are below 0, the first at {time}: does the park feed in? A demand is what is used, own "
            "generation included; say --negative zero to take them as 0"
        )
        told.ask("negative", "zero", words, file=file, count=int(below.sum()), time=series.time(int(below.argmax())))
    return replace(series, values=np.where(below, 0.0, series.values))


def read_meter(files: Sequence[Path], a: Answers, told: Told) -> Proposal:
    """The demand, or the availability of a plant, that readings tell of. Raises CaseError with all that has to be said."""
    number, faults = number_of(a.times), list[str]()
    if a.times not in ("", "column") and number is None:
        faults.append(Message("--times {times}: is no number", times=a.times))
    if number is not None and number <= 0:
        faults.append(Message("{option} {value}: is not above {least}", option="--times", value=f"{number:g}", least="0"))
    if capacity_of(a.plant) is None:
        faults.append(Message("--plant {plant}: is no capacity; write e.g. 500kWp", plant=a.plant))
    if a.plant and a.demand:
        faults.append(Message("--plant, --demand: what a plant makes is no demand; give one"))
    if faults:
        raise CaseError(faults)
    first, name = weekday_of(a, a.first_weekday), a.name or stem_of(files[0])
    check_output(a, [name])
    profile = load_profile(files, name, a, told, first)
    return Proposal(name, told, [profile], [TableRows(DEMAND, DEMAND_KEY, [profile.demand])] if a.demand else [])


def capacity_of(text: str) -> float | None:
    """MW of a capacity such as `500kWp`, 0 of none; None of what is no capacity."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([kM]W)(?:p|_?peak|el|AC|DC)?", text.strip())
    if not text.strip():
        return 0.0
    return float(found[1]) / (1000 if found[2] == "kW" else 1) if found and float(found[1]) > 0 else None
