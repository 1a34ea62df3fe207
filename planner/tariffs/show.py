"""A park's tariff as letters in a terminal: hours by months, workdays and weekends."""

from __future__ import annotations

import numpy as np
from rich.table import Table

from planner.language.language import Language
from planner.profiles.picture import KINDS

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tariff_tables(name: str, prices: np.ndarray, currency: str, language: Language) -> list[Table]:
    """A table of letters for each kind of days where they differ, and which letter is which price."""
    say = language.translate
    levels = sorted(set(np.round(prices, 6).ravel().tolist()), reverse=True)
    letter = {level: LETTERS[min(i, len(LETTERS) - 1)] for i, level in enumerate(levels)}
    kinds = list(enumerate(map(say, KINDS[prices.shape[1]])))
    kinds = [(0, say("all days"))] if np.allclose(prices, prices[:, :1]) else kinds
    tables = []
    for kind, days in kinds:
        title = say("{supply}, {days}", supply=name, days=days)
        table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
        table.add_column(say("month"), justify="right")
        table.add_column("012345678901234567890123")
        for month in range(12):
            table.add_row(str(month + 1), "".join(letter[level] for level in np.round(prices[month, kind], 6).tolist()))
        tables.append(table)
    key = Table(box=None, padding=(0, 1), show_header=False)
    for level in levels[: len(LETTERS)]:
        key.add_row(letter[level], f"{language.amount(level)} {currency}/MWh", f"{language.amount(level / 1000)} {currency}/kWh")
    return [*tables, key]
