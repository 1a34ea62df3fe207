"""Example processes whose load can move, for a blank park: batches, a mill with a silo, a cold store with a band of temperature."""

from __future__ import annotations

from planner.templates.blank import DAY, EXAMPLE, BlankWanted, Row

#: What each takes on average, by the connection to the grid.
OF_GRID = 0.03
#: Two batches a day, and what one takes in its hours.
BEGINS, BATCH = (8, 14), (1.0, 0.6, 0.6, 0.4)
#: Mill by kiln; hours of the mill that the silo holds.
MILL, SILO = 1.5, 4.0
#: A cold store between -24 and -18 °C: outdoor temperature of the hour above the upper limit, as its shape (K).
ABOVE = tuple(38.0 + 10.0 * (d - min(DAY)) / (max(DAY) - min(DAY)) for d in DAY)
BAND, PER_HOUR, FREEZER, SPENT = 6.0, 0.01, 4.0, 0.5


def example_processes(wanted: BlankWanted) -> dict[str, list[Row]]:
    """Rows that come to those of a blank park, by table; of `profiles` the columns of each hour."""
    mean = OF_GRID * wanted.grid
    held = mean / (sum(ABOVE) / len(ABOVE)) / PER_HOUR * BAND  # the leak per K is PER_HOUR of the heat that the goods hold
    shape = {begin + h: power for begin in BEGINS for h, power in enumerate(BATCH)}
    return {
        "demand": [
            _demand("batches", "electricity", mean, profile="batches", shift_share="1", shift_hours="3", shift_power="1.5"),
            _demand("kiln", "meal", mean),
            _demand("through-the-walls", "deep-cold", mean, profile="above-limit"),
        ],
        "types": [
            {"type": "mill", "role": "converter"},
            _store("silo", "1", "0", f"{SILO:g}"),
            {"type": "freezer", "role": "converter"},
            _store("cold-rooms", "1", f"{PER_HOUR:g}", f"{held / (mean * FREEZER):.4g}"),
        ],
        "ports": [
            _port("mill", "meal", "out"),
            _port("mill", "electricity", "in"),
            _port("silo", "meal", "out"),
            _port("freezer", "deep-cold", "out"),
            _port("freezer", "electricity", "in", SPENT),
            _port("cold-rooms", "deep-cold", "out"),
        ],
        "technologies": [
            _stands("mill", MILL * mean),
            _stands("silo", SILO * MILL * mean),
            _stands("freezer", FREEZER * mean),
            _stands("cold-rooms", held),
        ],
        "profiles": [{"batches": f"{shape.get(h, 0.0):g}", "above-limit": f"{k:.4g}"} for h, k in enumerate(ABOVE)],
    }


def with_processes(tables: dict[str, list[Row]], wanted: BlankWanted) -> dict[str, list[Row]]:
    """The tables of a blank park with these rows."""
    found = dict(tables)
    for name, rows in example_processes(wanted).items():
        if name == "profiles":
            found[name] = [own | more for own, more in zip(tables[name], rows, strict=True)]
        else:
            found[name] = [*tables.get(name, ()), *rows]
    more = (2.0 + SPENT) * OF_GRID * wanted.grid * 8760  # batches, mill and freezer
    found["bills"] = [_with_more(row, more) if row["supply"] == "grid" else row for row in tables["bills"]]
    profiles = found.pop("profiles")
    return found | {"profiles": profiles}


def _with_more(bill: Row, energy: float) -> Row:
    """A bill of so much more energy (MWh) at its own price."""
    was = float(bill["value"])
    return bill | {"value": f"{was + energy:.0f}", "cost": f"{float(bill['cost']) * (was + energy) / was:.0f}"}


def _demand(name: str, carrier: str, mean: float, **fields: str) -> Row:
    own = {"demand": name, "carrier": carrier, "year": "2025", "value": f"{mean * 8760:.4g}", "unit": "MWh", "source": EXAMPLE}
    return own | fields


def _store(name: str, efficiency: str, loss: str, hours: str) -> Row:
    return {
        "type": name,
        "role": "store",
        "charge_efficiency": efficiency,
        "discharge_efficiency": efficiency,
        "standing_loss": loss,
        "full_power_hours": hours,
    }


def _port(name: str, carrier: str, direction: str, ratio: float = 1.0) -> Row:
    return {"type": name, "carrier": carrier, "direction": direction, "ratio": f"{ratio:g}"}


def _stands(name: str, size: float) -> Row:
    return {"technology": name, "type": name, "existing": f"{size:.4g}", "max_build": "0", "source": EXAMPLE}
