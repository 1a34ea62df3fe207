"""The metrics that a rule of a stage or of rules.csv can bound: one record each, for rules, reports and explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: The denominator that is a number of the park and no figure of the year.
BASE = "base"
#: Stands as the denominator of a budget over years: what is allowed of it in each year is a decision.
ALLOWANCE = "allowance"


@dataclass(frozen=True)
class Metric:
    """A ratio of two figures of a year, see `FIGURES` of `models/operation/carbon.py` and `green_power.py`.

    numerator, denominator  names of figures; the denominator may be BASE, the base emissions
    sense       on which side it is usually bounded: `<=` where less is better, `>=` where more is
    amount      unit of the numerator, in which a breach is told
    unit        of the limit
    title       what it is called in a table;  phrase: in a sentence
    """

    name: str
    numerator: str
    denominator: str
    sense: Literal["<=", ">="]
    amount: str
    title: str
    phrase: str
    unit: str = "1"

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


#: A metric whose figure a year has only where a rule asks for it.
LOW_CARBON = Metric(
    "low_carbon_share", "low_carbon", "electricity_used", ">=", "MWh", "low-carbon share of electricity", "low-carbon electricity"
)

METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("gross_ratio", "gross", BASE, "<=", "t", "gross emissions of base", "gross emissions"),
        Metric("net_ratio", "net", BASE, "<=", "t", "net emissions of base", "net emissions"),
        Metric("avoidance_ratio", "avoidance", BASE, "<=", "t", "avoidance credits of base", "avoidance credits"),
        Metric(
            "offset_ratio",
            "offset_volume",
            BASE,
            "<=",
            "t",
            "offsets (credits, outside land) of base",
            "offsets (credits and land restored outside the park)",
        ),
        Metric("intensity", "gross", "energy_use", "<=", "t", "emissions per energy, t/tce", "emissions per energy", unit="t/tce"),
        Metric("clean_share", "clean_energy", "energy_use", ">=", "tce", "clean share of energy", "the clean share of energy"),
        Metric("direct_green_share", "direct_green", "electricity_used", ">=", "MWh", "direct green supply", "direct green supply"),
        Metric(
            "certificate_share",
            "certified_electricity",
            "electricity_used",
            "<=",
            "MWh",
            "certificates of electricity",
            "certificates",
        ),
        LOW_CARBON,
    )
}

#: Metrics that rules.csv may bound besides, of shares of what the park's own and directly connected green plants could generate.
SHARES: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "self_use_share", "self_used", "available", ">=", "MWh", "own use of available green power", "own use of green power"
        ),
        Metric("export_share", "exported", "available", "<=", "MWh", "exports of available green power", "exports of green power"),
        Metric("curtailed_share", "curtailed", "available", "<=", "MWh", "curtailed green power", "curtailed green power"),
        Metric(
            "own_supply_share", "own_supply", "electricity_used", ">=", "MWh", "own and direct green supply", "own green supply"
        ),
    )
}
#: Metrics that rules.csv may bound besides, of green power in the hour of its use.
MATCHED: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("hourly_green_share", "matched", "hourly_use", ">=", "MWh", "green power hour by hour", "green power hour by hour"),
    )
}
#: Budgets over years, which only rules.csv may set.
CUMULATED: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric(
            "cumulated_gross", "gross", ALLOWANCE, "<=", "t", "gross emissions of all years", "gross emissions of years", unit="t"
        ),
        Metric("cumulated_net", "net", ALLOWANCE, "<=", "t", "net emissions of all years", "net emissions of years", unit="t"),
    )
}
#: All that rules.csv may bound.
OF_RULES: Mapping[str, Metric] = {**METRICS, **SHARES, **MATCHED, **CUMULATED}
