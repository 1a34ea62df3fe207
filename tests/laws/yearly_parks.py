"""Random parks with every feature in which costs and profiles follow the years: annuities, fixed costs that each order keeps, costs
below 0, orders that are signed, profiles that have another column from a year on."""

import numpy as np
from full_parks import HOURS, full_park
from parks import Draft
from random_parks import FIRST

from models.case import Committed, Cost, ProfileYear

#: Converters and stores of `full_park` that have a limit: what they are paid for is bounded.
LIMITED = ("pv", "wind", "heat-pump", "chp", "wood-boiler", "battery", "tank")


def yearly_park(seed: int) -> Draft:
    """The park of a seed."""
    park, random = full_park(seed), np.random.default_rng([seed, 3])
    last = park.park.last_year
    for name in [t.technology for t in park.rows["technologies"]]:
        _costs(park, random, name, last)
    _profiles(park, random, last)
    return park


def _costs(park: Draft, random: np.random.Generator, name: str, last: int) -> None:
    own = {c.parameter: c for c in park.rows["costs"] if c.type == name}
    if "capital_cost" not in own:
        if "fixed_cost" in own and random.random() < 0.4:
            _by_order(park, random, name, last)
        return
    lifetime, is_limited = own["lifetime"].value, name in LIMITED
    if random.random() < 0.3:  # an annuity in place of the capital
        unit, price = own["capital_cost"].unit, own["capital_cost"].value
        park.rows["costs"] = [c for c in park.rows["costs"] if (c.type, c.parameter) != (name, "capital_cost")]
        yearly = round(price / lifetime * random.uniform(0.5, 1.5), 1)
        for y, value in ((FIRST - 2, yearly), (last, round(yearly * random.uniform(0.5, 1.5), 1))):
            park.add(Cost(type=name, parameter="annuity", year=y, value=value, unit=f"{unit}/year"))
    elif is_limited and random.random() < 0.15:
        park.rows["costs"] = [
            c.model_copy(update={"value": round(-0.1 * c.value, 1)}) if (c.type, c.parameter) == (name, "capital_cost") else c
            for c in park.rows["costs"]]
    if "fixed_cost" in own and random.random() < 0.5:
        _by_order(park, random, name, last)
    elif is_limited and "fixed_cost" not in own and random.random() < 0.2:
        unit = f"CNY/{'MWh' if name in ('battery', 'tank') else 'MW'}/year"
        park.add(Cost(type=name, parameter="fixed_cost", value=-round(random.uniform(10, 3000)), unit=unit))
    if is_limited and "variable_cost" not in own and random.random() < 0.3:
        park.add(Cost(type=name, parameter="variable_cost", value=-round(random.uniform(0.5, 15), 1), unit="CNY/MWh"))
    row = next(t for t in park.rows["types"] if t.type == name)
    technology = next(t for t in park.rows["technologies"] if t.technology == name)
    is_sized = row.min_build or row.unit_size or technology.min_build or technology.unit_size
    if "project_cost" in own and is_sized and random.random() < 0.4:
        park.rows["costs"] = [c.model_copy(update={"value": -c.value}) if (c.type, c.parameter) == (name, "project_cost") else c
            for c in park.rows["costs"]]
    if random.random() < 0.25:
        year = int(random.integers(FIRST - 2, last + 1))
        park.add(Committed(technology=name, year=year, build=round(random.uniform(0.1, 0.4), 2)))


def _by_order(park: Draft, random: np.random.Generator, name: str, last: int) -> None:
    """Each order keeps the fixed cost of its year, which rises or falls."""
    rows = [c for c in park.rows["costs"] if (c.type, c.parameter) == (name, "fixed_cost")]
    park.rows["costs"] = [c for c in park.rows["costs"] if c not in rows]
    for y, factor in ((FIRST - 2, random.uniform(0.3, 3)), (last, random.uniform(0.3, 3))):
        value = round(rows[0].value * factor, 1)
        park.add(rows[0].model_copy(update={"year": y, "value": value, "basis": "order"}))


def _profiles(park: Draft, random: np.random.Generator, last: int) -> None:
    """Profiles have the values of other columns from a year on, some of them in the first year already."""
    for name in list(park.profiles):
        if random.random() > 0.4:
            continue
        own = park.profiles[name]
        top = 1.0 if name in ("sun", "wind") else 3.0
        for i in range(int(random.integers(1, 3))):
            values = np.clip(own * random.uniform(0.5, 1.3, HOURS), 0.0, top).round(3)
            if values.max() <= 0:
                continue
            column = park.profile(f"{name} {i}", values.tolist())
            year = int(random.integers(FIRST, last + 1))
            if not any((r.profile, r.year) == (name, year) for r in park.rows["profile_years"]):
                park.add(ProfileYear(profile=name, year=year, column=column))
