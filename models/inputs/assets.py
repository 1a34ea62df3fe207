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
    per = {"converter": "MW", "store": "MWh", "capture": "t/h"}
    found = []
    for row in case.technologies:
        kind = types[row.type_name]
        unit = per[kind.role]
        found.append(Asset(row.technology, row.type_name, unit, kind.capacity_unit or unit, kind.lead_time, row, kind))
    for link in case.links:
        unit = "t/h" if link.carrier == "co2" else "MW"
        lead = types[link.type_name].lead_time if link.type_name in types else 0
        found.append(Asset(link.link, link.type_name, unit, unit, lead, link, length=link.length or 0.0))
    for connection in case.connections:
        if connection.type:
            unit = "t/h" if connection.carrier == "co2" else "MW"
            lead = types[connection.type].lead_time if connection.type in types else 0
            found.append(Asset(connection.connection, connection.type, unit, unit, lead, connection))
    return found
