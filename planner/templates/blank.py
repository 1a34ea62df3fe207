"""A blank park: the tables that a first park needs, each with an example row, of the carriers that were asked for.

It can be checked and planned as it is, so that whoever replaces its rows one by one always has a park that works.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from difflib import get_close_matches

from models.case import Park
from models.errors import CaseError
from planner.language.message import Message
from planner.park.faults import EMPTY_KEY, fault, of
from planner.park.fields import columns_of, toml_value

Row = dict[str, str]
#: Shapes of a day: machines in two shifts, sun on a fair day of spring.
DAY = (0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.8, 1, 1, 1, 1, 1, 0.9, 1, 1, 1, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5)
SUN = (0, 0, 0, 0, 0, 0, 0.02, 0.1, 0.22, 0.32, 0.4, 0.44, 0.44, 0.4, 0.32, 0.22, 0.1, 0.02, 0, 0, 0, 0, 0, 0)
#: What of the connection is used at the peak, and energy of other carriers by that of electricity.
USED, BESIDE = 0.5, {"steam": 1.5, "heat": 0.5, "cooling": 0.5}
#: Electricity by cold of the catalogue's chiller (MWh/MWh).
CHILLED = 0.181818
#: By carrier: what makes it today, and what may make it later.
MAKERS = {
    "steam": ("boiler", "gas-boiler-steam", "steam-pump", "heat-pump-steam"),
    "heat": ("heat-boiler", "gas-boiler", "heat-pump", "heat-pump-air"),
    "cooling": ("chiller", "chiller-electric", "", ""),
}
#: How many units serve the peak; those of the catalogue may be too large for a small park. One more stands.
UNITS = 4
#: Carriers whose peak must be served with the largest unit out.
HELD = ("steam", "heat")
#: Waste heat that a steam heat pump finds, by the peak of steam.
WASTE = 0.7
CARRIERS = ("electricity", *MAKERS)


@dataclass(frozen=True)
class Region:
    """Examples of prices and costs, with the sources of the catalogue.

    factors  emission factors of the grid;  power_price, gas_price  money/MWh;  pv  capital cost, money/kW
    """

    currency: str
    factors: str
    power_price: str
    gas_price: str
    pv: str
    power_source: str
    gas_source: str


REGIONS = {
    "cn": Region(
        "CNY",
        "grid-china",
        "640",
        "394",
        "2700",
        "State Grid Jiangsu, two-part 1-10 kV, 2026-10, second-hand",
        "Nanjing 2024, 3.9 CNY/m3",
    ),
    "eu": Region("EUR", "grid-eu", "190", "60", "904", "Eurostat, non-household average, first half of 2025", "general knowledge"),
    "us": Region(
        "USD", "grid-us", "87", "30", "1877", "EIA Electric Power Monthly, East North Central, 2025-04", "general knowledge"
    ),
}
EXAMPLE = "example: write your own"


@dataclass(frozen=True)
class BlankWanted:
    """What a blank park is asked to be: its name, carriers, connection [MW] and region."""

    name: str = "My Park"
    carriers: tuple[str, ...] = ("electricity",)
    grid: float = 10.0
    region: str = "cn"


def wanted_of(name: str, carriers: str, grid: str, region: str) -> BlankWanted:
    """The options as they were given. Raises CaseError with all that is wrong with them; park.toml says what a name is."""
    faults: list[str] = []
    column, own = columns_of(Park)["name"], ""
    try:
        own = str(toml_value(column, name))
        faults += [] if own else [fault(EMPTY_KEY, column="--name", says=column.says.rstrip("."))]
    except ValueError as error:
        faults.append(of(f"--name {name!r}", error))
    asked = tuple(dict.fromkeys(c.strip().lower() for c in carriers.split(",") if c.strip()))
    for carrier in asked:
        if carrier not in CARRIERS:
            near = get_close_matches(carrier, CARRIERS, 1)
            hint = Message("did you mean {near}?", near=repr(near[0])) if near else f"write {', '.join(CARRIERS)}"
            faults.append(Message("--carriers {carrier}: is none that a blank park has; {hint}", carrier=carrier, hint=hint))
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(kW|MW|kVA|MVA)?", grid.strip())
    if found is None or float(found[1]) <= 0:
        faults.append(Message("--grid {grid}: is no power; write e.g. 20MW or 800kW", grid=grid))
    if region not in REGIONS:
        faults.append(Message("--region {region}: is none of {regions}", region=region, regions=", ".join(REGIONS)))
    if faults or found is None:
        raise CaseError(faults)
    power = float(found[1]) / (1000 if (found[2] or "MW").startswith("k") else 1)
    return BlankWanted(own, ("electricity", *(c for c in asked if c != "electricity")), power, region)


def blank(wanted: BlankWanted) -> dict[str, list[Row]]:
    """The rows of each table by its name; of the settings `park` and `goal` rows of key and value."""
    region = REGIONS[wanted.region]
    currency, spent = region.currency, _energy(wanted) * float(region.power_price)
    return {
        "park": [{"key": k, "value": v} for k, v in _settings(wanted, currency).items()],
        "goal": [{"key": "target", "value": "low-carbon"}, {"key": "by", "value": "2032"}],
        "technologies": _technologies(wanted),
        "sites": [{"site": "roofs", "area": _say(wanted.grid * 0.4)}],
        "demand": [_demand("machines", "electricity", _energy(wanted))]
        + [_demand(carrier, carrier, _energy(wanted) * BESIDE[carrier]) for carrier in wanted.carriers[1:]],
        "measures": [_measure(_energy(wanted), currency)],
        "savings": [{"measure": "motors", "demand": "machines", "saving": "0.05"}],
        **_supplies(wanted, region),
        "bills": [_bill("grid", _bought(wanted), _bought(wanted) * float(region.power_price))],
        "tariff": [
            {
                "supply": "grid",
                "item": "energy",
                "months": "6-8",
                "days": "all",
                "hours": "14-21",
                "factor": "1.49",
                "source": EXAMPLE,
            }
        ],
        "costs": [
            {
                "type": "solar-rooftop",
                "parameter": "capital_cost",
                "year": "2026",
                "value": region.pv,
                "unit": f"{currency}/kW",
                "source": EXAMPLE,
            }
        ],
        "budget": [{"year": "2026", "capital": f"{spent:.0f}", "source": EXAMPLE}],
        **_carriers(wanted),
        **_reserves(wanted),
        "profiles": [{"hour": str(h), "day": f"{d:g}", "sun": f"{s:g}"} for h, (d, s) in enumerate(zip(DAY, SUN, strict=True))],
    }


def _energy(wanted: BlankWanted) -> float:
    """Electricity used in a year (MWh)."""
    return USED * wanted.grid * sum(DAY) / len(DAY) * 8760


def _bought(wanted: BlankWanted) -> float:
    """Electricity bought in a year (MWh): what is used, and what the chiller takes."""
    cold = _energy(wanted) * BESIDE["cooling"] if "cooling" in wanted.carriers else 0.0
    return _energy(wanted) + cold * CHILLED


def _peak(energy: float) -> float:
    """The peak (MW) of a demand of so much energy (MWh)."""
    return energy / 8760 / (sum(DAY) / len(DAY))


def _technologies(wanted: BlankWanted) -> list[Row]:
    rows = [
        {
            "technology": "roof-pv",
            "type": "solar-rooftop",
            "existing": "0",
            "max_capacity": _say(wanted.grid * 0.4),
            "profile": "sun",
            "site": "roofs",
            "area": "1",
        },
        {"technology": "battery", "existing": "0", "max_capacity": _say(wanted.grid)},
    ]
    for carrier in wanted.carriers[1:]:
        rows += _makers(carrier, _peak(_energy(wanted) * BESIDE[carrier]))
    return rows


def _supplies(wanted: BlankWanted, region: Region) -> dict[str, list[Row]]:
    """The rows of supplies.csv and prices.csv."""
    limits = {"max_import": _say(wanted.grid), "max_export": "0"}
    rows = [{"supply": "grid", "carrier": "electricity", "kind": "grid", **limits, "scope": "2", "fuel": region.factors}]
    prices = [_price("grid", region.power_price, region.currency, region.power_source)]
    if {"steam", "heat"} & set(wanted.carriers):
        rows.append({"supply": "gas", "carrier": "gas", "kind": "fuel", "scope": "1", "fuel": "natural-gas"})
        prices.append(_price("gas", region.gas_price, region.currency, region.gas_source))
    if "steam" in wanted.carriers:
        lost = {"supply": "waste-heat", "carrier": "waste-heat", "kind": "fuel", "scope": "1", "fuel": "waste-heat"}
        rows.append({**lost, "max_import": _say(_peak(_energy(wanted) * BESIDE["steam"]) * WASTE)})
        prices.append(_price("waste-heat", "0", region.currency, EXAMPLE))
    return {"supplies": rows, "prices": prices}


def _measure(energy: float, currency: str) -> Row:
    cost = f"{energy * 0.05 * 1000 * (1.0 if currency == 'CNY' else 0.15):.0f}"
    return {
        "measure": "motors",
        "capital_cost": cost,
        "fixed_cost": "0",
        "lifetime": "12",
        "title": "Variable speed drives",
        "source": EXAMPLE,
    }


def _settings(wanted: BlankWanted, currency: str) -> dict[str, str]:
    return {
        "name": wanted.name,
        "currency": currency,
        "price_year": "2025",
        "discount_rate": "0.06",
        "base_year": "2025",
        "base_emissions": "",
        "first_year": "2026",
        "last_year": "2035",
        "standard": "reduction-ladder",
        "accounting": "market",
        "region": wanted.region,
        "latitude": "",
        "longitude": "",
        "typical_days": "12",
        "first_weekday": "0",
    }


def _demand(name: str, carrier: str, energy: float) -> Row:
    return {
        "demand": name,
        "carrier": carrier,
        "year": "2025",
        "value": _say(energy),
        "unit": "MWh",
        "profile": "day",
        "source": EXAMPLE,
    }


def _makers(carrier: str, peak: float) -> list[Row]:
    today, kind, later, other = MAKERS[carrier]
    unit = _unit(peak)

    def made(units: int) -> str:
        return _say(unit * units, 4)

    rows = [
        {
            "technology": today,
            "type": kind,
            "existing": made(UNITS + 1),
            "max_capacity": made(UNITS + 2),
            "unit_size": _say(unit),
            "existing_unit": _say(unit),
        },
        {"technology": later, "type": other, "existing": "0", "max_capacity": made(UNITS), "unit_size": _say(unit)},
    ]
    return rows if later else rows[:1]


def _unit(peak: float) -> float:
    """Size of a unit (MW), in two figures: UNITS of them are no less than the peak."""
    step = 10.0 ** (math.floor(math.log10(peak / UNITS)) - 1)
    return math.ceil(peak / UNITS / step) * step


def _carriers(wanted: BlankWanted) -> dict[str, list[Row]]:
    """The rows of carriers.csv: steam so warm that a heat pump can make it; no table where the park has no steam."""
    rows = [{"carrier": "steam", "temperature": "120", "source": EXAMPLE}]
    return {"carriers": rows} if "steam" in wanted.carriers else {}


def _reserves(wanted: BlankWanted) -> dict[str, list[Row]]:
    """The rows of reserves.csv; no table where the park has none of the carriers."""
    rows = [{"carrier": c, "largest_out": "1", "source": EXAMPLE} for c in wanted.carriers if c in HELD]
    return {"reserves": rows} if rows else {}


def _bill(supply: str, energy: float, cost: float) -> Row:
    return {"supply": supply, "year": "2025", "value": _say(energy), "unit": "MWh", "cost": f"{cost:.0f}", "source": EXAMPLE}


def _price(supply: str, value: str, currency: str, source: str) -> Row:
    return {
        "supply": supply,
        "item": "energy",
        "year": "2025",
        "value": value,
        "unit": f"{currency}/MWh",
        "source": f"{EXAMPLE} ({source})",
    }


def _say(value: float, figures: int = 3) -> str:
    """So many figures, without an exponent."""
    return f"{float(f'{value:.{figures}g}'):.10g}"
