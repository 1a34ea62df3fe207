"""Assets: technologies, links between zones and connections, which are alike as things that are ordered, stand and are retired."""

from __future__ import annotations

from dataclasses import dataclass

from models.case import Case, Connection, EquipmentType, Link, Technology, said_of_orders


@dataclass(frozen=True)
class Asset:
    """What technologies, links and connections have in common."""

    name: str
    type: str
    per: str
    label: str
    lead_time: int
    row: Technology | Link | Connection
    kind: EquipmentType | None = None
    length: float | None = None

    @property
    def is_charger(self) -> bool:
        """True of chargers, which come with their vehicles."""
        return self.kind is not None and self.kind.role == "charger"

    def of_orders(self, column: str) -> float:
        """What it says of its orders, or else its type; a column of ORDER_COLUMNS."""
        return said_of_orders(self.row, self.kind, column)

    def allowed(self, year: int) -> bool:
        """True if it may be ordered in that year, whatever the limits on its size."""
        row = self.row
        if not isinstance(row, Technology):
            return True
        return (row.first_year or year) <= year <= (row.until_year or year)


def assets_of(case: Case) -> list[Asset]:
    """Technologies, links and connections that may grow, in the order of their tables."""
    types = {t.type: t for t in case.types}
    rows: list[Technology | Link | Connection] = [*case.technologies, *case.links, *(c for c in case.connections if c.type)]
    return [asset_of(row, types.get(row.type_name)) for row in rows]


def asset_of(row: Technology | Link | Connection, kind: EquipmentType | None) -> Asset:
    """A row as an asset; `kind` is its type, which a technology has always."""
    if isinstance(row, Technology):
        assert kind is not None, row.technology
        unit = {"converter": "MW", "store": "MWh", "capture": "t/h", "charger": "MW"}[kind.role]
        return Asset(row.technology, kind.type, unit, kind.capacity_unit or unit, kind.lead_time, row, kind)
    unit, lead = "t/h" if row.carrier == "co2" else "MW", kind.lead_time if kind else 0
    if isinstance(row, Link):
        return Asset(row.link, row.type_name, unit, unit, lead, row, length=row.length or 0.0)
    return Asset(row.connection, row.type, unit, unit, lead, row)
