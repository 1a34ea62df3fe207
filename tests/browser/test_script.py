"""What the page's script adds: values under the pointer, series on and off, sorted and filtered tables, a year slider; and
that the page is the same without it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from chromium import Browser
from parks import Draft

from planner.answer.files import write_run
from planner.answer.page.page import write_page
from planner.planning.run import Options, plan_park
from planner.tables.facts import read_dispatch

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
        const table = document.querySelector('#energy .panel details table'), column = 3;
        table.closest('details').open = true;
        const values = () => [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => Number(r.cells[column].querySelector('data')?.value ?? 0));
        const button = table.tHead.rows[0].cells[column].querySelector('button');
        button.click(); const up = values(); button.click(); const down = values();
        const box = table.closest('details').querySelector('input[type=search]');
        let left = null;
        if (box) { box.value = 'electricity'; box.dispatchEvent(new Event('input')); left = [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => r.textContent); }
        return [up, down, left, table.tBodies[0].rows.length];
    """)
    up, down, left, count = found
    assert up == sorted(up) and down == sorted(down, reverse=True) and len(set(up)) > 2 and (left is None) == (count <= 30)
    assert left is None or (left and all("electricity" in row.lower() for row in left))


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


@pytest.fixture(scope="module")
def hourly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a small park that is planned on nine days, each hour of them another: a grid, a roof, a battery, a boiler."""
    rng, hours = np.random.default_rng(3), 24 * 9
    draft = Draft(2026, 2028, hours=hours, base_emissions=9000.0)
    draft.profile("sun", rng.uniform(0.0, 1.0, hours).tolist())
    draft.profile("day", rng.uniform(0.4, 1.0, hours).tolist())
    draft.demand("machines", mwh={2026: 8760.0, 2028: 9900.0}, profile="day")
    draft.demand("warmth", "heat", mwh=4380.0, profile="day")
    draft.supply("grid", price=100.0, factor=0.5)
    draft.supply("gas", "gas", price=40.0, factor=0.2)
    draft.converter("pv", capital_cost=300_000.0, lifetime=20, max_capacity=4.0, profile="sun", green=1)
    draft.converter("boiler", {"gas": -1.1, "heat": 1.0}, existing=3.0)
    draft.store(capital_cost=20_000.0, lifetime=10, max_capacity=3.0, charge_efficiency=0.9, full_power_hours=3.0)
    draft.rule("net_ratio", "<=", 0.45)
    draft.goal(2027)
    case, out = draft.case(), tmp_path_factory.mktemp("hourly") / "out"
    write_run(plan_park(case, Options(gap=1e-6)), case, out, {})
    return out


#: Opens a year and a week, goes with the pointer over every hour, and gives (title, [{series: value}]) of each picture.
HOURS_SHOWN = """
const [year, week, done] = arguments, box = document.querySelector('.explorer');
box.open = true;
const pick = box.querySelector('select'), range = box.querySelector('input[type=range]');
setTimeout(() => {
  pick.value = year; range.value = week; pick.dispatchEvent(new Event('change'));
  setTimeout(() => done([...box.querySelectorAll('figure')].map(figure => {
    const svg = figure.querySelector('svg.chart'), box = svg.getBoundingClientRect(), g = svg.querySelector('g[data-left]').dataset;
    const hours = 168, wide = svg.viewBox.baseVal.width, shown = [];
    for (let i = 0; i < hours; i++) {
      const x = Number(g.left) + (i + .5) * (g.right - g.left) / hours;
      svg.dispatchEvent(new PointerEvent('pointermove', {clientX: box.left + x / wide * box.width, clientY: box.top + 20}));
      const tip = document.querySelector('.tip'), values = {hour: tip.querySelector('b').textContent};
      tip.querySelectorAll('dt').forEach(d => values[d.textContent] = d.nextElementSibling.textContent);
      shown.push(values);
    }
    return [figure.querySelector('h3').textContent, shown];
  })), 400);
}, 400);
"""


@pytest.mark.parametrize(("year", "week", "first"), [(2027, 0, 0), (2026, 0, 0), (2028, 1, 48)])
def test_the_hours_that_the_script_shows_are_those_of_the_dispatch(browser: Browser, hourly, year, week, first):
    """Any year and week: those of the year of the goal, and of others, which are told by what they differ from it."""
    browser.open(write_page(hourly), WIDE)
    browser.log()
    browser.driver.set_script_timeout(30)
    shown = dict(browser.driver.execute_async_script(HOURS_SHOWN, str(year), week))
    assert browser.log() == []
    names = pd.read_csv(hourly / "names.csv").set_index("name")["title_en"]
    flows = read_dispatch(hourly, year)
    signs = {"import": 1, "out": 1, "discharge": 1, "in": -1, "demand": -1, "charge": -1, "export": -1}
    assert {title.split(",")[0] for title in shown} == {"Electricity", "Heat", "Gas"}
    for title, hours in shown.items():
        own = flows[(flows["carrier"].astype(str) == title.split(",")[0].lower()) & flows["flow"].isin(list(signs))]
        wide = own.assign(value=own["value"] * own["flow"].astype(str).map(signs))
        wanted = (wide.groupby(["hour", wide["name"].astype(str).map(lambda name: names.get(name, name))])["value"] .sum()
            .unstack(fill_value=0.0))
        largest = wide["value"].abs().max()
        for i, values in enumerate(hours):
            assert values.pop("hour").endswith(f"{i % 24:02d}:00")
            told = {}
            for name, value in values.items():  # what a store gives and takes are two series
                thing = name.removesuffix(" (charging)")
                told[thing] = told.get(thing, 0.0) + float(value)
            for name, value in wanted.loc[first + i].items():
                assert told.pop(name, 0.0) == pytest.approx(value, abs=largest / 500)
            assert told == {}


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
