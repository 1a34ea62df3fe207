"""Random small parks that buy by contract: connections, as-generated contracts, yearly fees, least energies."""

from __future__ import annotations

from parks import Draft
from random_parks import Dice, random_park

from models.case import ParkRule, Price

#: Apart from the seeds of the parks themselves.
SEED = 5000


def contract_park(seed: int) -> Draft:
    """A random park whose grid stands behind a connection with other ways to buy power."""
    dice, park = Dice(SEED + seed), random_park(seed)
    park.rows["supplies"] = [
        s.model_copy(update={"connection": "bay"}) if s.supply == "grid" else s for s in park.rows["supplies"]
    ]
    size = {"max_import": 12.0} if dice.often() else {
        "capital_cost": dice.between(1e3, 1e5), "lifetime": 20, "existing": dice.between(0.0, 3.0), "max_capacity": 15.0
    }  # fmt: skip
    park.connection("bay", scheme_years=int(dice.random.integers(1, 4)), **size)
    if dice.often():
        park.price("bay", "demand_charge", dice.between(500, 5000), "CNY/MW/month")
    if dice.often(0.3):
        park.price("bay", "capacity_charge", dice.between(500, 5000), "CNY/MW/month")
    if dice.often(0.8):
        park.supply(
            "wind-farm", price=dice.between(20, 110), connection="bay", profile=park.profile("farm", dice.shape(0.0, 1.0)),
            contract_max=dice.between(0.5, 3.0), take=dice.between(0.1, 1.0), green_share=1.0, direct=int(dice.often()),
            prices={"fixed": dice.between(1e3, 5e4)} if dice.often() else {},
            **({"min_year": dice.between(1e3, 9e3)} if dice.often() else {}),
        )  # fmt: skip
    if dice.often(0.6):
        park.supply("heat-line", "heat", price=dice.between(20, 60), scope=2, kind="fuel", max_import=dice.between(0.2, 1.0),
                    factor=dice.between(0.0, 0.2), prices={"fixed": dice.between(1e3, 5e4)},
                    **({"min_year": dice.between(1e2, 3e3)} if dice.often() else {}))  # fmt: skip
    has_schemes = dice.often(0.6)
    if has_schemes:
        _schemes(park, dice)
    for metric, sense, low, high in (
        ("export_share", "<=", 0.1, 0.4), ("curtailed_share", "<=", 0.2, 0.6), ("self_use_share", ">=", 0.1, 0.4),
    ):  # fmt: skip
        if dice.often(0.3):
            park.add(ParkRule(rule="law", metric=metric, sense=sense, limit=dice.between(low, high)))
    if dice.often(0.5):
        park.add(ParkRule(rule="budget", metric="cumulated_net", sense="<=", limit=dice.between(5e3, 2e4)))
    for scheme in ("", "flat", "two-part") if has_schemes else ("",):
        if dice.often():
            park.add(Price(supply="bay", item="fixed", scheme=scheme, value=dice.between(1e3, 1e5), unit="CNY/year"))
    return park


def _schemes(park: Draft, dice: Dice) -> None:
    """Two schemes: of charges, and of supplies."""
    for scheme in ("flat", "two-part"):
        if dice.often(0.7):
            item = "demand_charge" if dice.often() else "capacity_charge"
            park.add(Price(supply="bay", item=item, scheme=scheme, value=dice.between(500, 5000), unit="CNY/MW/month"))
        if dice.often(0.7):
            park.supply(scheme, price=dice.between(40, 120), max_import=dice.between(1.0, 6.0), factor=dice.between(0.0, 0.6),
                        connection="bay", scheme=scheme)  # fmt: skip
