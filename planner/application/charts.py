"""Charts of a Word file: native ones, whose numbers a person can see and edit.

XlsxWriter makes a workbook with the series and a chart of them; the chart goes into the Word file as it stands, and the workbook
as the data that it is of. No picture is drawn, so that no library of pictures is needed.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import xlsxwriter

from planner.answer.page.palette import PLAIN
from planner.answer.workbook_summary import GRID
from planner.application.draft import Picture

if TYPE_CHECKING:
    from docx.document import Document

SHEET = "data"
CHART = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: Size on the page in English Metric Units (360,000 a cm).
WIDTH, HEIGHT = 15 * 360_000, 8 * 360_000
_INLINE = """<w:drawing {names}><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>
<wp:docPr id="{n}" name="{label}" descr="{title}"/><wp:cNvGraphicFramePr/><a:graphic>
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="{rid}"/></a:graphicData>
</a:graphic></wp:inline></w:drawing>"""
_NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    f'xmlns:r="{_RELATIONS}"'
)


def chart_of(picture: Picture) -> tuple[bytes, bytes]:
    """The chart as XML that names its data as rId1, and the workbook of its data."""
    into = io.BytesIO()
    with xlsxwriter.Workbook(into, {"in_memory": True}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 1, [*map(str, picture.frame.columns)])
        for row, (at, values) in enumerate(picture.frame.iterrows(), start=1):
            sheet.write_string(row, 0, str(at))
            sheet.write_row(row, 1, [float(v) for v in values])
        sheet.insert_chart("A1", _drawn(book, picture))
    with zipfile.ZipFile(into) as parts:
        xml = parts.read("xl/charts/chart1.xml").decode()
    data = f'<c:externalData xmlns:r="{_RELATIONS}" r:id="rId1"><c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    xml = re.sub(r"<c:printSettings>.*</c:printSettings>", "", xml, flags=re.DOTALL).replace("</c:chartSpace>", data)
    return xml.encode(), into.getvalue()


def _drawn(book: xlsxwriter.Workbook, picture: Picture) -> Any:
    names = [*map(str, picture.frame.columns)]
    stacked, lines = [n for n in names if n not in picture.lines], [n for n in names if n in picture.lines]
    parts = []
    for kind, own in (("column", stacked), ("line", lines)):
        if not own:
            continue
        part = book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})
        for name in own:
            c, last = names.index(name) + 1, len(picture.frame)
            colour = "#000000" if kind == "line" and stacked else PLAIN[(c - 1) % len(PLAIN)]
            look = {"fill": {"color": colour}, "gap": 40} if kind == "column" else {"line": {"color": colour, "width": 2}}
            part.add_series({"name": [SHEET, 0, c], "categories": [SHEET, 1, 0, last, 0], "values": [SHEET, 1, c, last, c], **look})
        parts.append(part)
    drawn = parts[0]
    if len(parts) > 1:
        drawn.combine(parts[1])
    font = {"size": 9}
    drawn.set_title({"none": True})
    drawn.set_x_axis({"num_font": font, "label_position": "low"})
    drawn.set_y_axis(
        {
            "name": picture.unit,
            "name_font": {**font, "bold": False},
            "num_font": font,
            "num_format": "#,##0",
            "major_gridlines": {"visible": True, "line": {"color": GRID}},
        }
    )
    drawn.set_legend({"none": True} if len(names) == 1 else {"position": "bottom", "font": font})
    return drawn


def add_chart(document: Document, picture: Picture, n: int) -> None:
    """Add a paragraph with the chart, the n-th of the document."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    xml, book = chart_of(picture)
    package = document.part.package
    part = Part(PackURI(f"/word/charts/chart{n}.xml"), CHART, xml, package)
    data = Part(PackURI(f"/word/embeddings/chart{n}.xlsx"), BOOK, book, package)
    part.rels.add_relationship(RELATIONSHIP_TYPE.PACKAGE, data, "rId1")
    rid = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    said = {"label": _escaped(picture.label), "title": _escaped(picture.title)}
    drawing = _INLINE.format(names=_NAMES, width=WIDTH, height=HEIGHT, n=1000 + n, rid=rid, **said)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.add_run()._r.append(parse_xml(drawing))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
