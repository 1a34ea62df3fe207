"""Pictures of a park's loads: each demand in MW with energy, peak, load factor and quiet days, beside bills and tariffs; each other
profile as it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from models.case import Case, Demand
from models.errors import CaseError
from models.units import yearly_factor
from planner.answer.loads import has_tariff, hours_of, load_factor, prices_of, quiet_of
from planner.answer.page.table import Markup, join, tag
from planner.language.language import Language
from planner.language.message import Message
from planner.profiles.picture import picture, tariff_picture
from planner.profiles.png import calendar_png
from planner.profiles.profile import HOURS, Profile
from planner.profiles.told import Told
from planner.profiles.write import put

#: The page of the pictures, and what may stand in their folder.
PAGE, ENDINGS = "index.html", (".svg", ".png", ".html")
STYLE = "body{font:16px sans-serif;max-width:960px;margin:24px auto;padding:0 12px}img{max-width:100%}"


def write_pictures(case: Case, folder: Path, language: Language) -> tuple[list[Path], list[str]]:
    """(files, a line on each demand): SVG and PNG of each demand, and of each profile of a technology or supply; an SVG of each
    tariff; and a page of them with what the bills say.

    Profiles of a day are repeated over the year. Raises CaseError where the folder cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise CaseError.because("--pictures {folder}: cannot be made ({error})", folder=folder, error=error.strerror) from error
    loads, lines, parts, files = list[Profile](), list[str](), list[Markup](), list[Path]()
    for demand, values in hours_of(case).values():
        profile = Profile(f"demand-{demand.demand}", values, "MW", Told(), case.park.first_weekday)
        loads.append(profile)
        line = _figures(case, demand, values, language)
        lines.append(line)
        bills = [tag("p", text) for text in _bills(case, demand.carrier, language)]
        parts += [tag("h2", demand.demand), tag("p", line), *bills, _image(f"{profile.name}.svg", demand.demand)]
    used = dict.fromkeys(row.profile for rows in (case.technologies, case.supplies) for row in rows if row.profile)
    shown = [*loads, *(Profile(f"profile-{name}", _year(case.profiles[name]), "1", Told()) for name in used)]
    for profile in shown:
        for ending, content in (("svg", picture(profile, language)), ("png", calendar_png(profile.values, profile.unit))):
            files.append(folder / f"{profile.name}.{ending}")
            put(files[-1], content)
    for supply in case.supplies:
        prices = prices_of(case, supply) if has_tariff(case, supply) else None
        if prices is not None:
            files.append(folder / f"tariff-{supply.supply}.svg")
            put(files[-1], tariff_picture(supply.supply, prices, case.park.currency, language))
            parts += [tag("h2", supply.supply), _image(files[-1].name, supply.supply)]
    parts += [_image(f"{profile.name}.svg", profile.name) for profile in shown[len(loads) :]]
    head = tag("head", tag("meta", charset="utf-8"), tag("title", case.park.name), tag("style", Markup(STYLE)))
    body = tag("body", tag("h1", case.park.name), join(parts))
    files.append(folder / PAGE)
    put(files[-1], "<!DOCTYPE html>\n" + str(tag("html", head, body, lang=language.code)) + "\n")
    return files, lines


def _figures(case: Case, demand: Demand, values: np.ndarray, language: Language) -> str:
    """Energy, highest hour, load factor, and working days with little use, by the park's own calendar."""
    line = language.translate(
        "{demand}: {energy} MWh a year, highest hour {highest} MW, load factor {factor}",
        demand=demand.demand,
        energy=language.number(float(values.sum())),
        highest=language.amount(float(values.max())),
        factor=f"{load_factor(values):.2f}",
    )
    quiet = quiet_of(case, values)
    if not quiet:
        return line
    return language.translate("{line}; working days with little use: {days}", line=line, days=", ".join(quiet))


def _bills(case: Case, carrier: str, language: Language) -> list[str]:
    """What the bills of the carrier's supplies say."""
    supplies = {s.supply for s in case.supplies if s.carrier == carrier}
    lines = []
    for bill in (b for b in case.bills if b.supply in supplies):
        energy = language.number(bill.value * yearly_factor(bill.unit, "MWh"))
        words = {"supply": bill.supply, "year": bill.year, "energy": energy}
        if bill.cost is None:
            lines.append(language.translate("bill of {supply}, {year}: {energy} MWh", **words))
        else:
            money = language.money(bill.cost, case.park.currency)
            lines.append(language.translate("bill of {supply}, {year}: {energy} MWh, {money}", money=money, **words))
    return lines


def _image(file: str, said: str) -> Markup:
    return tag("p", tag("img", src=file, alt=said))


def check_pictures(folder: Path) -> list[str]:
    """What forbids to write pictures into a folder: a file of its name, or anything in it that is no picture."""
    if folder.exists() and (not folder.is_dir() or any(path.suffix not in ENDINGS for path in folder.iterdir())):
        return [Message("--pictures {folder}: is no folder of pictures; name a new one", folder=folder)]
    return []


def _year(values: np.ndarray) -> np.ndarray:
    """8,760 hours of a profile; one of some days is repeated."""
    values = np.asarray(values, dtype=float)
    return np.resize(values, HOURS)
