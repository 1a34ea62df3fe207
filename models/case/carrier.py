"""Carriers: at which temperature heat and cold are supplied."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Name, Row, Unit

#: Degrees Celsius, above absolute zero.
Celsius = Annotated[float, Unit("°C"), Field(ge=-273, le=3000)]
#: What is added to degrees Celsius for kelvin.
KELVIN = 273.15
#: A carrier below this that states no return cools (°C).
COLD = 20.0


class Carrier(Row):
    """carriers.csv: temperatures of what carries heat. Ports of equipment are held against them; nothing else depends on them."""

    table: ClassVar[str] = "carriers"
    key: ClassVar[tuple[str, ...]] = ("carrier",)

    carrier: Name
    """The carrier."""
    temperature: Celsius | None = None
    """Temperature of supply; left out: as the catalogue says of a carrier of that name, else it is not looked at."""
    return_: Annotated[Celsius | None, Field(alias="return")] = None
    """Temperature of return: warmer than the supply it is of what cools."""

    @property
    def cools(self) -> bool:
        """True if it takes heat up: its return is warmer than its supply, or, without a return, it is below 20 °C."""
        if self.temperature is None:
            return False
        return self.temperature < COLD if self.return_ is None else self.return_ > self.temperature
