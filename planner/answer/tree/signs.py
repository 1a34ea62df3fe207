"""The signs by which a future is known: what to watch, its level at present, as stated for then and in that future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planner.answer.tree.told import WrittenTree
from planner.futures.figures import EVERY
from planner.language.language import NONE, Language, mark

#: What a figure of a table and item is called; of all others the words of the table stand.
CALLED = {
    ("prices", "energy"): mark("price of {name}"),
    ("prices", "export"): mark("price of {name} when sold"),
    ("prices", "carbon"): mark("price of carbon"),
    ("prices", "demand_charge"): mark("demand charge of {name}"),
    ("prices", "capacity_charge"): mark("capacity charge of {name}"),
    ("costs", "capital_cost"): mark("capital cost of {name}"),
    ("costs", "project_cost"): mark("project cost of {name}"),
    ("costs", "fixed_cost"): mark("fixed cost of {name}"),
    ("costs", "variable_cost"): mark("running cost of {name}"),
    ("demand", ""): mark("demand of {name}"),
    ("emission_factors", ""): mark("emission factor of {name}"),
    ("emission_factors", "market"): mark("emission factor of {name} (market basis)"),
    ("emission_factors", "location"): mark("emission factor of {name} (location basis)"),
    ("certificates", "price"): mark("price of certificate {name}"),
    ("offsets", "price"): mark("price of credit {name}"),
    ("process_emissions", ""): mark("process emissions of {name}"),
}
#: Items of these have no name in them.
NAMELESS = (("prices", "carbon"),)
NEARER = mark(
    "A future is the nearer one from the middle between what is stated for that year and what it has. It is not a price at which "
    "other orders pay. All signs of a future come together."
)


@dataclass(frozen=True)
class WatchedFigure:
    """A figure to watch, in words: at present, then as stated and in this future, and from where on this future is the nearer."""

    what: str
    today: str
    stated: str
    here: str
    nearer: str


def signs(tree: WrittenTree) -> list[str]:
    """Futures that are known from a year on."""
    return [name for name, row in tree.summary["differs"].items() if row["from_year"] is not None]


def signs_of(tree: WrittenTree, name: str, language: Language) -> list[WatchedFigure]:
    """What to watch of a future."""
    return [_sign(figure, language) for figure in tree.summary["differs"][name]["figures"]]


def _sign(figure: Mapping[str, Any], language: Language) -> WatchedFigure:
    own, change = figure.get("level"), _changes(figure, language)
    what = figure_title(figure, language)
    if not own:
        return WatchedFigure(what, NONE, NONE, change, NONE)
    say, unit, then, stated = language.translate, own["unit"], float(own["then"]), own.get("stated")
    shown = {key: f"{language.amount(own[key])} {unit}" for key in ("value", "then", "stated") if own.get(key) is not None}
    nearer = NONE
    if stated is not None and stated != then:
        middle = f"{language.amount((float(stated) + then) / 2)} {unit}"
        nearer = say("above {value}", value=middle) if then > stated else say("below {value}", value=middle)
    here = shown["then"] if stated is not None else say("{what} ({more})", what=shown["then"], more=change)
    return WatchedFigure(what, shown["value"], shown.get("stated", NONE), here, nearer)


def sign_words(tree: WrittenTree, name: str, language: Language) -> str:
    """The signs of a future in one line."""
    say, row = language.translate, tree.summary["differs"][name]
    year, first = row["from_year"], tree.summary.get("first_year")
    if not row["figures"]:
        return say("{future}, known in {year}: none of the signs of the others is seen", future=name, year=year)
    told = []
    for sign in signs_of(tree, name, language):
        if sign.today == NONE:
            told.append(f"{sign.what} {sign.here}")
            continue
        more = say("{today} in {first}; in {year}: {stated} as stated, {here} in this future", first=first, year=year, **vars(sign))
        if sign.nearer != NONE:
            more = say("; ").join([more, say("the nearer one {nearer}", nearer=sign.nearer)])
        told.append(say("{what} ({more})", what=sign.what, more=more))
    return say("{future}, known in {year}: watch {figures}", future=name, year=year, figures=say("; ").join(told))


def look_words(tree: WrittenTree, language: Language) -> str:
    """When to look for the signs."""
    years = sorted({int(tree.summary["differs"][name]["from_year"]) for name in signs(tree)})
    shown = language.translate(", ").join(map(str, years))
    return language.translate("Look by the beginning of {years}, before the orders of that year are placed.", years=shown)


def figures_of(tree: WrittenTree, name: str, language: Language) -> str:
    """What differs in a future, in words: `price of gas × 1.5`."""
    own = tree.summary["differs"].get(name, {"figures": []})["figures"]
    say = language.translate
    if not own:
        return say("nothing differs")
    return say("; ").join(f"{figure_title(figure, language)} {_changes(figure, language)}" for figure in own)


def figure_title(figure: Mapping[str, Any], language: Language) -> str:
    """What a figure is called."""
    key = figure.get("table", ""), figure.get("item", "")
    if (words := CALLED.get(key)) is None or (figure["name"] == EVERY and key not in NAMELESS):
        return str(figure["figure"])
    return language.translate(words, name=figure.get("title") or figure["name"])


def _changes(figure: Mapping[str, Any], language: Language) -> str:
    return language.translate(", ").join(_change(change, language) for change in figure["changes"])


def _change(change: Mapping[str, Any], language: Language) -> str:
    number = f"× {change['factor']:g}" if change["factor"] is not None else f"= {change['value']} {change['unit']}".rstrip()
    return number if change["year"] is None else language.translate("{number} in {year}", number=number, year=change["year"])
