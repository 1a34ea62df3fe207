"""Loads as they were read: a calendar of the hours of each, with its figures, beside the bills and the tariffs of the park."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from models.inputs.calendar import DAYS_OF_MONTH
from planner.answer.page.annex import Report, Section, section
from planner.answer.page.frame import drawing, figure
from planner.answer.page.scale import short
from planner.answer.page.table import Markup, join, number, table, tag
from planner.language.language import mark
from planner.language.words import CARRIERS, named

# --- pixels ----------------------------------------------------------------------------------------------------------------
# PNG by a few lines of our own, for pictures of many small patches: no library that draws pixels is a dependency.

#: From little to much; told apart by everybody, in print too.
COLOURS = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")


def rgb(colour: str) -> tuple[int, ...]:
    """#08306b as three numbers."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def levels_of(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """The colour of each value, 0 for `low` and the last for `high`."""
    last = len(COLOURS) - 1
    return np.clip(((values - low) / ((high - low) or 1.0) * len(COLOURS)).astype(int), 0, last)


def png(width: int, height: int, kind: tuple[int, int], rows: Sequence[bytes], palette: bytes = b"") -> bytes:
    """A PNG file; `kind`: bits of a sample, and 2 for three colours a dot or 3 for places in a palette."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0))
    colours = chunk(b"PLTE", palette) if palette else b""
    dots = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
    return b"\x89PNG\r\n\x1a\n" + head + colours + dots + chunk(b"IEND", b"")


def small_png(levels: np.ndarray) -> str:
    """A dot for each level of (rows, columns), half a byte each, as base64; -1 is a dot without colour's place: white."""
    rows, width = levels.shape
    places = np.where(levels < 0, len(COLOURS), levels).astype(np.uint8)
    if width % 2:
        places = np.hstack([places, np.zeros((rows, 1), dtype=np.uint8)])
    packed = (places[:, 0::2] << 4) | places[:, 1::2]
    palette = b"".join(bytes(rgb(c)) for c in (*COLOURS, "#ffffff"))
    return base64.b64encode(png(width, rows, (4, 3), [row.tobytes() for row in packed], palette)).decode()


# --- loads -----------------------------------------------------------------------------------------------------------------

#: Of a drawing: its width, room on the left, above and below, height of an hour.
WIDTH, LEFT, ABOVE, BELOW, HOUR = 370.0, 24.0, 18.0, 26.0, 5.0
#: Width of a colour of the scale.
KEY = 12
DAYS, MONTHS = 365, 12
KINDS_OF_DAYS = {
    2: mark("{name}: price by hour and month, workdays and weekends"),
    3: mark("{name}: price by hour and month, workdays, Saturdays and Sundays"),
}


def loads_section(report: Report) -> Section | None:
    """Tables of loads and bills, and a picture of each load and tariff; None for a run that does not tell of them."""
    say, found = report.language.translate, report.output.facts.get("loads")
    if not found or not found["demands"]:
        return None
    note = say("Demands as the park states them, before measures and before anything moves.")
    pictures = [_load(report, one) for one in found["demands"] if one["calendar"]]
    pictures += [_tariff(report, one) for one in found["tariffs"]]
    parts = [_demands(report, found["demands"]), tag("div", *pictures, class_="grid"), _bills(report, found["bills"])]
    return section("loads", say("Loads, bills and tariffs"), tag("p", note, class_="note"), *parts)


def _demands(report: Report, rows: list[Mapping[str, Any]]) -> Markup:
    """Energy, highest hour and load factor of each demand."""
    language, say = report.language, report.language.translate
    units = ("MWh", say("highest hour [MW]"), say("load factor"))
    head = [say("demand"), say("carrier"), say("year"), *units]
    body = [
        [
            report.titles.of(one["demand"]),
            named(language, CARRIERS, one["carrier"]),
            str(one["year"] or "–"),
            number(one["energy"], language.number(one["energy"])),
            number(one["highest"], language.amount(one["highest"])),
            number(one["load_factor"], f"{one['load_factor']:.2f}"),
        ]
        for one in rows
    ]
    return table(head, body, 3, say("Loads"))


