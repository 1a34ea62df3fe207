"""Random small parks that buy by contract: connections, as-generated contracts, yearly fees, least energies; and such parks bound
from all sides: signed orders, limits by year, reserves, least orders and spacing, old plants in units, a goal that binds; or
operated with any one unit out, with contracts that cost nothing until something is taken.
"""

from parks import Draft
from random_parks import FIRST, Dice, random_park

from models.case import Committed, Cost, Limit, ParkRule, Price, Reserve, StageRule

#: Apart from the seeds of the parks themselves.
SEED, BOUND, STANDBY = 5000, 9000, 13_000


def contract_park(seed: int) -> Draft:
    """A random park whose grid stands behind a connection with other ways to buy power."""
    dice, park = Dice(SEED + seed), random_park(seed)
    park.rows["supplies"] = [s.model_copy(update={"connection": "bay"}) if s.supply == "grid" else s for s in park.rows["supplies"]]
    size = ({"max_import": 12.0} if dice.often()
        else {"capital_cost": dice.between(1e3, 1e5), "lifetime": 20, "existing": dice.between(0.0, 3.0), "max_capacity": 15.0})
    park.connection("bay", scheme_years=int(dice.random.integers(1, 4)), **size)
    if dice.often():
        park.price("bay", "demand_charge", dice.between(500, 5000), "CNY/MW/month")
    if dice.often(0.3):
        park.price("bay", "capacity_charge", dice.between(500, 5000), "CNY/MW/month")
    if dice.often(0.8):
        park.supply("wind-farm", price=dice.between(20, 110), connection="bay", profile=park.profile("farm", dice.shape(0.0, 1.0)),
            contract_max=dice.between(0.5, 3.0), take=dice.between(0.1, 1.0), green_share=1.0, direct=int(dice.often()),
            prices={"fixed": dice.between(1e3, 5e4)} if dice.often() else {},
            **({"min_year": dice.between(1e3, 9e3)} if dice.often() else {}))
    if dice.often(0.6):
        park.supply("heat-line", "heat", price=dice.between(20, 60), scope=2, kind="fuel", max_import=dice.between(0.2, 1.0),
            factor=dice.between(0.0, 0.2), prices={"fixed": dice.between(1e3, 5e4)},
            **({"min_year": dice.between(1e2, 3e3)} if dice.often() else {}))
    has_schemes = dice.often(0.6)
    if has_schemes:
        _schemes(park, dice)
    for metric, sense, low, high in (("export_share", "<=", 0.1, 0.4), ("curtailed_share", "<=", 0.2, 0.6),
        ("self_use_share", ">=", 0.1, 0.4)):
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
                connection="bay", scheme=scheme)


def bound_park(seed: int) -> Draft:
    """A random park, with contracts or without, bound from all sides. Not every one can reach its goal."""
    dice = Dice(BOUND + seed)
    park = contract_park(seed) if dice.often(0.6) else random_park(seed)
    _old(park, dice)
    _orders(park, dice)
    _limited(park, dice)
    _signed(park, dice)
    for carrier in ("electricity", "heat"):
        if dice.often(0.35):
            park.add(Reserve(carrier=carrier, margin=dice.between(0.0, 0.4), largest_out=int(dice.often(0.3))))
    if dice.often(0.6):
        _goal(park, dice)
    return park


def standby_park(seed: int) -> Draft:
    """A random park of whole days that is operated with any one unit out. Most carriers may also be bought by a contract that
    costs nothing until something is taken."""
    dice, park = Dice(STANDBY + seed), contract_park(seed)
    park.hours = 24
    for name, values in park.profiles.items():
        park.profile(name, values)
    for carrier, zone in sorted({row.carrier: row.zone for row in park.rows["demand"]}.items()):
        park.add(Reserve(carrier=carrier, largest_out=1, operated=1, margin=dice.between(0.0, 0.1) if dice.often(0.3) else 0.0))
        shape, most = park.profile(f"spare {carrier}", dice.random.uniform(0.3, 1.0, 24).tolist()), dice.between(0.3, 4.0)
        if dice.often(0.8):
            price = dice.between(50, 3000)
            park.supply(f"spare {carrier}", carrier, price, zone=zone, max_import=None, profile=shape, contract_max=most, take=0.0)
    return park


