"""What a chart shows, in one line for its title; and what else is to be known of it, behind it."""

from __future__ import annotations

import pandas as pd

from planner.answer import series
from planner.answer.page.markup import Markup, tag
from planner.language.language import Language

#: From this share on a part reads as 100 %.
ALL = 0.995


def titled(title: str, finding: str = "") -> Markup:
    """The heading of a chart: what it shows, and below what it is of; without a finding what it is of alone."""
    return tag("h3", finding, tag("small", title)) if finding else tag("h3", title)


def explained(words: object, language: Language) -> Markup:
    """How a chart is read, where a caption has no room for it: to be opened on a screen, open on paper."""
    return tag("details", tag("summary", language.translate("How to read this")), tag("p", words, class_="note"), class_="more")


def leading(bars: pd.DataFrame, unit: str, language: Language) -> str:
    """The largest part of what stands above zero in the last year (index), and its share; empty where several small ones together
    are the largest, one is all, or nothing stands there."""
    if bars.empty or not len(bars.columns):
        return ""
    above = bars.iloc[-1].clip(lower=0.0).fillna(0.0)
    total, name = float(above.sum()), str(above.idxmax())
    if total <= 0 or _is_together(name, language) or float(above.max()) >= ALL * total:
        return ""
    share = language.percent(float(above.max()) / total, 0)
    values = {"year": bars.index[-1], "name": name, "total": f"{language.amount(total)} {unit}", "share": share}
    return language.translate("In {year} {name} is largest: {share} of {total}", **values)


def alone(bars: pd.DataFrame, unit: str, language: Language) -> str:
    """The part that is all of what stands above zero in the last year (index); empty where several are, or small ones together."""
    if bars.empty or not len(bars.columns):
        return ""
    above = bars.iloc[-1].clip(lower=0.0).fillna(0.0)
    total, name = float(above.sum()), str(above.idxmax())
    if total <= 0 or _is_together(name, language) or float(above.max()) < ALL * total:
        return ""
    return language.translate(
        "In {year} {name} is all: {total}", year=bars.index[-1], name=name, total=f"{language.amount(total)} {unit}"
    )


def from_to(bars: pd.DataFrame, unit: str, language: Language) -> str:
    """Of one part that is all of a chart (index: years) how much there is in the first and the last year; empty of several."""
    if bars.shape[1] != 1 or len(bars) < 2:
        return ""
    first, last = (language.amount(float(v)) for v in (bars.iloc[0, 0], bars.iloc[-1, 0]))
    values = {"last": f"{last} {unit}", "year": bars.index[-1]}
    if first == last:
        return language.translate("{last} in {year}, as in {first_year}", **values, first_year=bars.index[0])
    return language.translate("From {first} in {first_year} to {last} in {year}", **values, first=first, first_year=bars.index[0])


def _is_together(name: str, language: Language) -> bool:
    """True if several small parts are shown as one."""
    return name in (series.OTHER, *(language.translate(words) for words in ("other", "other supply")))


def most_in(yearly: pd.Series, unit: str, language: Language) -> str:
    """The year with the largest part of a sum (index: years), and its share; empty where the sum is 0 or below."""
    total = float(yearly.sum())
    if total <= 0:
        return ""
    values = {"year": yearly.idxmax(), "share": language.percent(float(yearly.max()) / total, 0)}
    return language.translate("Most in {year}: {share} of {total}", total=f"{language.amount(total)} {unit}", **values)


def most_of(parts: pd.Series, unit: str, language: Language) -> str:
    """The largest of parts (index: names) that are above zero, and its share, or that it is all; empty where there are none, or
    where several small ones together are the largest."""
    above = parts[parts > 0]
    if above.empty or _is_together(str(above.idxmax()), language):
        return ""
    total = float(above.sum())
    if float(above.max()) >= ALL * total:
        return language.translate("{name} is all: {total}", name=above.idxmax(), total=f"{language.amount(total)} {unit}")
    values = {"name": above.idxmax(), "share": language.percent(float(above.max()) / total, 0)}
    return language.translate("{name} is largest: {share} of {total}", total=f"{language.amount(total)} {unit}", **values)


def highest(hours: pd.DataFrame, unit: str, language: Language) -> str:
    """The highest hour of each series."""
    told = language.translate(", ").join(f"{name} {language.amount(float(hours[name].max()))} {unit}" for name in hours.columns)
    return language.translate("Highest hour: {parts}", parts=told)


def changed(net: pd.Series, year: int, language: Language) -> str:
    """By how much net emissions fall or rise from the first year of the plan to a year; empty where that is no share."""
    if year not in net.index or year == net.index[0] or not float(net.iloc[0]) > 0:
        return ""
    share = 1 - float(net[year]) / float(net.iloc[0])
    values = {"share": language.percent(abs(share)), "first": net.index[0], "year": year}
    if share >= 0:
        return language.translate("Net emissions fall by {share} from {first} to {year}", **values)
    return language.translate("Net emissions rise by {share} from {first} to {year}", **values)


def added_up(money: pd.Series, unit: str, language: Language) -> str:
    """What is saved, or paid more, by the last year, of a sum that goes on from year to year."""
    end = float(money.iloc[-1])
    values = {"money": f"{language.amount(abs(end))} {unit}", "year": money.index[-1]}
    if end >= 0:
        return language.translate("{money} saved by {year}, discounted", **values)
    return language.translate("{money} paid more by {year}, discounted", **values)
