"""The metrics that a stage rule can bound: one record each, from which rules, reports and explanations are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

#: The denominator that is a number of the park and no figure of the year.
BASE = "base"


@dataclass(frozen=True)
class Metric:
    """A ratio of two figures of a year, see `FIGURES` of `models/operation/carbon.py`.

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
    def ratio(self) -> tuple[str, str]:
        """Numerator and denominator."""
        return self.numerator, self.denominator


METRICS: Mapping[str, Metric] = {metric.name: metric for metric in (
    Metric("gross_ratio", "gross", BASE, "<=", "t", "gross emissions of base", "gross emissions"),
    Metric("net_ratio", "net", BASE, "<=", "t", "net emissions of base", "net emissions"),
    Metric("avoidance_ratio", "avoidance", BASE, "<=", "t", "avoidance credits of base", "avoidance credits"),
    Metric("offset_ratio", "offset_volume", BASE, "<=", "t", "offsets of base", "offsets"),
    Metric("intensity", "gross", "energy_use", "<=", "t", "emissions per energy, t/tce", "emissions per energy", unit="t/tce"),
    Metric("clean_share", "clean_energy", "energy_use", ">=", "tce", "clean share of energy", "the clean share of energy"),
    Metric("direct_green_share", "direct_green", "electricity_used", ">=", "MWh", "direct green supply", "direct green supply"),
    Metric(
        "certificate_share", "certified_electricity", "electricity_used", "<=", "MWh", "certificates of electricity", "certificates"
    ),
)}  # fmt: skip
