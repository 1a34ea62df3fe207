"""Random small parks of which a part of each demand may move or be shed."""

from typing import Any

from parks import Draft
from random_parks import Dice, random_park


def moving_park(seed: int) -> Draft:
    """The random park of a seed with demand that moves, is shed, is paid to stand ready, or all of it; figures of the last year may be others."""
    park, dice = random_park(seed), Dice(10_000 + seed)
    own = {u: flexible(dice) for u in dict.fromkeys(row.demand for row in park.rows["demand"])}
    last = max(row.year or 0 for row in park.rows["demand"])
    for i, row in enumerate(park.rows["demand"]):
        told = dict(own[row.demand])
        if row.year == last > 0 and dice.often(0.3):
            told |= {column: round(0.5 * told[column], 3) for column in ("shift_share", "shed_share")}
        park.rows["demand"][i] = row.model_copy(update=told)
    for u, told in own.items():
        left = 1 - told["shift_share"] - told["shed_share"]
        if dice.often(0.5):
            limit = {"max_offer": dice.between(0.05, 2)} if dice.often(0.3) else {}
            park.response(u, round(left * dice.between(0.2, 1), 3),
                {2026: dice.between(0, 9000), last or 2027: dice.between(0, 9000)}, f"call of {u}", calls=dice.between(0, 60),
                call_cost=dice.between(0, 200), firm=int(dice.often()), call_price=dice.between(0, 60), **limit)
    return park


def flexible(dice: Dice) -> dict[str, Any]:
    """Columns of one demand."""
    told: dict[str, Any] = {"shift_share": 0.0, "shed_share": 0.0}
    if dice.often(0.8):
        told |= {"shift_share": dice.between(0.05, 0.9), "shift_hours": int(dice.random.integers(1, 4))}
        told |= {"shift_cost": dice.between(1, 30)} if dice.often(0.4) else {}
        told |= {"shift_power": dice.between(1, 2)} if dice.often(0.5) else {}
    if dice.often(0.5):
        told |= {"shed_share": dice.between(0.01, 0.1), "shed_price": dice.between(50, 3000), "firm_shed": int(dice.often())}
        told |= {"shed_hours": dice.between(100, 4000)} if dice.often(0.5) else {}
    return told
