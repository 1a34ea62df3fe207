"""Random small parks with a works behind links: by year, signed, kept, in lines, and over a junction with nothing in it."""

from typing import Any

from parks import Draft
from random_parks import FIRST, Dice, random_park

from models.case import Committed, Limit
from models.case.case import Orders

#: Apart from the seeds of the parks themselves.
SEED = 9000


def link_park(seed: int) -> Draft:
    """A random park with motors in a works, which has a dear supply of its own."""
    dice, park = Dice(SEED + seed), random_park(seed)
    last = park.park.last_year
    park.demand("motors", zone="works", mwh=dice.series(2e3, 1.2e4, last), profile=park.profile("shift", dice.shape(0.5, 1.5)))
    park.supply("dear", price=dice.series(120, 400, last), zone="works", factor=dice.between(0.0, 0.6), tce_per_mwh=0.12)
    if dice.often(0.4):
        for name, ends in (("first", ("park", "yard")), ("second", ("yard", "works"))):
            _link(park, dice, last, name, ends)
    else:
        _link(park, dice, last, "line", ("park", "works"))
    if dice.often(0.3):
        park.demand("halls", "heat", zone="works", mwh=dice.series(1e3, 5e3, last))
        park.supply("oil", "oil", price=dice.between(60, 150), zone="works", factor=0.27, tce_per_mwh=0.12)
        park.converter("stove", {"oil": -1.1, "heat": 1.0}, capital_cost=dice.between(1e4, 5e4), lifetime=9, zone="works")
        _link(park, dice, last, "pipe", ("park", "works"), "heat")
    if dice.often(0.3):
        years = tuple(y for y in range(FIRST, last + 1) if dice.often(0.7)) or (last,)
        park.park = park.park.model_copy(update={"orders": Orders(years=years)})
    return park


def _link(park: Draft, dice: Dice, last: int, name: str, ends: tuple[str, str], carrier: str = "electricity") -> None:
    existing = dice.between(0.2, 2.0) if dice.often(0.6) else 0.0
    own: dict[str, Any] = {"existing": existing, "loss": dice.between(0, 0.08), "both_ways": int(dice.often()),
        "lifetime": int(dice.random.integers(1, 20)), "capital_cost": dice.between(1e4, 6e5),
        "fixed_cost": dice.between(0, 5e4) if dice.often(0.7) else 0.0}
    if dice.often(0.5):
        own["keep"] = dice.between(0.0, existing)
    if dice.often(0.4):
        own["existing_unit"] = dice.between(0.2, 1.0)
    if dice.often(0.3):
        own["retirement_cost"] = dice.between(1e3, 3e4)
    if dice.often(0.3):
        own["max_build"] = dice.between(0.2, 2.0)
    if dice.often(0.7):
        own["max_capacity"] = existing + dice.between(0.5, 3.0)
        own["partial_retirement"] = int(dice.often())
        if dice.often(0.4):
            own["min_build"] = dice.between(0.2, 1.0)
        if dice.often(0.3):
            own["project_cost"] = dice.between(1e3, 5e4)
    park.link(name, *ends, carrier, **own)
    signed = [_signed(park, dice, name, y) for y in range(FIRST - 2, last + 1) if dice.often(0.25)]
    room = existing + sum(signed)
    for item, low, high in (("max_capacity", 0.0, 3.0), ("max_build", 0.0, 2.0)):
        if item in own and dice.often(0.4):
            least = room if item == "max_capacity" else 0.0
            for y in (FIRST, last):
                park.add(Limit(technology=name, item=item, year=y, value=least + dice.between(low, high)))
        elif item == "max_capacity" and item in own:
            row = park.rows["links"][-1]
            park.rows["links"][-1] = row.model_copy(update={"max_capacity": own["max_capacity"] + room})
    if existing and "existing_unit" not in own and dice.often(0.4):
        park.add(Limit(technology=name, item="existing", year=last, value=dice.between(0.0, existing)))
    if dice.often(0.3) and "max_build" not in own and not own.get("min_build"):
        park.add(Limit(technology=name, item="min_capacity", year=last, value=dice.between(0.0, 0.5)))


def _signed(park: Draft, dice: Dice, name: str, year: int) -> float:
    paid = dice.between(1e4, 5e5) if dice.often() else None
    order = Committed(technology=name, year=year, build=dice.between(0.1, 1.0), capital_cost=paid)
    park.add(order)
    return order.build
