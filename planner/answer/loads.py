"""What a park uses, pays and was billed, as it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, Demand, Supply
from models.inputs.boundary import ranges
from models.inputs.calendar import DAYS_OF_MONTH
from models.inputs.finance import over_years
from models.units import factor, yearly_factor
from planner.language.language import mark
from planner.tables.schema import TABLES

# --- loads -----------------------------------------------------------------------------------------------------------------

#: A working day is quiet below this share of the median of so many working days around it; more than MOST_QUIET are no holidays.
QUIET, NEAR, MOST_QUIET = 0.6, 41, 60
#: Below this load factor it is the weather that leaves days quiet, and no holiday is told.
SEASONAL = 0.3
HOURS = 8760
ELECTRICITY = "electricity"
#: Kinds of days of prices: of a tariff, and of a profile.
KINDS = {2: (mark("workdays"), mark("weekends")), 3: (mark("workdays"), mark("Saturdays"), mark("Sundays"))}
#: Of more prices a profile is of a market and no tariff.
MOST_PRICES = 26


def quiet_days(days: np.ndarray, dates: pd.DatetimeIndex) -> list[str]:
    """Working days on which little is used, as text: holidays and shutdowns that the meter shows. None is told where many are."""
    working = pd.Series(days, dates)[dates.day_of_week < 5]
    usual = working.rolling(NEAR, center=True, min_periods=NEAR // 2).median()
    quiet = working.index[working < QUIET * usual]
    if not len(quiet) or len(quiet) > MOST_QUIET:
        return []
    runs = [[quiet[0], quiet[0]]]
    for day in quiet[1:]:
        if (day - runs[-1][1]).days <= (3 if runs[-1][1].day_of_week == 4 else 1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return [f"{a:%Y-%m-%d}" if a == b else f"{a:%Y-%m-%d} – {b:%m-%d}" for a, b in runs]


def hours_of(case: Case) -> dict[str, tuple[Demand, np.ndarray]]:
    """Each demand by name: its first row, and its power in the hours of that row's year (8760,) [MW]. A profile of some days is
    repeated."""
    found = dict[str, tuple[Demand, np.ndarray]]()
    for demand in case.demand:
        shape = np.resize(np.asarray(case.profiles[demand.profile], dtype=float), HOURS) if demand.profile else np.ones(HOURS)
        values = shape * demand.value * yearly_factor(demand.unit, "MWh") / shape.sum()
        found.setdefault(demand.demand, (demand, values))
    return found


def load_factor(values: np.ndarray) -> float:
    """Mean by highest; 0 of a load that is 0."""
    return float(values.mean() / values.max()) if values.max() > 0 else 0.0


def quiet_of(case: Case, values: np.ndarray) -> list[str]:
    """Month and day of the working days with little use, by the park's own calendar; none of what the weather leaves quiet."""
    if load_factor(values) < SEASONAL:
        return []
    start = next(date(y, 1, 1) for y in range(2001, 2029) if y % 4 and date(y, 1, 1).weekday() == case.park.first_weekday)
    dates = pd.DatetimeIndex([pd.Timestamp(start + timedelta(days=d)) for d in range(365)])
    return [text[5:].replace(f"{start.year}-", "") for text in quiet_days(values.reshape(365, 24).sum(axis=1), dates)]


def prices_of(case: Case, supply: Supply, item: str = "energy") -> np.ndarray | None:
    """Prices of the base year [money/MWh] by month, kind of day and hour; None without a price.

    (12, 2, 24) of workdays and weekends by the tariff, or, where the prices are a profile, (12, 3, 24) of workdays, Saturdays and
    Sundays, each the median of such hours.
    """
    rows = [p for p in case.prices if p.supply == supply.supply and p.item == item]
    if not rows or supply.carrier == "co2":
        return None
    points = [(p.year, p.value * factor(p.unit, "money/MWh", case.park.currency)) for p in rows]
    price = over_years(points, [case.park.base_year])[case.park.base_year]
    if rows[0].profile:
        return _of_profile(case, rows[0].profile) * price
    factors = np.ones((12, 2, 24))
    for row in reversed([r for r in case.tariff if (r.supply, r.item) == (supply.supply, item)]):
        months, hours = sorted(ranges(row.months, 1, 12)), sorted(ranges(row.hours, 0, 23))
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        factors[np.ix_([m - 1 for m in months], days, hours)] = row.factor
    return factors * price


def _of_profile(case: Case, profile: str) -> np.ndarray:
    """(12, 3, 24) medians of a profile."""
    days = np.resize(np.asarray(case.profiles[profile], dtype=float), HOURS).reshape(365, 24)
    months = np.repeat(np.arange(12), DAYS_OF_MONTH)
    kinds = np.clip((case.park.first_weekday + np.arange(365)) % 7 - 4, 0, 2)
    return np.array([[np.median(days[(months == m) & (kinds == k)], axis=0) for k in range(3)] for m in range(12)])


def has_tariff(case: Case, supply: Supply) -> bool:
    """True where its prices differ by hours, by a tariff or by a profile of few prices."""
    if any(row.supply == supply.supply and row.item == "energy" for row in case.tariff):
        return True
    prices = prices_of(case, supply) if any(p.supply == supply.supply and p.profile for p in case.prices) else None
    return prices is not None and 1 < len(np.unique(np.round(prices, 6))) <= MOST_PRICES


