"""The tree of futures in words, for `plan check`: who branches from whom, when, how likely it is, and what differs."""

from __future__ import annotations

from models.case import Case, FutureValue
from planner.futures.figures import groups, told
from planner.futures.tree import ROOT, Tree
from planner.language.language import Language


def tree_lines(case: Case, language: Language) -> list[str]:
    """A line a future, below that it branches from; none where the park states no futures."""
    if not case.futures:
        return []
    tree, say = Tree.of(case.futures, case.park), language.translate
    first, branches = case.park.first_year, tree.branches_in
    if branches is None:
        head = say("{count} futures; which one comes is never known, so all orders are shared", count=len(tree.leaves))
    elif branches == first:
        head = say(
            "{count} futures, told apart from {year} on, the first year: nothing is ordered before",
            count=len(tree.leaves),
            year=branches,
        )
    else:
        head = say("{count} futures, told apart from {year} on; orders before are shared", count=len(tree.leaves), year=branches)
    return [head, *_below(case, tree, ROOT, language)]


def _below(case: Case, tree: Tree, parent: str, language: Language) -> list[str]:
    lines: list[str] = []
    for name in tree.children(parent):
        lines += [_line(case, tree, name, language), *_below(case, tree, name, language)]
    return lines


def _line(case: Case, tree: Tree, name: str, language: Language) -> str:
    """`  dear gas, 40 %, from 2030: prices gas energy × 1.5`."""
    say, row = language.translate, tree.row(name)
    share = f"{100 * tree.probability(name):.3g} %"
    likely = say("{share} (assumed)", share=share) if name in tree.assumed else share
    when = say("never known") if row.from_year is None else say("from {year}", year=row.from_year)
    figures = [_told(group, language) for group in groups(case.future_values, name)]
    what = say("; ").join(figures) if figures else say("nothing differs")
    return "  " * len(tree.path(name)) + say("{future}, {share}, {when}: {what}", future=name, share=likely, when=when, what=what)


def _told(group: list[FutureValue], language: Language) -> str:
    """A figure and what it becomes, the first and the last year of it."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return f"{told(group[0])} " + ", ".join(_change(row, language) for row in ends)


def _change(row: FutureValue, language: Language) -> str:
    number = f"× {row.factor:g}" if row.factor is not None else f"= {row.value} {row.unit}".rstrip()
    return number if row.year is None else language.translate("{number} in {year}", number=number, year=row.year)
