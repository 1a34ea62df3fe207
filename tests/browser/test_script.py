"""What the page's script adds: values under the pointer, series on and off, sorted and filtered tables, a year slider; and
that the page is the same without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from chromium import Browser

from planner.report.page import write_page

WIDE = 1280
CHART = "[...document.querySelectorAll('#emissions figure')][0]"


@pytest.fixture(scope="module")
def page(outputs: dict[str, Path]) -> Path:
    return write_page(outputs["lakeside"])


def test_the_pointer_shows_the_row_of_the_table_behind_the_chart(browser: Browser, page):
    browser.open(page, WIDE)
    wanted, told = browser.run(f"""
        const figure = {CHART}, svg = [...figure.querySelectorAll('svg.chart')].find(s => s.getBoundingClientRect().width > 0);
        const table = figure.querySelector('details table'), head = [...table.tHead.rows[0].cells].slice(1).map(c => c.textContent);
        const rows = [...table.tBodies[0].rows], i = 2;
        const box = svg.getBoundingClientRect(), g = svg.querySelector('g[data-left]').dataset, wide = svg.viewBox.baseVal.width;
        const x = Number(g.left) + (i + .5) * (g.right - g.left) / rows.length;
        svg.dispatchEvent(new PointerEvent('pointermove', {{clientX: box.left + x / wide * box.width, clientY: box.top + 20}}));
        const cells = [...rows[i].cells].map(c => c.textContent), shown = {{}};
        head.forEach((name, n) => {{ if (cells[n + 1] && !/^-?(0(\\.0+)?|–)$/.test(cells[n + 1])) shown[name] = cells[n + 1]; }});
        const tip = document.querySelector('.tip'), dt = [...tip.querySelectorAll('dt')], found = {{}};
        dt.forEach(d => found[d.textContent] = d.nextElementSibling.textContent);
        return [[cells[0], shown], [tip.querySelector('b').textContent, found]];
    """)
    assert wanted == told and len(told[1]) > 2


def test_an_entry_of_the_legend_switches_its_series_off_and_on(browser: Browser, page):
    browser.open(page, WIDE)
    seen = f"""
        const figure = {CHART}, button = figure.querySelector('.legend button');
        const look = [...button.querySelector('.swatch > *').classList].find(c => /^[sl]\\d+$/.test(c));
        const shown = () => [...figure.querySelectorAll('.chart.wide .' + look)].filter(e => getComputedStyle(e).display !== 'none').length;
        const counts = [shown()];
        button.click(); counts.push(shown(), button.getAttribute('aria-pressed'));
        button.click(); counts.push(shown(), button.getAttribute('aria-pressed'));
        return counts;
    """
    first, off, pressed, again, released = browser.run(seen)
    assert first == again > 0 == off and (pressed, released) == ("false", "true")


def test_a_table_is_sorted_by_number_and_filtered_by_a_word(browser: Browser, page):
    browser.open(page, WIDE)
    found = browser.run("""
        const table = document.querySelector('#schedule details table'), column = 4;
        table.closest('details').open = true;
        const values = () => [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => Number(r.cells[column].querySelector('data')?.value ?? 0));
        const button = table.tHead.rows[0].cells[column].querySelector('button');
        button.click(); const up = values(); button.click(); const down = values();
        const box = table.closest('details').querySelector('input[type=search]');
        let left = null;
        if (box) { box.value = 'battery'; box.dispatchEvent(new Event('input')); left = [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => r.cells[1].textContent); }
        return [up, down, left, table.tBodies[0].rows.length];
    """)
    up, down, left, count = found
    assert up == sorted(up) and down == sorted(down, reverse=True) and len(set(up)) > 2
    assert (left is None) == (count <= 30)
    assert left is None or (left and all("battery" in name.lower() for name in left))


def test_the_slider_chooses_the_year_of_the_flows(browser: Browser, page):
    browser.open(page, WIDE)
    shown, years = browser.run("""
        const tabs = [...document.querySelectorAll('.tabs')].find(t => t.querySelector('input[name=flows]'));
        const range = tabs.querySelector('input[type=range]'), labels = [...tabs.querySelectorAll('label')].map(l => l.textContent);
        if (!range) return [null, labels];
        const found = [];
        for (let i = 0; i < labels.length; i++) {
          range.value = i; range.dispatchEvent(new Event('input'));
          const panels = [...tabs.querySelectorAll('.panel')].filter(p => getComputedStyle(p).display !== 'none');
          found.push(panels.map(p => p.querySelector('h3').textContent));
        }
        return [found, labels];
    """)
    assert (shown is None) == (len(years) < 4)
    assert shown is None or all(len(titles) == 1 and year in titles[0] for titles, year in zip(shown, years, strict=True))


def test_without_the_script_everything_is_there(browser: Browser, page):
    browser.open(page, WIDE)
    asked = "return [document.querySelectorAll('section').length, document.querySelectorAll('svg.chart').length, document.querySelectorAll('table').length]"
    before = browser.run(asked)
    assert browser.run("return document.querySelectorAll('.tools').length") > 5
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page, WIDE)
        assert browser.run(asked) == before
        assert browser.run("return document.querySelectorAll('.tools, .legend button').length") == 0
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
