"""Figures of a year, and the metrics that a rule of a stage or of rules.csv can bound: one record each, for model and outputs.

The model defines each figure by a row, `models/operation/carbon.py`; the ledger works them out by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: The denominator that is a number of the park and no figure of the year.
BASE = "base"
#: Stands as the denominator of a budget over years: what is allowed of it in each year is a decision.
ALLOWANCE = "allowance"


@dataclass(frozen=True)
class YearFigure:
    """A figure of a year.

    doc   what it is
    unit  t, tce or MWh
    words what it is called in a sentence on what may change; empty of a figure that no rule of a stage is of
    """

    doc: str
    unit: str
    words: str = ""


#: Figures of every year.
FIGURES: Mapping[str, YearFigure] = {
    "scope1": YearFigure("emissions of fuels and processes, after capture", "t"),
    "scope2_location": YearFigure("emissions of bought energy, location basis", "t"),
    "scope2_market": YearFigure("emissions of bought energy, market basis", "t"),
    "scope3": YearFigure("process emissions of scope 3, and what is embodied in orders where that counts", "t"),
    "gross": YearFigure("gross emissions on the basis of the rules", "t", "emissions"),
    "net": YearFigure("net emissions", "t", "net emissions"),
    "avoidance": YearFigure("avoidance credits used", "t", "avoidance credits"),
    "removal_credits": YearFigure("removal credits used", "t"),
    "captured_fossil": YearFigure("fossil and process CO2 captured", "t"),
    "captured_removals": YearFigure("biogenic and air CO2 captured", "t"),
    "offset_volume": YearFigure("credits and counted restoration outside the park", "t", "offsets"),
    "energy_use": YearFigure("energy use in coal equivalent", "tce", "use of energy"),
    "clean_energy": YearFigure("clean energy in coal equivalent", "tce", "clean energy"),
    "electricity_used": YearFigure("electricity imported and converted less exported", "MWh", "use of electricity"),
    "direct_green": YearFigure("electricity of green technologies less exports", "MWh", "directly supplied green power"),
    "certified_electricity": YearFigure("electricity imports greened by certificates", "MWh", "electricity with certificates"),
}
#: Further figures, each where a rule asks for it.
OF_POWER: Mapping[str, YearFigure] = {
    "low_carbon": YearFigure(
        "electricity of green technologies less exports, of green supplies, and certified", "MWh", "electricity that is low-carbon"
    ),
    "own_supply": YearFigure(
        "electricity of green technologies and direct green contracts less exports", "MWh", "green power of the park's own lines"
    ),
}
#: Further figures, where a rule of rules.csv bounds a share of what green plants could generate.
OF_SHARES: Mapping[str, YearFigure] = {
    "available": YearFigure("electricity that green technologies with a profile and direct green contracts could generate", "MWh"),
    "generated": YearFigure("electricity that these made and brought", "MWh"),
    "exported": YearFigure("electricity exported", "MWh"),
    "self_used": YearFigure("electricity that these made and brought, less exports", "MWh"),
    "curtailed": YearFigure("electricity that these could have generated and did not", "MWh"),
}
#: Further figures, where a rule of rules.csv asks for green power hour by hour: see `add_matching`.
OF_MATCHED: Mapping[str, YearFigure] = {
    "matched": YearFigure("use of electricity that is covered by green power of its hour, or of a store", "MWh"),
    "hourly_use": YearFigure("electricity that demands and equipment take", "MWh"),
}
#: Figures with the park's own factors -> the same with those of the standard, where it fixes any.
STANDARD_FIGURES = {
    "gross": "standard_gross",
    "net": "standard_net",
    "energy_use": "standard_energy_use",
    "clean_energy": "standard_clean_energy",
}
OF_STANDARD: Mapping[str, YearFigure] = {
    own: YearFigure(f"{FIGURES[name].doc}, with the factors of the standard", FIGURES[name].unit)
    for name, own in STANDARD_FIGURES.items()
}
#: What the base emissions are called where they stand as a denominator.
OF_BASE: Mapping[str, YearFigure] = {
    BASE: YearFigure("base emissions", "t", "base emissions"),
    ALLOWANCE: YearFigure("of a budget over years", "t"),
}
KNOWN: Mapping[str, YearFigure] = {**FIGURES, **OF_POWER, **OF_SHARES, **OF_MATCHED, **OF_BASE}


@dataclass(frozen=True)
class Metric:
    """A ratio of two figures of a year.

    numerator, denominator  names of figures; the denominator may be BASE, the base emissions
    sense       on which side it is usually bounded: `<=` where less is better, `>=` where more is
    unit        of the limit
    title       what it is called in a table;  phrase: in a sentence
    """

    name: str
    numerator: str
    denominator: str
    sense: Literal["<=", ">="]
    title: str
    phrase: str
    unit: str = "1"

    @property
    def amount(self) -> str:
        """Unit of the numerator, in which a breach is told."""
        return KNOWN[self.numerator].unit

    @property
    def of_base(self) -> bool:
        """True if its limit is a share of the base emissions."""
        return self.denominator == BASE

    @property
    def is_share(self) -> bool:
        """True if it is never above 1: not of ratios to the base, nor of exports, which count above what is generated too."""
        return self.unit == "1" and not self.of_base and self.numerator != "exported"

    @property
    def ratio(self) -> tuple[str, str]:
        """Numerator and denominator."""
        return self.numerator, self.denominator


def _by_name(*metrics: Metric) -> Mapping[str, Metric]:
    return {metric.name: metric for metric in metrics}


METRICS = _by_name(
    Metric("gross_ratio", "gross", BASE, "<=", "gross emissions of base", "gross emissions"),
    Metric("net_ratio", "net", BASE, "<=", "net emissions of base", "net emissions"),
    Metric("avoidance_ratio", "avoidance", BASE, "<=", "avoidance credits of base", "avoidance credits"),
    Metric(
        "offset_ratio",
        "offset_volume",
        BASE,
        "<=",
        "offsets (credits, outside land) of base",
        "offsets (credits and land restored outside the park)",
    ),
    Metric("intensity", "gross", "energy_use", "<=", "emissions per energy, t/tce", "emissions per energy", unit="t/tce"),
    Metric("clean_share", "clean_energy", "energy_use", ">=", "clean share of energy", "the clean share of energy"),
    Metric("direct_green_share", "direct_green", "electricity_used", ">=", "direct green supply", "direct green supply"),
    Metric("certificate_share", "certified_electricity", "electricity_used", "<=", "certificates of electricity", "certificates"),
    Metric("low_carbon_share", "low_carbon", "electricity_used", ">=", "low-carbon share of electricity", "low-carbon electricity"),
    Metric("own_supply_share", "own_supply", "electricity_used", ">=", "own and direct green supply", "own green supply"),
)

#: Metrics that rules.csv may bound besides, of shares of what the park's own and directly connected green plants could generate.
SHARES = _by_name(
    Metric("self_use_share", "self_used", "available", ">=", "own use of available green power", "own use of green power"),
    Metric("export_share", "exported", "available", "<=", "exports of available green power", "exports of green power"),
    Metric("curtailed_share", "curtailed", "available", "<=", "curtailed green power", "curtailed green power"),
)
#: Metrics that rules.csv may bound besides, of green power in the hour of its use.
MATCHED = _by_name(
    Metric("hourly_green_share", "matched", "hourly_use", ">=", "green power hour by hour", "green power hour by hour"),
)
#: Budgets over years, which only rules.csv may set.
CUMULATED = _by_name(
    Metric("cumulated_gross", "gross", ALLOWANCE, "<=", "gross emissions of all years", "gross emissions of years", unit="t"),
    Metric("cumulated_net", "net", ALLOWANCE, "<=", "net emissions of all years", "net emissions of years", unit="t"),
)
#: All that rules.csv may bound.
OF_RULES: Mapping[str, Metric] = {**METRICS, **SHARES, **MATCHED, **CUMULATED}
