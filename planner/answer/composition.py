"""What the net emissions of a year are made of: what is emitted by source, and everything that is taken off it.

A zero that rests on certificates, credits or land is another zero than one that emits nothing; so every claim of a stage is
told with this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from planner.language.language import Language, mark

#: Below this share of what is emitted a part is left out of the sentence.
SMALL = 5e-4
#: Below 0 by less than this share of base emissions (0.00 % of them), net emissions are 0: a credit too many within the gap.
NOTHING = 5e-5


def left_net(net: float, base: float) -> float:
    """Net emissions (t) as they are told, by base emissions (t)."""
    return 0.0 if -NOTHING * base < net < 0 else net


def net_told(language: Language, net: float | None, base: float) -> str:
    """Net emissions (t) as a number to be read, by base emissions (t)."""
    return language.number(None if net is None else left_net(net, base))


def items_of(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, float]:
    """Item of emissions.csv -> its value in a year."""
    rows = tables["emissions"]
    found = zip(rows["year"].tolist(), rows["item"].tolist(), rows["value"].tolist(), strict=True)
    return {item: value for of_year, item, value in found if of_year == year}


def composition(tables: Mapping[str, pd.DataFrame], accounting: str, year: int) -> dict[str, Any]:
    """The parts of a year's net emissions (t), those taken off as positive numbers.

    .. math:: net = \\sum emitted\\_by\\_source - certificates - captured - restoration - credits

    emitted_by_source  source -> what it emits before capture and certificates, scope 2 on the basis of the rules
    certificates     taken off by green certificates; 0 on the location basis
    captured         fossil, biogenic and air CO2 captured
    restoration      uptake of restored land that is counted
    credits          avoidance and removal credits
    gross, net       as in emissions.csv: gross is after certificates and fossil capture
    gross_location   gross with scope 2 on the location basis, on which certificates and green contracts change nothing
    """
    item = items_of(tables, year)
    rows = tables["emission_sources"]
    rows = rows[rows["year"] == year]
    kinds = ("scope1", f"scope2_{accounting}", "scope3")
    by_source = rows[rows["item"].isin(kinds)].groupby("name", sort=False)["value"].sum()
    taken = rows[rows["item"] == "scope2_certified"]["value"].sum() if accounting == "market" else 0.0
    found: dict[str, Any] = {"year": int(year), "emitted_by_source": {str(k): float(v) for k, v in by_source.items() if v}}
    found |= {
        "certificates": abs(float(taken)),
        "captured": float(item["captured_fossil"] + item["captured_removals"]),
        "restoration": float(item["restoration"]),
        "credits": float(item["avoidance"] + item["removal_credits"]),
        "gross": float(item["gross"]),
        "net": float(item["net"]),
        "gross_location": float(item["scope1"] + item["scope2_location"] + item["scope3"]),
    }
    return found


def told_composition(language: Language, parts: Mapping[str, Any], base: float, base_location: float | None = None) -> str:
    """The parts as one sentence, without a full stop: what is emitted, what is taken off, and the location-based figure beside
    that of the base year, where it is known; by base emissions (t)."""
    say = language.translate
    emitted = sum(parts["emitted_by_source"].values())
    words = {
        "certificates": say("certificates"),
        "captured": say("captured"),
        "restoration": say("restored land"),
        "credits": say("credits"),
    }
    off = [f"{words[key]} {language.number(parts[key])} t" for key in words if parts[key] > max(SMALL * emitted, 0.5)]
    values = {
        "year": parts["year"],
        "net": net_told(language, parts["net"], base),
        "emitted": language.number(emitted),
        "off": say(", ").join(off),
        "location": language.number(parts["gross_location"]),
    }
    told = (
        mark("net {net} t in {year}: {emitted} t emitted less {off}; gross on the location basis {location} t")
        if off
        else mark("net {net} t in {year}: {emitted} t emitted, nothing taken off; gross on the location basis {location} t")
    )
    if base_location is None:
        return say(told, **values)
    return say("{words} ({then} t in the base year)", words=say(told, **values), then=language.number(base_location))
