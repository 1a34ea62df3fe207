"""Connections that supplies share: who is behind each, and what limits them together."""

from __future__ import annotations

from dataclasses import dataclass

from models.case import Case


@dataclass(frozen=True)
class Connections:
    """Connections c.

    connections  names
    importers    supplies behind it that can buy                   (c) -> tuple of s
    exporters    supplies behind it that can sell or give away     (c) -> tuple of s
    import_max   most that they buy together in an hour            MW or t/h (c); absent = no limit of its own
    export_max   most that they sell together in an hour           MW or t/h (c); absent = no limit of its own
    sized        those whose capacity is an investment, an asset of the same name: it limits both ways   set of c
    """

    connections: tuple[str, ...]
    importers: dict[str, tuple[str, ...]]
    exporters: dict[str, tuple[str, ...]]
    import_max: dict[str, float]
    export_max: dict[str, float]
    sized: frozenset[str]

    def of(self, s: str) -> str:
        """The connection that a supply is behind; empty where there is none."""
        return next((c for c in self.connections if s in self.importers[c] or s in self.exporters[c]), "")


def resolve_connections(case: Case) -> Connections:
    """Limits of the connections and the supplies behind them."""
    rows = case.connections
    behind = {c.connection: [s for s in case.supplies if s.connection == c.connection] for c in rows}
    return Connections(
        connections=tuple(c.connection for c in rows),
        importers={c: tuple(s.supply for s in own if s.can_import) for c, own in behind.items()},
        exporters={c: tuple(s.supply for s in own if s.can_export) for c, own in behind.items()},
        import_max={c.connection: c.max_import for c in rows if c.max_import is not None},
        export_max={c.connection: c.max_export for c in rows if c.max_export is not None},
        sized=frozenset(c.connection for c in rows if c.type),
    )
