"""Shapes: all that profiles say of a year. Years in which every profile has the same column share them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from models.case import Case
from models.inputs.calendar import TypicalDays
from models.inputs.demand import Flexibility
from models.inputs.equipment import EquipmentPort

if TYPE_CHECKING:
    from models.inputs.inputs import Inputs


@dataclass(frozen=True)
class Shapes:
    """What of the inputs profiles change.

    columns          profiles that have the values of another column, and that column     tuple of (name, column)
    availability, ports   of converters, see `Conversion`
    demand           shape of each demand, see `Demands`
    flexibility      what of it may move or be shed
    contract         what a MW contracted generates, see `Contracts`
    price, highest, factor   what multiplies prices and factors, see `Supplies`
    fuel             what multiplies the CO2 of a fuel, see `Captures`
    firm, peaks      of reserves, see `Reserves`
    inflow           into stores, see `Storage`
    """

    columns: tuple[tuple[str, str], ...]
    availability: Mapping[str, np.ndarray]
    ports: Mapping[str, tuple[EquipmentPort, ...]]
    demand: Mapping[str, np.ndarray]
    flexibility: Flexibility
    contract: Mapping[str, np.ndarray]
    price: Mapping[tuple[str, str], np.ndarray]
    highest: Mapping[tuple[str, str], float]
    factor: Mapping[str, np.ndarray]
    fuel: Mapping[str, np.ndarray]
    firm: Mapping[tuple[str, str], dict[str, float]]
    peaks: Mapping[tuple[str, str], tuple[dict[str, float], ...]]
    inflow: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, inputs: Inputs, columns: tuple[tuple[str, str], ...]) -> Shapes:
        """Those of inputs that were resolved with these columns."""
        conversion, supplies, reserves = inputs.conversion, inputs.supplies, inputs.reserves
        return cls(
            columns=columns,
            availability=conversion.availability,
            ports=conversion.ports,
            demand=inputs.demands.shape,
            flexibility=inputs.flexibility,
            contract=inputs.contracts.shape,
            price=supplies.shape,
            highest=supplies.highest,
            factor=supplies.factor_shape,
            inflow=inputs.storage.inflow_shape,
            fuel=inputs.captures.fuel_shape,
            firm=reserves.firm,
            peaks=reserves.peaks,
        )

    def put_into(self, inputs: Inputs) -> Inputs:
        """The inputs with these shapes in place of their own."""
        return replace(
            inputs,
            shapes={},
            columns=self.columns,
            conversion=replace(inputs.conversion, availability=dict(self.availability), ports=dict(self.ports)),
            storage=replace(inputs.storage, inflow_shape=dict(self.inflow)),
            demands=replace(inputs.demands, shape=dict(self.demand)),
            flexibility=self.flexibility,
            contracts=replace(inputs.contracts, shape=dict(self.contract)),
            supplies=replace(inputs.supplies, shape=dict(self.price), highest=dict(self.highest), factor_shape=dict(self.factor)),
            captures=replace(inputs.captures, fuel_shape=dict(self.fuel)),
            reserves=replace(inputs.reserves, firm=dict(self.firm), peaks=dict(self.peaks)),
        )


def days_in_year(days: TypicalDays | None, case: Case, y: int) -> TypicalDays | None:
    """Typical days with the profiles that the case has in a year."""
    if days is None or not case.profile_years:
        return days
    own = {name: days.profiles[column] for name, column in case.columns(y) if column in days.profiles}
    return replace(days, profiles={**days.profiles, **own})
