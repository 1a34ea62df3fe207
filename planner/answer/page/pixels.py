"""PNG by a few lines of our own, for pictures of many small patches: no library that draws pixels is a dependency."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np

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
