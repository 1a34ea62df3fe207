"""The calendar of a profile as PNG: every hour of the year a patch of colour, months above, hours on the left, the scale below.

Written by hand, a few dozen lines: no library that draws pixels is a dependency of the planner. Its letters are digits and units.
"""

from __future__ import annotations

import numpy as np

from models.inputs.calendar import DAYS_OF_MONTH
from planner.answer.loads import COLOURS, levels_of, png, rgb

#: Rows of three dots of each letter, from the top; 4 is the left dot, 1 the right one.
_GLYPHS = {
    "0": "75557",
    "1": "26227",
    "2": "71747",
    "3": "71717",
    "4": "55711",
    "5": "74717",
    "6": "74757",
    "7": "71111",
    "8": "75757",
    "9": "75717",
    ".": "00002",
    "-": "00700",
    "e": "02747",
    "+": "02720",
    "M": "57755",
    "W": "55775",
    "k": "45655",
}
#: Dots of a letter's dot, and of an hour: width of a day, height of an hour; room on the left, above and below.
DOT, WIDE, HIGH, LEFT, ABOVE, BELOW = 2, 3, 10, 30, 18, 36
INK, PAPER, LINE = (68, 68, 68), (255, 255, 255), (170, 170, 170)


def calendar_png(values: np.ndarray, unit: str = "") -> bytes:
    """The picture of (8760,) hours; `unit` stands beside the scale where it is of letters that there are."""
    days = values.reshape(365, 24).T
    low, high = float(days.min()), float(days.max())
    level = levels_of(days, low, high)
    palette = np.array([rgb(c) for c in COLOURS], dtype=np.uint8)
    image = np.full((ABOVE + 24 * HIGH + BELOW, LEFT + 365 * WIDE + 8, 3), PAPER, dtype=np.uint8)
    image[ABOVE : ABOVE + 24 * HIGH, LEFT : LEFT + 365 * WIDE] = palette[np.kron(level, np.ones((HIGH, WIDE), dtype=int))]
    start = 0
    for month, length in enumerate(DAYS_OF_MONTH, start=1):
        if start:
            image[ABOVE : ABOVE + 24 * HIGH, LEFT + start * WIDE] = LINE
        _write(image, str(month), LEFT + int((start + length / 2) * WIDE) - 4, 4)
        start += length
    for hour in range(0, 24, 6):
        _write(image, str(hour), 4, ABOVE + hour * HIGH)
    foot = ABOVE + 24 * HIGH + 6
    for n, colour in enumerate(palette):
        image[foot : foot + 10, LEFT + n * 22 : LEFT + (n + 1) * 22] = colour
    told = unit if all(letter in _GLYPHS for letter in unit) else ""
    _write(image, f"{low:.3g} {told}".strip(), LEFT, foot + 15)
    _write(image, f"{high:.3g} {told}".strip(), LEFT + len(COLOURS) * 22, foot + 15)
    height, width, _ = image.shape
    return png(width, height, (8, 2), [row.tobytes() for row in image])


def _write(image: np.ndarray, text: str, x: int, y: int) -> None:
    """Letters into the picture; what has no glyph is a blank."""
    for letter in text:
        for row, dots in enumerate(_GLYPHS.get(letter, "00000")):
            for column in range(3):
                if int(dots) & (4 >> column):
                    image[y + row * DOT : y + (row + 1) * DOT, x + column * DOT : x + (column + 1) * DOT] = INK
        x += 4 * DOT