def loads_of(case: Case) -> dict[str, Any]:
    """For run.json: demands, the largest first, and bills. Nothing of a park whose profiles are no calendar year."""
    if case.hours != HOURS or not any(demand.profile for demand in case.demand):
        return {}
    carriers = {s.supply: s.carrier for s in case.supplies}
    demands = sorted(hours_of(case).items(), key=lambda item: -float(item[1][1].sum()))
    return {
        "demands": [
            {
                "demand": name,
                "carrier": demand.carrier,
                "year": demand.year,
                "energy": round(float(values.sum()), 3),
                "lowest": float(f"{values.min():.6g}"),
                "highest": float(f"{values.max():.6g}"),
                "load_factor": round(load_factor(values), 4),
                "quiet": quiet_of(case, values),
            }
            for name, (demand, values) in demands
        ],
        "bills": [
            {
                "supply": bill.supply,
                "carrier": carriers[bill.supply],
                "year": bill.year,
                "energy": round(bill.value * yearly_factor(bill.unit, "MWh"), 3),
                "cost": bill.cost,
            }
            for bill in case.bills
        ],
    }


def tariffs_table(case: Case) -> pd.DataFrame:
    """tariffs.csv: the hours of a day of each kind of months and days with prices of their own, of supplies with a tariff."""
    rows = list[tuple[str, str, str, int, float]]()
    for s in case.supplies if case.hours == HOURS else ():
        prices = prices_of(case, s) if has_tariff(case, s) else None
        alike: dict[tuple[float, ...], dict[str, list[int]]] = {}
        for month, own in enumerate(() if prices is None else prices.round(6).tolist()):
            kinds = dict(zip(KINDS[len(own)], map(tuple, own), strict=True))
            for day, hours in {"all": kinds["workdays"]}.items() if len({*kinds.values()}) == 1 else kinds.items():
                alike.setdefault(hours, {}).setdefault(day, []).append(month + 1)
        for hours, days in alike.items():
            for day, months in days.items():
                rows += [(s.supply, _runs(months), day, hour, price) for hour, price in enumerate(hours)]
    return pd.DataFrame(rows, columns=list(TABLES["tariffs"].names))


def _runs(months: list[int]) -> str:
    """Months as ranges: `1–2, 6–8`."""
    runs = list[list[int]]()
    for month in months:
        if runs and month == runs[-1][-1] + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


# --- green power -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GreenPower:
    r"""green_power.csv: electricity, and what of it is green, by where it comes from and by the hour of its use.

    .. math:: m^{own}_y = \sum_t w_t \min(u_t, g_t) \qquad m_y = \sum_t w_t \min(u_t, g_t + c_t)

    u  taken by demands and equipment   MW (t)      g  of green plants and contracts with a line of their own   MW (t)
    c  of other green contracts as they generate   MW (t)

    What stores carry into other hours is left out of m^own, and of m where no rule and no tenant asks for power by its hour: the
    flow `matched` of dispatch.parquet, which follows stores, is m where there is one.
    """

    plants: frozenset[str]
    lines: frozenset[str]
    generating: frozenset[str]
    contracts: frozenset[str]

    @classmethod
    def of(cls, case: Case) -> GreenPower:
        """Green plants of a park; supplies of green electricity: with a line of their own, as they generate, and all others."""
        types = {t.type for t in case.types if t.green}
        green = [s for s in case.supplies if s.carrier == ELECTRICITY and s.green_share == 1]
        generating = {s.supply for s in green if s.profile and s.contract_max is not None}
        lines = {s.supply for s in green if s.supply in generating and s.direct}
        plants = (t.technology for t in case.technologies if t.type_name in types)
        return cls(*map(frozenset, (plants, lines, generating - lines, {s.supply for s in green} - lines)))

    def by_hour(self, flows: pd.DataFrame) -> dict[str, float]:
        """What is used in the hours of a year, and what of it green power of its hour covers (MWh)."""
        flows = flows[flows["carrier"] == ELECTRICITY]
        flow, name, hour = flows["flow"], flows["name"], flows["hour"].to_numpy()
        weight = np.zeros(int(hour.max()) + 1 if len(hour) else 0)
        weight[hour] = flows["weight"].to_numpy()

        def hours(chosen: pd.Series) -> np.ndarray:
            own = chosen.to_numpy()
            return np.bincount(hour[own], flows["value"].to_numpy()[own], len(weight))

        use, bought, matched = hours(flow.isin(["demand", "in"])), flow == "import", hours(flow == "matched")
        own = hours(((flow == "out") & name.isin(self.plants)) | (bought & name.isin(self.lines)))
        both = np.minimum(use, own + hours(bought & name.isin(self.generating)))
        found = {"hourly_use": use, "matched_own": np.minimum(use, own), "matched": matched if matched.any() else both}
        return {item: float(weight @ values) for item, values in found.items()}

    def table(self, tables: Mapping[str, pd.DataFrame], by_hour: Mapping[int, Mapping[str, float]]) -> pd.DataFrame:
        """All rows; `by_hour`: year -> what `by_hour` finds in its flows."""
        imports = tables["energy"][tables["energy"]["flow"] == "import"]
        bought = {
            item: imports[imports["name"].isin(names)].groupby("year")["value"].sum()
            for item, names in (("direct_contracts", self.lines), ("contracts", self.contracts))
        }
        rows = list[tuple[int, str, float]]()
        for year, told in by_hour.items():
            own = tables["emissions"][tables["emissions"]["year"] == year].set_index("item")["value"]
            rows += [(year, item, float(own[item])) for item in ("electricity_used", "direct_green", "certified")]
            rows += [(year, item, float(values.get(year, 0.0))) for item, values in bought.items()]
            rows += [(year, *row) for row in told.items()]
        return pd.DataFrame(rows, columns=["year", "item", "value"]).assign(unit="MWh")
