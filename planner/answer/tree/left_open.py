r"""What a search leaves open, in money: below that no difference between two plans can be told.

.. math::
    0 \le C_{q,l} - C^*_l \le C_{q,l} - B_l

C_{q,l}  cost that was found of plan q in future l     C*_l  least cost of l, found to be at most the `least_cost` of futures.csv
B_l  its bound, `least_cost_bound` there                (all money)
"""

from __future__ import annotations

import math

from planner.answer.tree.signs import signs
from planner.answer.tree.told import EXPECTED, WrittenTree
from planner.answer.tree.worth import CLOSE, is_nothing
from planner.language.language import Language, mark

#: The futures do not change what is ordered first.
SAME_ORDERS = mark(
    "The futures make no difference to today's orders: whichever comes, this plan costs no more than had it been known from the "
    "start."
)
SAME_FOUND = mark(
    "The futures make no difference to today's orders, as far as can be told: whichever comes, this plan costs at most {money} "
    "({share}) more than had it been known from the start."
)
APART = mark("Differences below {money} cannot be told apart: so much is left open by the search.")
ALL_ALIKE = mark(
    "Whatever was found to be more is below that: as far as can be told, none of these plans is better or worse than another."
)


def open_in(tree: WrittenTree, future: str) -> float:
    """By how much the least cost of a future may be below what was found (money); 0 where that is too little to be told."""
    table = tree.tables["futures"]
    own = table[table["future"] == future].set_index("item")["value"]
    if not {"least_cost", "least_cost_bound"} <= set(own.index):
        return 0.0
    money = float(own["least_cost"]) - float(own["least_cost_bound"])
    return money if money > _too_little(tree) else 0.0


def money_left_open(tree: WrittenTree) -> float:
    """Money below which two plans cannot be told apart: the most that the gaps of the plan and of single futures leave open."""
    of_plan = float(tree.block["gap"] or 0.0) * abs(float(tree.block["expected_cost"]))
    return max([of_plan if of_plan > _too_little(tree) else 0.0, *(open_in(tree, leaf["name"]) for leaf in tree.leaves)])


def _too_little(tree: WrittenTree) -> float:
    return CLOSE * abs(float(tree.block["expected_cost"]))


def is_told(tree: WrittenTree, money: float) -> bool:
    """True for a difference that is more than nothing and than what the search leaves open."""
    return not is_nothing(tree, money) and money > money_left_open(tree)


def regret_words(tree: WrittenTree, future: str, money: float, language: Language) -> str:
    """What a plan costs more in a future than had it been known: what was found, and the most that it can be by the bound."""
    say, left = language.translate, open_in(tree, future)
    if not math.isfinite(money):
        return say("cannot be kept")
    shown = say("nothing") if is_nothing(tree, money) else language.money(money, tree.currency)
    if not left:
        return shown
    most = language.money(max(money, 0.0) + left, tree.currency)
    return say("{amount}, at most {most}", amount=shown, most=most) if is_told(tree, money) else say("at most {most}", most=most)


def left_open_words(tree: WrittenTree, language: Language) -> list[str]:
    """Which differences between regrets mean nothing; none where all is proven."""
    if not (money := money_left_open(tree)):
        return []
    lines = [language.translate(APART, money=language.money(money, tree.currency))]
    told = [float(value) for value in tree.regrets.to_numpy().ravel()]
    is_alike = len(tree.regrets) > 1 and all(math.isfinite(value) and not is_told(tree, value) for value in told)
    return [*lines, language.translate(ALL_ALIKE)] if is_alike else lines


def conclusion(tree: WrittenTree, language: Language) -> str:
    """That the futures change nothing of the first orders, where no plan of regret.csv tells otherwise; else nothing."""
    if not signs(tree) or tree.now.empty or EXPECTED not in tree.regrets.index:
        return ""
    own = {str(name): float(value) for name, value in tree.regrets.loc[EXPECTED].items()}
    if any(not math.isfinite(value) or is_told(tree, value) for value in own.values()):
        return ""
    most = max(max(value, 0.0) + open_in(tree, name) for name, value in own.items())
    if is_nothing(tree, most):
        return language.translate(SAME_ORDERS)
    share = language.percent(most / abs(float(tree.block["expected_cost"])), 2)
    return language.translate(SAME_FOUND, money=language.money(most, tree.currency), share=share)
