"""The language of what a person reads: words from a gettext catalogue, numbers as the locale writes them.

English is the source; `zh.po` holds the Chinese words and is read as it stands, so that nothing is compiled.
Names that come from a case are never translated.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent, get_currency_name

from models.errors import CaseError, printable
from planner.language.message import Message

#: The languages there are; the first one is the source of all words.
LANGUAGES = {"en": "en_GB", "zh": "zh_Hans_CN"}
#: Where the environment says the language, the first that is set counts.
ENVIRONMENT = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
FOLDER = Path(__file__).parent
#: The space after an amount of money in Chinese words, which a unit of Latin letters would need.
_AFTER_MONEY = re.compile(r"(?<=元) (?=[\u4e00-\u9fff])")
#: What stands where there is no number.
NONE = "–"


def mark(text: str) -> str:
    """Mark a word of a constant for the catalogues; it is translated where it is shown."""
    return text


#: What the system says of a file that it refuses.
OF_SYSTEM = (
    mark("No such file or directory"),
    mark("Permission denied"),
    mark("Is a directory"),
    mark("Not a directory"),
    mark("File exists"),
    mark("File name too long"),
    mark("No space left on device"),
    mark("Read-only file system"),
)


@cache
def words(code: str) -> Mapping[str, str]:
    """English -> the language, from its catalogue; empty for English."""
    path = FOLDER / f"{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=LANGUAGES[code]) if m.id and m.string}


class Language:
    """One language: its words and how it writes numbers, shares, money and dates."""

    def __init__(self, code: str = "en") -> None:
        self.code = code
        self.locale = Locale.parse(LANGUAGES[code])

    def translate(self, text: str, **values: object) -> str:
        """The words of a message in this language, with values put where it names them: `{year}`."""
        found = words(self.code).get(text, text)
        if not values:
            return found
        told = found.format(**values)
        return _AFTER_MONEY.sub("", told) if self.code == "zh" else told

    def tell(self, text: str) -> str:
        """A text in this language where it is a Message that the catalogue has; else as it is."""
        if text in OF_SYSTEM:
            return words(self.code).get(text, text)
        if not isinstance(text, Message) or text.template not in words(self.code):
            return str(text)
        values = {name: self.tell(value) for name, value in text.values.items()}
        try:
            return printable(words(self.code)[text.template].format(**values))
        except (KeyError, IndexError):  # a file says of which values, and lacks one
            return str(text)

    def sentences(self, *parts: str) -> str:
        """Sentences one after the other; empty ones are left out. Chinese has no space between them."""
        return ("" if self.code == "zh" else " ").join(part for part in parts if part)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A number with so many decimals, grouped."""
        if value is None or not math.isfinite(value):
            return NONE
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(round(value, decimals) + 0.0, pattern, locale=self.locale)

    def amount(self, value: float | None) -> str:
        """A size with three significant figures, whole from 100 on."""
        if value is None or not math.isfinite(value) or value == 0:
            return self.number(value)
        decimals = max(0, min(6, 2 - math.floor(math.log10(abs(value)))))
        return format_decimal(round(value, decimals) + 0.0, "#,##0.######", locale=self.locale)

    def percent(self, share: float | None, decimals: int = 1) -> str:
        """A share of 1 as a percentage."""
        if share is None or not math.isfinite(share):
            return NONE
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
        return format_percent(round(share, decimals + 2) + 0.0, pattern, locale=self.locale)

    def money_unit(self, currency: str, largest: float | None = None) -> tuple[str, float]:
        """Unit in which money is shown, and how much it is: (M CNY, 1e6), (万元, 1e4); the money itself where the largest amount
        is below a tenth of that unit."""
        unit, size = ("万", 1e4) if self.code == "zh" else ("M ", 1e6)
        if largest is not None and math.isfinite(largest) and abs(largest) < 0.1 * size:
            unit, size = "", 1.0
        return unit + self.currency(currency), size

    def money(self, value: float | None, currency: str, decimals: int | None = None) -> str:
        """An amount of money with its unit, e.g. `1,305.2 M CNY`, `130,517 万元`."""
        unit, size = self.money_unit(currency, value)
        places = decimals if decimals is not None else (1 if size == 1e6 else 0 if size > 1 or abs(value or 0.0) >= 100 else 2)
        return self.number(None if value is None else value / size, places) + f" {unit}"

    def currency(self, currency: str) -> str:
        """What the currency is called beside a number: `CNY`, `元`."""
        if self.code != "zh":
            return currency
        return "元" if currency == "CNY" else get_currency_name(currency, locale=self.locale)

    def date(self, day: date) -> str:
        """A day in words."""
        return format_date(day, "long", locale=self.locale)


#: The language of what no person has asked for in another.
ENGLISH = Language()


def choose_language(code: str | None = None) -> Language:
    """The language asked for; left out, that of the environment, English where it has none of ours.

    Raises CaseError for a language that is not there.
    """
    if code is None:
        return Language(_of_environment())
    if code not in LANGUAGES:
        raise CaseError.because("--language {code}: is none of {languages}", code=code, languages=", ".join(LANGUAGES))
    return Language(code)


def _of_environment() -> str:
    said = next((os.environ[name] for name in ENVIRONMENT if os.environ.get(name)), "")
    return next((code for code in LANGUAGES if said.lower().startswith(code)), "en")
