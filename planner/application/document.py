"""A document while it is written: chapters, sentences and tables, where their numbers stand, and what is left blank; as a Word file
in the styles of data/forms/form.docx, which an office may make its own."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.language.language import NONE, Language

TEMPLATE = Path(__file__).parents[2] / "data" / "forms" / "form.docx"
#: Width of the text (cm); points of the cells of tables, and of those of eight columns or more.
PAGE, SMALL, SMALLEST = 16.0, 9, 8
YELLOW = 7
_NUMBER = re.compile(r"[−-]?[\d,]+(\.\d+)?%?")


@dataclass(frozen=True)
class Source:
    """Where numbers come from: a file of the run or of the park, and the rows of it."""

    file: str
    rows: str = ""

    def __str__(self) -> str:
        return f"{self.file} ({self.rows})" if self.rows else self.file


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a chapter."""

    text: str
    level: int
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, and where its numbers stand: labels of tables, or names of files."""

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
class MissingText:
    """Something that only a person can say: what, in which chapter, the key of application.toml that states it, and of which
    projects, where it is of some."""

    what: str
    chapter: str
    key: str
    of: tuple[str, ...] = ()


@dataclass
class DocumentDraft:
    """The blocks of a document in their order. Tables are numbered by chapter."""

    language: Language
    blocks: list[Heading | Paragraph | Grid] = field(default_factory=list)
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
        """Add a paragraph whose numbers stand in these tables or files."""
        self.blocks.append(Paragraph(text, of))

    def grid(
        self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *sources: Source, wide: Sequence[float] = ()
    ) -> str:
        """Add a table; gives its label."""
        between = "" if self.language.code == "zh" else " "
        label = f"{self.language.translate('Table')}{between}{self._place}-{self._next('table')}"
        self.blocks.append(Grid(label, title, head, rows, tuple(dict.fromkeys(sources)), tuple(wide)))
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

    def _next(self, kind: str) -> int:
        self._counts[kind, self._place] = self._counts.get((kind, self._place), 0) + 1
        return self._counts[kind, self._place]


def check_installed() -> None:
    """Raise CaseError where python-docx is missing."""
    try:
        import docx  # noqa: F401
    except ImportError as error:
        raise CaseError.because('a Word file needs the extra: pip install "parkzero[word]"') from error


def word_file(draft: DocumentDraft, title: str, below: Sequence[str]) -> bytes:
    """The document as a .docx file; `below` are the lines under its title."""
    import docx

    document = docx.Document(str(TEMPLATE))
    document.core_properties.title = title
    document.sections[0].header.paragraphs[0].text = title
    document.add_paragraph(title, style="Title")
    for line in below:
        _marked(document.add_paragraph(style="Subtitle"), draft, line)
    document.add_paragraph(draft.language.translate("Contents"), style="TOC Heading")
    for block in draft.blocks:
        if isinstance(block, Heading):
            _link(document.add_paragraph(style=f"TOC {block.level}"), block.text, block.anchor)
    for block in draft.blocks:
        if isinstance(block, Heading):
            _bookmark(document.add_heading(block.text, block.level), block.anchor)
        elif isinstance(block, Paragraph):
            _words(document, draft, block)
        else:
            _grid(document, draft, block)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _words(document: Any, draft: DocumentDraft, block: Paragraph) -> None:
    places = [place for place in block.of if place]
    stop = next((mark for mark in (".", "。") if places and block.text.endswith(mark)), "")
    for line in block.text.removesuffix(stop).split("\n"):
        paragraph = document.add_paragraph()
        _marked(paragraph, draft, line)
    if not places:
        return
    before, after = ("（", "）") if draft.language.code == "zh" else (" (", ")")
    labels = {b.label for b in draft.blocks if isinstance(b, Grid)}
    for i, place in enumerate(places):
        paragraph.add_run(draft.language.translate(", ") if i else before)
        if place in labels:
            _link(paragraph, place, _anchor(place))
        else:
            paragraph.add_run(place)
    paragraph.add_run(after + stop)


def _grid(document: Any, draft: DocumentDraft, block: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    _bookmark(document.add_paragraph(f"{block.label}  {block.title}", style="Caption"), _anchor(block.label))
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Form Table")
    table.autofit = False
    wide = block.wide or (1.0,) * len(block.head)
    points = Pt(SMALL if len(wide) < 8 else SMALLEST)
    right = [_is_of_numbers([row[c] for row in block.rows], draft.blank) for c in range(len(block.head))]
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for r, cells in enumerate([block.head, *block.rows]):
        for c, cell in enumerate(table.rows[r].cells):
            cell.width = Cm(PAGE * wide[c] / sum(wide))
            paragraph = cell.paragraphs[0]
            paragraph.alignment = 1 if r == 0 else 2 if right[c] else 0
            for run in _marked(paragraph, draft, cells[c]):
                run.font.size = points
    if block.sources:
        files = "; ".join(map(str, block.sources))
        document.add_paragraph(draft.language.translate("Source: {files}", files=files), style="Source")


def _is_of_numbers(cells: Sequence[str], blank: str) -> bool:
    """True for a column of numbers, whatever of it is blank."""
    told = [cell for cell in cells if cell not in ("", NONE, blank)]
    return bool(told) and all(_NUMBER.fullmatch(cell) for cell in told)


def _anchor(label: str) -> str:
    return "at_" + re.sub(r"\W", "_", label)


def _marked(paragraph: Any, draft: DocumentDraft, text: str) -> list[Any]:
    """Add text, in which the marks of blanks are highlighted; gives its runs."""
    runs = [paragraph.add_run(part) for part in re.split(f"({re.escape(draft.blank)})", text) if part]
    for run in runs:
        if run.text == draft.blank:
            run.font.highlight_color = YELLOW
    return runs


def _bookmark(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    number = str(len(paragraph.part.element.xpath("//w:bookmarkStart")) + 1)
    for kind in ("Start", "End"):
        element = OxmlElement(f"w:bookmark{kind}", attrs={qn("w:id"): number} | ({qn("w:name"): name} if kind == "Start" else {}))
        paragraph._p.append(element)


def _link(paragraph: Any, text: str, anchor: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink", attrs={qn("w:anchor"): anchor})
    link.append(paragraph.add_run(text)._r)
    paragraph._p.append(link)
