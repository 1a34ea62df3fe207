"""Looks: shades of a kind are told apart in light and dark, a thing has one look on both sides of zero, and in both languages."""

from itertools import combinations

import pytest

from planner.answer.page.table import SHADES, Styles, colours, lighter

#: Ground of a dark page, as style.css has it.
DARK = "#14181d"


def parts(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it."""
    shares = ([p / 255 for p in parts(c)] for c in (one, other))
    bright = ([s / 12.92 if s <= 0.03928 else ((s + 0.055) / 1.055) ** 2.4 for s in own] for own in shares)
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in bright)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("kind", SHADES)
def test_shades_of_a_kind_stay_apart_in_light_and_dark(kind):
    for shades in (SHADES[kind], [lighter(c) for c in SHADES[kind]]):
        for one, other in combinations(shades, 2):
            assert sum((a - b) ** 2 for a, b in zip(parts(one), parts(other), strict=True)) ** 0.5 > 25


def test_every_colour_stands_out_from_a_dark_page():
    assert min(contrast(lighter(c), DARK) for c in colours()) > 3


def test_a_thing_has_one_look_on_both_sides_of_zero_and_one_entry_in_the_legend():
    styles = Styles({"Battery": "storage", "Tank": "storage"})
    styles.like("Battery (charging)", "Battery")
    looks = styles.of(["Tank", "Battery", "Battery (charging)"])
    assert looks["Battery (charging)"] == looks["Battery"] != looks["Tank"] and set(styles.named(looks)) == {"Tank", "Battery"}
    assert set(styles.named(styles.of(["Tank", "Battery (charging)"]))) == {"Tank", "Battery (charging)"}
