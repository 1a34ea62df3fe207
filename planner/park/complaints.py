"""The collector of everything that is wrong with a case, so that it is said all at once."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from models.case import Origin
from planner.language.message import Message
from planner.language.words import word as named
from planner.park import faults
from planner.park.remarks import MORE, PLACE, PLACED

#: Complaints of one file that are printed, and warnings; the rest is counted.
MOST_PER_FILE = 50
#: So many choices are listed in full; more are not.
MOST_CHOICES = 8
#: Among so many names the nearest one is looked for; among more, only if they begin alike.
MOST_COMPARED = 500
#: Letters of a word that are compared.
MOST_LETTERS = 60
#: From so much likeness of letters on (0 to 1) a name is that one with a slip, or is near; one letter of three may be wrong.
NEARLY, ALIKE, ALIKE_OF_THREE = 0.85, 0.75, 0.66
#: Letters of a beginning that says something.
LEAST_BEGINNING = 4


class Complaints:
    """What is wrong (`add`) and what is allowed and yet looks wrong (`warn`), one line each."""

    def __init__(self) -> None:
        self._faults: list[tuple[str, int, str]] = []
        self._seen: set[str] = set()
        self._counts: Counter[str] = Counter()
        self._warned: dict[str, str] = {}
        self._warnings: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, where: Origin | str, text: str | Callable[[], str]) -> None:
        """Note a fault of a row (Origin) or of a file or option (its name).

        `text` may be a function where it takes long to find the words: it is only asked if they are printed.
        """
        file, number = (where.file, where.line) if isinstance(where, Origin) else (where, 0)
        if self._counts[file] >= MOST_PER_FILE:
            self._counts[file] += 1
            return
        line = _placed(where, text() if callable(text) else text)
        if line in self._seen:
            return
        self._counts[file] += 1
        self._seen.add(line)
        self._faults.append((file, number, line))

    def warn(self, where: Origin | str, remark: str, **values: object) -> None:
        """Note what is allowed and yet looks wrong, in the words of a remark."""
        file = where.file if isinstance(where, Origin) else where
        line = _placed(where, Message(remark, **values))
        if line in self._warned:
            return
        self._warnings[file] += 1
        if self._warnings[file] <= MOST_PER_FILE:
            self._warned[line] = file

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed and yet looks wrong, in the order in which it was noted."""
        hidden = {file: count - MOST_PER_FILE for file, count in self._warnings.items() if count > MOST_PER_FILE}
        more = (Message(PLACED, place=file, words=Message(MORE, count=f"{count:,}")) for file, count in hidden.items())
        return (*self._warned, *more)

    def lines(self) -> tuple[str, ...]:
        """All faults, the files in order of their first fault, each file from top to bottom."""
        order = {file: i for i, file in reversed(list(enumerate(f for f, _, _ in self._faults)))}
        lines = []
        for file in sorted(order, key=lambda f: order[f]):
            lines += [text for f, _, text in sorted(self._faults, key=lambda c: c[1]) if f == file]
            hidden = self._counts[file] - MOST_PER_FILE
            if hidden > 0:
                lines.append(Message(PLACED, place=file, words=Message(faults.MORE_FAULTS, count=f"{hidden:,}")))
        return tuple(lines)


def _placed(where: Origin | str, words: str) -> Message:
    """Words with their place before them, no longer than a printed line."""
    place = Message(PLACE, file=where.file, line=where.line) if isinstance(where, Origin) and where.line else str(where)
    return Message(PLACED, place=place, words=words).shortened()


def nearest(word: str, choices: Iterable[str], least: float = 0.0) -> str | None:
    """The choice that is most likely meant, or None where none is near: like letters alone do not make another thing near.

    First what is spelt almost the same; then what has all words of the given name (`biomass`: `biomass-wood`, rather than
    `biogas`) or all of whose words were given (`lithium-battery`: `battery`); then what is spelt alike or begins alike.
    """
    return _nearest(word.lower()[:MOST_LETTERS], tuple(choices), least)


@lru_cache(maxsize=10_000)
def _nearest(word: str, choices: tuple[str, ...], least: float) -> str | None:
    """As `nearest`, for a `word` in lower case. Answers are cached: the same wrong name often stands in every row of a table."""
    by_lower = {choice.lower()[:MOST_LETTERS]: choice for choice in choices}
    compared = list(by_lower)
    if len(compared) > MOST_COMPARED:
        compared = [choice for choice in compared if choice[:1] == word[:1]][:MOST_COMPARED]
    alike = sorted(((_likeness(word, choice), choice) for choice in compared), reverse=True)
    if least:
        return next((by_lower[choice] for likeness, choice in alike if likeness >= least), None)
    given = _words(word)
    sharing = [
        (-len(given ^ own), likeness, choice)
        for likeness, choice in alike
        if given and (own := _words(choice)) and (own <= given or given <= own)
    ]
    found = next((choice for likeness, choice in alike if likeness >= NEARLY), "")
    found = found or max(sharing, default=(0, 0.0, ""))[2]
    found = found or next((choice for likeness, choice in alike if likeness >= (ALIKE if len(word) > 3 else ALIKE_OF_THREE)), "")
    found = found or next((choice for _, choice in alike if _begin_alike(word, choice)), "")
    return by_lower.get(found)


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name))


def _likeness(word: str, choice: str) -> float:
    """How alike two names are spelt (0 to 1), hyphens aside."""
    first, second = (re.sub(r"[\W_]", "", name) or name for name in (word, choice))
    matcher = difflib.SequenceMatcher(None, second, first)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE_OF_THREE else 0.0


def _begin_alike(word: str, choice: str) -> bool:
    """True if one name goes on where the other, or its first word, ends (`solarpv`: `solar-rooftop`)."""
    first = re.split(r"[\W_]", choice)[0]
    goes_on = len(first) >= LEAST_BEGINNING and word.startswith(first) and len(_words(word)) == 1
    return goes_on or (len(word) >= LEAST_BEGINNING and choice.startswith(word))


def is_no(column: str, word: str, noun: str, choices: Iterable[str], more: str = "") -> str:
    """`type 'solarpv': is no type; did you mean 'solar-rooftop'?`, with `more` said at the end."""
    return faults.of(f"{column} {word!r}", no_such(word, noun, choices, more))


def no_such(word: str, noun: str, choices: Iterable[str], more: str = "") -> str:
    """`is no type; did you mean 'solar-rooftop'?`, with `more` said at the end; `noun`: one of `NOUNS`, or a Message."""
    known = sorted(set(choices))
    near = nearest(word, known)
    if near is not None:
        hint = Message(faults.NEAR, near=repr(near))
    elif not known:
        hint = Message(faults.NONE_STATED)
    elif len(known) <= MOST_CHOICES:
        hint = Message(faults.WRITE, choices=faults.any_of([repr(k) for k in known]))
    else:
        hint = Message(faults.UNLIKE, count=len(known))
    if more:
        hint = Message(faults.AFTER_QUESTION if near is not None else faults.AFTER_HINT, hint=hint, more=more)
    return Message(faults.IS_NO, noun=named(faults.NOUNS, noun), hint=hint)
