"""What was done to a file on its way to a profile: sentences in order, in the language of who asks."""

from __future__ import annotations

from dataclasses import dataclass, field

from planner.language.language import Language, mark

#: Names of the days, Monday first, as first_weekday counts them.
WEEKDAYS = (mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"), mark("Sunday"))


@dataclass(frozen=True)
class Word:
    """A value of a sentence that is itself translated."""

    text: str


@dataclass
class Told:
    """Sentences, each a message and its values; what a person should look at is a warning."""

    lines: list[tuple[str, dict[str, object], bool]] = field(default_factory=list)

    def say(self, message: str, **values: object) -> None:
        """Add a sentence; the message is marked for translation where it is written."""
        self.lines.append((message, values, False))

    def warn(self, message: str, **values: object) -> None:
        """Add a sentence that asks for a look."""
        self.lines.append((message, values, True))

    def sentences(self, language: Language, only_warnings: bool = False) -> list[str]:
        """Every sentence in the language, or the warnings among them; warnings are marked as such."""
        return [
            (language.translate("look at this: {sentence}", sentence=text) if is_warning else text)
            for message, values, is_warning in self.lines
            if is_warning or not only_warnings
            for text in (language.translate(message, **_said(values, language)),)
        ]


def _said(values: dict[str, object], language: Language) -> dict[str, object]:
    """Words translated, numbers as the locale writes them; whole numbers (years, counts) stay as they are."""
    shown: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Word):
            shown[name] = language.translate(value.text)
        elif isinstance(value, float):
            shown[name] = language.amount(value)
        else:
            shown[name] = value
    return shown