def _goal(park: Draft, dice: Dice) -> None:
    """A goal that binds: on gross emissions, in most parks without certificates and credits, which would meet it at a price."""
    gone = ("certificates", "offsets") if dice.often(0.7) else ()
    for table in gone:
        park.rows[table] = []
    kept = ("gross_ratio", "net_ratio") if gone else ("gross_ratio",)
    park.rows["stages"] = [row for row in park.rows["stages"] if row.metric not in kept]
    limit = dice.between(0.4, 1.1) if gone else dice.between(0.05, 0.9)
    park.add(StageRule(standard="pencil", stage="zero-carbon", order=3, metric="gross_ratio", sense="<=", limit=limit))


def _changed(park: Draft, name: str, **fields: object) -> None:
    park.rows["technologies"] = [
        row.model_copy(update=fields) if row.technology == name else row for row in park.rows["technologies"]]


def _priced(park: Draft) -> list[str]:
    """Technologies that may be ordered."""
    priced = {cost.type for cost in park.rows["costs"] if cost.parameter == "capital_cost"}
    return [row.technology for row in park.rows["technologies"] if row.technology in priced]


def _old(park: Draft, dice: Dice) -> None:
    """What stands is dear to keep or to take down, in units, in part to be kept, and falls or ends; it may be ordered again."""
    if dice.often():
        park.rows["costs"] = [row for row in park.rows["costs"] if (row.type, row.parameter) != ("boiler", "fixed_cost")]
        park.add(Cost(type="boiler", parameter="fixed_cost", value=10 ** dice.between(3, 8), unit="CNY/MW/year"))
    if dice.often(0.3):
        park.add(Cost(type="boiler", parameter="retirement_cost", value=dice.between(1e3, 5e4), unit="CNY/MW"))
    if dice.often(0.4):
        _changed(park, "boiler", existing_unit=dice.between(0.2, 1.0))
    elif dice.often(0.3):
        _changed(park, "boiler", keep=dice.between(0.1, 0.5))
    stands = next(row.existing for row in park.rows["technologies"] if row.technology == "boiler")
    if dice.often(0.3):
        last = park.park.last_year
        park.add(Limit(technology="boiler", year=FIRST, item="existing", value=stands),
            Limit(technology="boiler", year=last, item="existing", value=round(stands * dice.between(0.0, 0.9), 3)))
    elif dice.often(0.3):
        _changed(park, "boiler", existing_until=FIRST)
    if dice.often(0.4):
        park.add(Cost(type="boiler", parameter="capital_cost", value=dice.between(2e4, 2e5), unit="CNY/MW"),
            Cost(type="boiler", parameter="lifetime", value=15, unit="year"))
        _changed(park, "boiler", max_build=dice.between(0.3, 2.0))


def _orders(park: Draft, dice: Dice) -> None:
    """Least orders, units, spacing, and retirement in whole, of some technologies that may be ordered."""
    for name in _priced(park):
        if not dice.often(0.4):
            continue
        row = next(row for row in park.rows["technologies"] if row.technology == name)
        own: dict[str, object] = {} if row.max_capacity or row.max_build else {"max_capacity": 6.0}
        if dice.often():
            own |= {"min_build": dice.between(0.1, 0.8)} if dice.often() else {"unit_size": dice.between(0.2, 0.9)}
        if dice.often(0.3):
            own["order_spacing"] = int(dice.random.integers(1, 4))
        if dice.often(0.3):
            own["partial_retirement"] = 0
        if dice.often(0.3) and not any(c.type == name and c.parameter == "project_cost" for c in park.rows["costs"]):
            park.add(Cost(type=name, parameter="project_cost", value=dice.between(1e3, 2e5), unit="CNY"))
        _changed(park, name, **own)


def _limited(park: Draft, dice: Dice) -> None:
    """Limits by year of what may be ordered or may stand, and what must."""
    last = park.park.last_year
    for name in _priced(park):
        if dice.often(0.25):
            park.add(Limit(technology=name, year=FIRST, item="max_build", value=dice.between(0.5, 2.0)),
                Limit(technology=name, year=last, item="max_build", value=dice.between(0.5, 4.0)))
        if dice.often(0.15):
            park.add(Limit(technology=name, year=last, item="min_capacity", value=dice.between(0.1, 0.6)))


def _signed(park: Draft, dice: Dice) -> None:
    """Signed orders, some of a year before the horizon or at a price of their own."""
    for name in _priced(park):
        if dice.often(0.35):
            price = {"capital_cost": dice.between(1e4, 2e6)} if dice.often() else {}
            year = FIRST + int(dice.random.integers(-1, 2))
            park.add(Committed(technology=name, year=year, build=dice.between(0.05, 1.5), **price))
