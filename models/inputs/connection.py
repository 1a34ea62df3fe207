"""Connections that supplies share: who is behind each, and what limits them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.case import Case
from models.inputs.contract import fixed_prices


@dataclass(frozen=True)
class Connections:
    """Connections c.

    connections  names
    importers    supplies behind it that can buy                   (c) -> tuple of s
    exporters    supplies behind it that can sell or give away     (c) -> tuple of s
    import_max   most that they buy together in an hour            MW or t/h (c); absent = no limit of its own
    export_max   most that they sell together in an hour           MW or t/h (c); absent = no limit of its own
    schemes      schemes of those that have any, of which one is in force in each year   (c) -> tuple of names
    scheme_years years between two changes of scheme at least                            1 (c)
    scheme_of    scheme that a supply is sold under, as `scheme_key`         (s); absent = under each
    fixed        paid in a year whatever is bought              money (c,y); absent = none
    scheme_fixed paid in a year in which a scheme is in force   money (σ,y), σ as `scheme_key`; absent = none
    one_way      those whose imports and exports share each hour, and the limit of each, 0 of one with a type    MW or t/h (c)
    sized        those whose capacity is an investment, an asset of the same name: it limits both ways   set of c
    """

    connections: tuple[str, ...]
    importers: dict[str, tuple[str, ...]]
    exporters: dict[str, tuple[str, ...]]
    import_max: dict[str, float]
    export_max: dict[str, float]
    schemes: dict[str, tuple[str, ...]]
    scheme_years: dict[str, int]
    scheme_of: dict[str, str]
    fixed: dict[tuple[str, int], float]
    scheme_fixed: dict[tuple[str, int], float]
    one_way: dict[str, tuple[float, float]]
    sized: frozenset[str]

    def keys(self, c: str) -> tuple[str, ...]:
        """The schemes of a connection, each as `scheme_key`."""
        return tuple(scheme_key(c, name) for name in self.schemes.get(c, ()))

    def scheme_in(self, key: str) -> str:
        """The name of a scheme, without its connection."""
        return next(name for c, names in self.schemes.items() for name in names if scheme_key(c, name) == key)

    def of(self, s: str) -> str:
        """The connection that a supply is behind; empty where there is none."""
        return next((c for c in self.connections if s in self.importers[c] or s in self.exporters[c]), "")


def scheme_key(connection: str, scheme: str) -> str:
    """One name for a scheme of a connection."""
    return f"{connection}: {scheme}"


def schemes_of(case: Case, connection: str) -> tuple[str, ...]:
    """The schemes named by the supplies of a connection, by its charges and by theirs, in the order of the tables."""
    behind = [s for s in case.supplies if s.connection == connection]
    payers = {connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in case.prices if p.supply in payers]
    return tuple(dict.fromkeys(name for name in named if name))


def resolve_connections(case: Case, years: Sequence[int]) -> Connections:
    """Limits of the connections, the supplies behind them, and what each costs a year."""
    rows = case.connections
    names = {c.connection for c in rows}
    fixed = {key: money for key, money in fixed_prices(case, years).items() if key[0] in names}
    behind = {c.connection: [s for s in case.supplies if s.connection == c.connection] for c in rows}
    return Connections(
        connections=tuple(c.connection for c in rows),
        importers={c: tuple(s.supply for s in own if s.can_import) for c, own in behind.items()},
        exporters={c: tuple(s.supply for s in own if s.can_export) for c, own in behind.items()},
        import_max={c.connection: c.max_import for c in rows if c.max_import is not None},
        export_max={c.connection: c.max_export for c in rows if c.max_export is not None},
        one_way={c.connection: (0.0, 0.0) if c.type else (c.max_import or 0.0, c.max_export or 0.0) for c in rows if c.one_way},
        schemes={c.connection: schemes for c in rows if (schemes := schemes_of(case, c.connection))},
        scheme_years={c.connection: c.scheme_years for c in rows},
        scheme_of={s.supply: scheme_key(s.connection, s.scheme) for s in case.supplies if s.scheme},
        fixed={(c, y): money for (c, scheme, y), money in fixed.items() if not scheme},
        scheme_fixed={(scheme_key(c, scheme), y): money for (c, scheme, y), money in fixed.items() if scheme},
        sized=frozenset(c.connection for c in rows if c.type),
    )
