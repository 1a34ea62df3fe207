"""A document while it is written: chapters, sentences and tables, where their numbers stand, and what is left blank."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from models.errors import CaseError
from planner.language.language import NONE, Language

if TYPE_CHECKING:
    pass


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


Block = Heading | Paragraph | Grid


@dataclass
class DocumentDraft:
    """The blocks of a document in their order. Tables are numbered by chapter."""

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
        """Add a paragraph whose numbers stand in these tables or files."""
        self.blocks.append(Paragraph(text, of))

    def grid(
        self, title: str, head: Sequence[str], rows: Sequence[Sequence[str]], *sources: Source, wide: Sequence[float] = ()
    ) -> str:
        """Add a table; gives its label."""
        between = "" if self.language.code == "zh" else " "
        label = f"{self.language.translate('Table')}{between}{self._place}-{self._next('table')}"
        self.blocks.append(Grid(label, title, head, rows, sources, tuple(wide)))
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


# --- word ------------------------------------------------------------------------------------------------------------------
# The blocks of a document as a Word file: headings, paragraphs, tables, links between them.

#: Fonts: (of Latin letters, of Chinese ones).
TEXT, HEAD = ("Times New Roman", "宋体"), ("Arial", "黑体")
#: Width of the text in cm; points of tables and of what stands below them.
PAGE, SMALL, SMALLEST = 16.0, 9, 8
SHADE, YELLOW = "DDE6F0", 7
_NUMBER = re.compile(r"[−-]?[\d,]+(\.\d+)?%?")


def check_installed() -> None:
    """Raise CaseError where python-docx is missing."""
    try:
        import docx  # noqa: F401
    except ImportError as error:
        raise CaseError.because('a Word file needs the extra: pip install "parkzero[word]"') from error


def word_file(draft: DocumentDraft, title: str, below: Sequence[str]) -> bytes:
    """The document as a .docx file; `below` are the lines under its title."""
    import docx

    document = docx.Document()
    _styles(document)
    _page(document, title)
    _title(document, draft, title, below)
    for block in draft.blocks:
        if isinstance(block, Heading):
            _heading(document, block)
        elif isinstance(block, Paragraph):
            _words(document, draft, block)
        else:
            _grid(document, draft, block)
    into = io.BytesIO()
    document.save(into)
    return into.getvalue()


def _styles(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, fonts, points in (("Normal", TEXT, 11), ("Title", HEAD, 22), ("Heading 1", HEAD, 16), ("Heading 2", HEAD, 13)):
        style = document.styles[name]
        style.font.size, style.font.name = Pt(points), fonts[0]
        style.font.color.rgb = RGBColor(0, 0, 0)
        given = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            given.attrib.pop(qn(f"w:{theme}"), None)
        given.set(qn("w:hAnsi"), fonts[0])
        given.set(qn("w:eastAsia"), fonts[1])
    document.styles["Normal"].paragraph_format.space_after = Pt(6)


def _page(document: Any, title: str) -> None:
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm((21.0 - PAGE) / 2)
    section.top_margin = section.bottom_margin = Cm(2.5)
    head = section.header.paragraphs[0]
    head.alignment = 1
    _run(head, title, SMALLEST)
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    _field(foot, "PAGE", "1")
    document.core_properties.title = title
    document.core_properties.author = "parkzero"
    document.core_properties.comments = ""


def _title(document: Any, draft: DocumentDraft, title: str, below: Sequence[str]) -> None:
    from docx.shared import Pt

    document.add_paragraph().paragraph_format.space_after = Pt(120)
    document.add_paragraph(title, style="Title").alignment = 1
    for line in below:
        paragraph = document.add_paragraph()
        paragraph.alignment = 1
        _marked(paragraph, draft, line)
    document.add_page_break()
    _run(document.add_paragraph(), draft.language.translate("Contents"), 14, bold=True)
    for block in draft.blocks:
        if isinstance(block, Heading):
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.space_after = Pt(2)
            paragraph.paragraph_format.left_indent = Pt(18 * (block.level - 1))
            _link(paragraph, block.text, block.anchor)


def _heading(document: Any, block: Heading) -> None:
    paragraph = document.add_heading(block.text, block.level)
    paragraph.paragraph_format.page_break_before = block.level == 1
    _bookmark(paragraph, block.anchor)


def _words(document: Any, draft: DocumentDraft, block: Paragraph) -> None:
    places = [place for place in block.of if place]
    stop = next((mark for mark in (".", "。") if places and block.text.endswith(mark)), "")
    for line in block.text.removesuffix(stop).split("\n"):
        paragraph = document.add_paragraph()
        _marked(paragraph, draft, line)
    if not places:
        return
    before, after = ("（", "）") if draft.language.code == "zh" else (" (", ")")
    _run(paragraph, before)
    labels = {b.label for b in draft.blocks if isinstance(b, Grid)}
    for i, place in enumerate(places):
        if i:
            _run(paragraph, draft.language.translate(", "))
        if place in labels:
            _link(paragraph, place, anchor_of(place))
        else:
            _run(paragraph, place)
    _run(paragraph, after + stop)


def _grid(document: Any, draft: DocumentDraft, block: Grid) -> None:
    from docx.oxml import OxmlElement
    from docx.shared import Cm, Pt

    _caption(document, block)
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Table Grid")
    table.autofit = False
    wide = block.wide or (1.0,) * len(block.head)
    widths = [Cm(PAGE * w / sum(wide)) for w in wide]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    points = SMALL if len(wide) < 8 else SMALLEST
    right = [_is_of_numbers([row[c] for row in block.rows], draft.blank) for c in range(len(block.head))]
    for r, cells in enumerate([block.head, *block.rows]):
        properties = table.rows[r]._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if r == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for c, cell in enumerate(table.rows[r].cells):
            cell.width = widths[c]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
            paragraph.alignment = 1 if r == 0 else 2 if right[c] else 0
            _marked(paragraph, draft, cells[c], points, bold=r == 0)
            if r == 0:
                _shade(cell)
    _sources(document, draft, block)


def _is_of_numbers(cells: Sequence[str], blank: str) -> bool:
    """True for a column of numbers, whatever of it is blank."""
    told = [cell for cell in cells if cell not in ("", NONE, blank)]
    return bool(told) and all(_NUMBER.fullmatch(cell) for cell in told)


def _shade(cell: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        shade.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _caption(document: Any, block: Grid) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.alignment = 1
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(8)
    paragraph.paragraph_format.space_after = Pt(3)
    _run(paragraph, f"{block.label}  {block.title}", SMALL + 1, bold=True)
    _bookmark(paragraph, anchor_of(block.label))


def _sources(document: Any, draft: DocumentDraft, block: Grid) -> None:
    from docx.shared import Pt

    if not block.sources:
        return
    say = draft.language.translate
    told = (f"{s.file} ({s.rows})" if s.rows else s.file for s in dict.fromkeys(block.sources))
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(2)
    paragraph.paragraph_format.space_after = Pt(10)
    _run(paragraph, say("Source: {files}", files="; ".join(told)), SMALLEST)


def anchor_of(label: str) -> str:
    """Name of the bookmark of a table or figure."""
    return "at_" + re.sub(r"\W", "_", label)


def _marked(paragraph: Any, draft: DocumentDraft, text: str, points: float | None = None, bold: bool = False) -> None:
    """Add text; the marks of blanks are highlighted."""
    for part in re.split(f"({re.escape(draft.blank)})", text):
        if part:
            run = _run(paragraph, part, points, bold)
            if part == draft.blank:
                run.font.highlight_color = YELLOW


def _run(paragraph: Any, text: str, points: float | None = None, bold: bool = False) -> Any:
    from docx.shared import Pt

    run = paragraph.add_run(text)
    run.bold = bold or None
    if points:
        run.font.size = Pt(points)
    return run


def _bookmark(paragraph: Any, name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    number = str(len(paragraph.part.element.xpath("//w:bookmarkStart")) + 1)
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (start, end):
        element.set(qn("w:id"), number)
    start.set(qn("w:name"), name)
    paragraph._p.append(start)
    paragraph._p.append(end)


def _link(paragraph: Any, text: str, anchor: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = _run(paragraph, text)
    link.append(run._r)
    paragraph._p.append(link)


def _field(paragraph: Any, code: str, shown: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    field.append(_run(paragraph, shown, SMALL)._r)
    paragraph._p.append(field)