def _bills(report: Report, rows: list[Mapping[str, Any]]) -> Markup | None:
    """What was billed."""
    language, say = report.language, report.language.translate
    if not rows:
        return None
    head = [say("bill"), say("carrier"), say("year"), "MWh", report.language.currency(report.output.currency)]
    body = [
        [
            report.titles.of(one["supply"]),
            named(language, CARRIERS, one["carrier"]),
            str(one["year"]),
            number(one["energy"], language.number(one["energy"])),
            number(one["cost"], language.number(one["cost"])),
        ]
        for one in rows
    ]
    return join([tag("h3", say("Bills")), table(head, body, 3, say("Bills"))])


def _load(report: Report, one: Mapping[str, Any]) -> Markup:
    """The calendar of a demand, and below it the working days on which little is used."""
    language, say = report.language, report.language.translate
    title = say("Hours of {name}, by month", name=report.titles.of(one["demand"]))
    finding = say(
        "{energy} MWh, at most {highest} MW", energy=language.number(one["energy"]), highest=language.amount(one["highest"])
    )
    starts = [0, *accumulate(DAYS_OF_MONTH)]
    labels = [((starts[m] + starts[m + 1]) / 2 / DAYS, str(m + 1)) for m in range(MONTHS)]
    ends = [f"{language.amount(one[side])} MW" for side in ("lowest", "highest")]
    days = say("Working days with little use: {days}", days=", ".join(one["quiet"])) if one["quiet"] else ""
    return figure(
        _drawn(one["calendar"], labels, ends, title), title, tag("p", days, class_="note") if days else None, finding=finding
    )


def _tariff(report: Report, one: Mapping[str, Any]) -> Markup:
    """The prices of a supply, workdays beside weekends."""
    language, say = report.language, report.language.translate
    title = say(KINDS_OF_DAYS[one["kinds"]], name=report.titles.of(one["supply"]))
    unit = f"{language.currency(report.output.currency)}/MWh"
    low, high = (language.amount(one[side]) for side in ("lowest", "highest"))
    finding = say("{lowest} to {highest} {unit}", lowest=low, highest=high, unit=unit)
    count, shown = one["kinds"], (1, 4, 7, 10)
    wide = count * (MONTHS + 1) - 1
    labels = [((part * (MONTHS + 1) + m - 0.5) / wide, str(m)) for part in range(count) for m in shown]
    return figure(_drawn(one["picture"], labels, [f"{low} {unit}", f"{high} {unit}"], title), title, finding=finding)


def _drawn(picture: str, labels: list[tuple[float, str]], ends: list[str], title: str) -> Markup:
    """The picture with months above (place from 0 to 1), hours on the left, and the scale below."""
    wide, high = WIDTH - LEFT, 24 * HOUR
    place = {"x": short(LEFT), "y": short(ABOVE), "width": short(wide), "height": short(high)}
    image = tag("image", href=f"data:image/png;base64,{picture}", preserveAspectRatio="none", class_="heat", **place)
    above = [tag("text", text, x=short(LEFT + at * wide), y=13, class_="t mid") for at, text in labels]
    hours = [tag("text", str(h), x=short(LEFT - 5), y=short(ABOVE + h * HOUR + 9), class_="t end") for h in (0, 6, 12, 18)]
    foot, left = ABOVE + high + 8, WIDTH / 2 - len(COLOURS) * KEY / 2
    keys = [tag("rect", x=short(left + n * KEY), y=short(foot), width=KEY, height=13, fill=c) for n, c in enumerate(COLOURS)]
    scale = [
        tag("text", ends[0], x=short(left - 6), y=short(foot + 11), class_="t end"),
        tag("g", *keys, class_="heat"),
        tag("text", ends[1], x=short(WIDTH - left + 6), y=short(foot + 11), class_="t"),
    ]
    return drawing(join([image, *above, *hours, *scale]), WIDTH, foot + BELOW - 8, title, "calendar")
