"""A document while it is written: chapters, sentences, tables and figures, where their numbers stand, and what is left blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from planner.language.language import Language


@dataclass(frozen=True)
class Source:
    """Where numbers come from: a file of the run or of the park, and the rows of it."""

    file: str
    rows: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: int
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, and where its numbers stand: labels of tables and figures, or names of files."""

    text: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table. `wide` are relative widths of its columns; the cells are as they are shown."""

    label: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    sources: tuple[Source, ...]
    wide: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A chart by year or by name: stacked columns, and lines over them."""

    label: str
    title: str
    unit: str
    frame: pd.DataFrame
    sources: tuple[Source, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class MissingText:
    """Something that only a person can say: what, in which chapter, the key of application.toml that states it, and of which
    projects, where it is of some."""

    what: str
    chapter: str
    key: str
    of: tuple[str, ...] = ()


Block = Heading | Paragraph | Grid | Picture


@dataclass
class DocumentDraft:
    """The blocks of a document in their order. Tables and figures are numbered by chapter."""

    language: Language
    blocks: list[Block] = field(default_factory=list)
    _missing: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _counts: dict[tuple[str, str], int] = field(default_factory=dict)
    _place: str = ""

    @property
    def blank(self) -> str:
        """What marks a blank."""
        return self.language.translate("[to fill in]")

    def chapter(self, title: str) -> None:
        """Begin a chapter; they are numbered from 1."""
        n = self._place = str(int(self._place) + 1 if self._place else 1)
        told = "一二三四五六七八九"[int(n) - 1] if self.language.code == "zh" else n
        self._begin(self.language.translate("Chapter {n}  {title}", n=told, title=title))

    def annex(self, title: str) -> None:
        """Begin an annex; they bear letters from A, after the last chapter."""
        self._place = chr(ord(self._place) + 1) if self._place.isalpha() else "A"
        self._begin(self.language.translate("Annex {n}  {title}", n=self._place, title=title))

    def section(self, title: str) -> None:
        """Begin a section of the chapter."""
        n = self._next("section")
        self.blocks.append(Heading(f"{self._place}.{n}  {title}", 2, f"section_{self._place}_{n}"))

    def words(self, text: str, *of: str) -> None:
        """Add a paragraph whose numbers stand in these tables, figures or files."""
        self.blocks.append(Paragraph(text, of))

    def grid(
        self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *sources: Source, wide: Sequence[float] = ()
    ) -> str:
        """Add a table; gives its label."""
        label = self._label("table", self.language.translate("Table"))
        self.blocks.append(Grid(label, title, head, rows, sources, tuple(wide)))
        return label

    def picture(self, title: str, unit: str, frame: pd.DataFrame, *sources: Source, lines: Sequence[str] = ()) -> str:
        """Add a chart; gives its label, '' where there is nothing to draw."""
        if frame.empty or not frame.columns.size:
            return ""
        label = self._label("figure", self.language.translate("Figure"))
        self.blocks.append(Picture(label, title, unit, frame, sources, tuple(lines)))
        return label

    def fill_in(self, what: str, key: str, of: str = "") -> str:
        """Note that something is left blank, of a project where it is of one, and give its mark."""
        of_which = self._missing.setdefault((what, self._place, key), [])
        if of and of not in of_which:
            of_which.append(of)
        return self.blank

    def blank_words(self, what: str, key: str) -> None:
        """Add a paragraph that is left blank and says what belongs there."""
        self.words(f"{self.fill_in(what, key)} {what}")

    def not_stated(self, names: Sequence[str]) -> None:
        """Add one line for what stays blank here, below what is known; the list at the end has the keys. Nothing without names."""
        if names:
            told = self.language.translate(", ").join(names)
            self.words(self.language.translate("{mark} Not stated yet, see annex A: {names}.", mark=self.blank, names=told))

    @property
    def missing(self) -> list[MissingText]:
        """All that is left blank."""
        return [MissingText(*entry, tuple(of)) for entry, of in self._missing.items()]

    def _begin(self, text: str) -> None:
        self.blocks.append(Heading(text, 1, f"chapter_{self._place}"))

    def _label(self, kind: str, word: str) -> str:
        between = "" if self.language.code == "zh" else " "
        return f"{word}{between}{self._place}-{self._next(kind)}"

    def _next(self, kind: str) -> int:
        self._counts[kind, self._place] = self._counts.get((kind, self._place), 0) + 1
        return self._counts[kind, self._place]
