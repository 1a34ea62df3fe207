"""The collector of everything that is wrong with a case, so that it is said all at once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable

from models.case import Origin

#: Complaints of one file that are printed; the rest is counted.
MOST_PER_FILE = 60
#: So many choices are listed in full; more are not.
MOST_CHOICES = 8


class Complaints:
    """What is wrong (`add`) and what is allowed and yet looks wrong (`warn`), one line each."""

    def __init__(self) -> None:
        self._faults: list[tuple[str, int, str]] = []
        self._seen: set[str] = set()
        self._counts: Counter[str] = Counter()
        self.warnings: list[str] = []

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, where: Origin | str, text: str) -> None:
        """Note a fault of a row (Origin) or of a file or option (its name)."""
        line = f"{where}: {text}"
        if line in self._seen:
            return
        file, number = (where.file, where.line) if isinstance(where, Origin) else (where, 0)
        self._counts[file] += 1
        if self._counts[file] > MOST_PER_FILE:
            return
        self._seen.add(line)
        self._faults.append((file, number, line))

    def warn(self, where: Origin | str, text: str) -> None:
        """Note what is allowed and yet looks wrong."""
        line = f"{where}: {text}"
        if line not in self.warnings:
            self.warnings.append(line)

    def lines(self) -> tuple[str, ...]:
        """All faults, the files in order of their first fault, each file from top to bottom."""
        order = {file: i for i, file in reversed(list(enumerate(f for f, _, _ in self._faults)))}
        lines = []
        for file in sorted(order, key=lambda f: order[f]):
            lines += [text for f, _, text in sorted(self._faults, key=lambda c: c[1]) if f == file]
            hidden = self._counts[file] - MOST_PER_FILE
            if hidden > 0:
                lines.append(f"{file}: {hidden:,} more faults; put these right first")
        return tuple(lines)


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that is spelt most like the word, or None where none is like it."""
    by_lower = {choice.lower(): choice for choice in choices}
    found = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.5)
    return by_lower[found[0]] if found else None


def is_no(column: str, word: str, noun: str, choices: Iterable[str], more: str = "") -> str:
    """`type 'solarpv': is no type; did you mean 'solar-rooftop'?`, with `more` said at the end."""
    known = sorted(set(choices))
    near = nearest(word, known)
    if near is not None:
        hint = f"did you mean {near!r}?"
    elif not known:
        hint = "none is stated"
    elif len(known) <= MOST_CHOICES:
        hint = "write " + " or ".join(repr(k) for k in known)
    else:
        hint = f"none of the {len(known)} known ones is like it"
    joint = " " if hint.endswith("?") else "; "
    return f"{column} {word!r}: is no {noun}; {hint}" + (joint + more if more else "")
