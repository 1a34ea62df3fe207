"""The inputs on three hours, of which all hours of a year are made (`repeated`), and what varies in the rows of all hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.inputs import Inputs
from models.inputs.calendar import Calendar

#: The three hours: profiles are 0 in the first, half of their highest value in the second, which is the one that is repeated, and
#: all of it in the third.
FIRST, SECOND, THIRD = 0, 1, 2
#: Profiles on the three hours, as a share of the highest value.
PROBE = np.array([0.0, 0.5, 1.0])
#: Profiles of ports on the three hours: no sum of two ports of one carrier is 0.
PORT_PROBE = np.array([0.0, 0.31830989, 0.63661977])


def three_hours(inputs: Inputs) -> Inputs:
    """The inputs on three hours in a circle: the second follows the first, the third the second, the first the third."""
    demands, conversion, captures, flexibility = inputs.demands, inputs.conversion, inputs.captures, inputs.flexibility
    ports = {
        k: tuple(port if port.shape is None else replace(port, shape=PORT_PROBE) for port in own)
        for k, own in conversion.ports.items()
    }
    return replace(
        inputs,
        calendar=Calendar(np.ones(3), np.array([THIRD, FIRST, SECOND]), ((1, (FIRST, SECOND, THIRD)),)),
        demands=replace(demands, shape=_probed(demands.shape)),
        flexibility=replace(flexibility, owed=_probed(flexibility.owed), ahead=_probed(flexibility.ahead)),
        conversion=replace(conversion, ports=ports, availability=dict.fromkeys(conversion.availability, PROBE)),
        captures=replace(captures, fuel_shape=dict.fromkeys(captures.fuel_shape, PORT_PROBE)),
        storage=replace(inputs.storage, inflow_shape=_probed(inputs.storage.inflow_shape)),
        contracts=replace(inputs.contracts, shape=dict.fromkeys(inputs.contracts.shape, PROBE)),
        vehicles=inputs.vehicles.shaped(np.maximum(PROBE, PROBE[SECOND]), PROBE),  # they are there in all three hours
        supplies=replace(  # prices are in no row; all three hours are in each period
            inputs.supplies,
            shape={},
            factor_shape=dict.fromkeys(inputs.supplies.factor_shape, PORT_PROBE),
            period_hours=dict.fromkeys(inputs.supplies.period_hours, np.ones((1, 3), dtype=bool)),
        ),
    )


def _probed(shapes: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Shapes on the three hours."""
    return {u: (shape.max() or 1.0) * PROBE for u, shape in shapes.items()}


def hourly_coefficients(inputs: Inputs, y: int, row: tuple[str, tuple], name: str) -> np.ndarray | None:
    """The coefficient in each hour of a converter's activity, or a supply's import, in a row of (family, index).

    None for a family whose coefficients do not vary.
    """
    family, index = row
    hours = np.ones(len(inputs.calendar.weight))
    if family == "balance":
        return hours * inputs.conversion.net(name, index[1])
    if family in ("matched_limit", "green_limit"):
        return -hours * inputs.conversion.net(name, "electricity", out_only=True)
    if family == "converted_total" or (family == "matching_total" and index == ("use",)):
        return hours * inputs.conversion.net(name, "electricity", out_only=True)
    if family == "factor_total":
        return hours * inputs.supplies.factor_shape[index[1]]
    return -hours * inputs.captures.co2(name, y) if family == "source_limit" else None


def link_profile(inputs: Inputs, family: str, kind: str, name: str) -> np.ndarray:
    """The profile of a link in each hour in rows of a family, on the scale of the three hours."""
    if kind == "demand":
        of_rows = {"owed_limit": inputs.flexibility.owed, "ahead_limit": inputs.flexibility.ahead} | inputs.vehicles.of_rows
        shape = of_rows.get(family, inputs.demands.shape)[name]
        return shape / (shape.max() or 1.0)
    if kind == "inflow":
        return inputs.storage.inflow_shape[name] / inputs.storage.inflow_shape[name].max()
    if kind == "contract":
        return inputs.contracts.shape[name]
    assert kind == "capacity", f"{kind} {name} has no profile"
    return inputs.conversion.availability[name]
