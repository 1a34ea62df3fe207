"""Random small parks with vehicles: a random park of a day, with one or two groups of chargers and a few rows of sessions."""

import numpy as np
from parks import Draft
from random_parks import FIRST, Dice, random_park

SEED = 7_000


def vehicle_park(seed: int) -> Draft:
    """The park of a seed."""
    dice, park = Dice(SEED + seed), random_park(seed)
    park.hours = 24
    park.profiles = {name: np.repeat(values, 6) for name, values in park.profiles.items()}
    for i, kind in enumerate(park.rows["types"]):
        if kind.ramp:
            park.rows["types"][i] = kind.model_copy(update={"ramp": None})
    park.chargers("depot", fleet=dice.series(0.5, 2.0, park.park.last_year), flexible=int(dice.often(0.9)), **_limit(dice, 6.0))
    for _ in range(int(dice.random.integers(1, 4))):
        _session(park, dice, "depot")
    if dice.often():
        park.chargers("cars", efficiency=dice.between(0.8, 1.0))
        _session(park, dice, "cars", number=int(dice.random.integers(1, 4)))
    return park


def _limit(dice: Dice, most: float) -> dict[str, float]:
    if dice.often():
        return {"capital_cost": dice.between(1e3, 1e5), "lifetime": 3, "max_capacity": 4 * most}
    return {"max_power": most} if dice.often() else {}


def _session(park: Draft, dice: Dice, name: str, **fields: float) -> None:
    start, stay, power = dice.random.uniform(0, 24), dice.random.uniform(1, 16), dice.between(0.1, 0.4)
    times = [f"{int(h % 24):02d}:{int(60 * (h % 1)):02d}" for h in (start, start + stay)]
    park.session(*times, float(f"{power * (stay - 0.1) * dice.random.uniform(0.2, 0.95):.3g}"), power, name, **fields)


__all__ = ["FIRST", "vehicle_park"]
