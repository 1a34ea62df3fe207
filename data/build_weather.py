"""Two more years of weather for the steppe example, made of the year that it has.

    python data/build_weather.py

rewrites variants/steppe/futures/profiles.csv from parks/steppe/profiles.csv. Nothing but the fixed seeds is random: two runs give
the same bytes.

A year is made by a moving-block bootstrap (Künsch, 1989): blocks of five days in a row, each begun within 20 days of its date, so
that seasons and spells stay; sun, wind and the cooling of the servers are taken together. Then the wind is brought to another mean
by 1 - (1 - a)^k, which keeps it within 0 and 1: in the calm year 8 % less, in the windy one 6 % more, as far as years differ at a
good site (general knowledge, unverified). These are not measured years: they show what years of weather are for.
"""

from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent
#: Name of a year -> seed, and mean of the wind as a share of that of the park's own year.
YEARS = {"calm": (1, 0.92), "windy": (2, 1.06)}
BLOCK, NEAR, DAYS = 5, 20, 365


def days_of(seed: int) -> np.ndarray:
    """Which day of the park's own year stands on each day."""
    dice, found = np.random.default_rng(seed), []
    while len(found) < DAYS:
        first = len(found) + int(dice.integers(-NEAR, NEAR + 1))
        found += [(first + i) % DAYS for i in range(BLOCK)]
    return np.array(found[:DAYS])


def at_mean(availability: np.ndarray, mean: float) -> np.ndarray:
    """The availability with another mean."""
    low, high = 0.2, 5.0
    for _ in range(60):
        k = (low + high) / 2
        low, high = (k, high) if (1 - (1 - availability) ** k).mean() < mean else (low, k)
    return 1 - (1 - availability) ** low


def main() -> None:
    own = pd.read_csv(DATA / "parks" / "steppe" / "profiles.csv")
    made = {"hour": own["hour"]}
    for name, (seed, share) in YEARS.items():
        hours = (days_of(seed)[:, None] * 24 + np.arange(24)).ravel()
        for column in ("solar_field", "wind_field", "servers"):
            values = own[column].to_numpy()[hours]
            if column == "wind_field":
                values = at_mean(values, share * own[column].mean())
            elif column == "servers":
                values = values / values.mean()
            made[f"{column}_{name}"] = (values + 0.0).round(4)
    pd.DataFrame(made).to_csv(DATA / "variants" / "steppe" / "futures" / "profiles.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
