"""What a park's bills say of the energy that a meter read: a slip of unit, interval or multiplier shows there first."""

from __future__ import annotations

from pathlib import Path

from models.units import UnitError, yearly_factor
from planner.language.language import Language, mark
from planner.profiles.profile import Profile
from planner.profiles.rows import table_of

#: Readings may differ so much from a bill that is of the same: other days of reading, losses of a transformer.
APART = 0.03
#: A factor that is a slip is met so nearly.
NEAR = 0.04
THOUSAND = mark("a factor of 1000: kW or kWh beside MW or MWh")
INTERVAL = mark("the intervals of an hour: a power read as energy, or energy read as power; see --unit")
MULTIPLIER = mark("the multiplier that the file states; see --times")


def beside_bills(profile: Profile, park: Path, language: Language) -> list[str]:
    """What the bills of the profile's year say of its energy; nothing where the park has none of its carrier."""
    carrier, year = profile.demand.get("carrier"), profile.demand.get("year")
    energy = float(str(profile.facts.get("energy_mwh", 0.0)))
    supplies = {row.get("supply", "") for row in table_of(park / "supplies.csv")[1] if row.get("carrier") == carrier}
    billed = 0.0
    for row in table_of(park / "bills.csv")[1]:
        if row.get("supply") in supplies and row.get("year") == str(year):
            try:
                billed += float(row.get("value", "")) * yearly_factor(row.get("unit") or "MWh", "MWh")
            except (ValueError, UnitError):
                return []
    if billed <= 0 or energy <= 0:
        return []
    ratio = energy / billed
    words = {"energy": language.number(energy), "billed": language.number(billed), "carrier": str(carrier), "year": year}
    told = language.translate(
        "{energy} MWh, and the bills of {carrier} in {year} come to {billed} MWh ({share})", share=f"{ratio:.1%}", **words
    )
    if abs(ratio - 1) <= APART:
        return [told]
    hint = _hint(ratio, profile)
    if hint:
        return [language.translate("look at this: {sentence}; that is {hint}", sentence=told, hint=language.translate(hint))]
    return [language.translate("look at this: {sentence}", sentence=told) if ratio > 1 else told]


def _hint(ratio: float, profile: Profile) -> str:
    """What a ratio of readings to bills is the mark of; '' where it may well be that of a part of the site."""
    minutes, stated = float(str(profile.facts.get("minutes", 60))), float(str(profile.facts.get("multiplier", 1.0)))
    for factor, hint in ((60 / minutes, INTERVAL), (stated, MULTIPLIER), (1000.0, THOUSAND)):
        if factor > 1 and any(abs(ratio / own - 1) <= NEAR for own in (factor, 1 / factor)):
            return hint
    return ""
