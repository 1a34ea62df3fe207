"""report.html and compare.html as a person opens them: offline, in both languages, narrow and wide, light, dark and printed; and what the script adds."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from chromium import Browser
from parks import Draft
from reading import is_short

from planner.answer.files import write_run
from planner.answer.page.page import write_page
from planner.compare import compare_outputs
from planner.compare.page import comparison_page
from planner.language.language import Language
from planner.planning.run import Options, plan_park
from planner.tables.facts import read_dispatch

PARKS = ("lakeside", "steelworks")
#: What A4 leaves within margins of 12 mm; a browser prints a page that is wider all the smaller.
NARROW, WIDE, A4 = 390, 1280, 703
TITLES = {
    "en": ["The answer", "What to do", "What it costs", "Emissions and rules", "Energy in and out", "How sure",
        "Money of the bank", "Tables"],
    "zh": ["结论", "行动方案", "费用", "排放与规则", "能量收支", "可靠程度", "融资与回报", "数据表"],
}
#: The section that only lakeside has, whose park has `[finance]`: its place.
BANK = 6

#: Charts that are seen and have no mark with a size.
BARE = """
const seen = [...document.querySelectorAll('svg.chart')].filter(s => s.getBoundingClientRect().width > 0);
const marks = 'rect[class^=s], rect.box, path[class^=s], polyline.l, circle.m, image.heat';
const sized = m => { const b = m.getBoundingClientRect(); return b.width > 0 || b.height > 0; };
return [seen.length, seen.filter(s => ![...s.querySelectorAll(marks)].some(sized)).map(s => s.getAttribute('aria-label'))];
"""
#: Texts that leave their chart, touch the next label of an axis, or are wider than what holds them.
OVERFLOW = """
const found = [];
for (const svg of document.querySelectorAll('svg.chart')) {
  const box = svg.getBoundingClientRect();
  if (!box.width) continue;
  const rows = new Map();
  for (const t of svg.querySelectorAll('text')) {
    const r = t.getBoundingClientRect(), where = svg.getAttribute('aria-label') + ': ' + t.textContent;
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1) found.push('out of ' + where);
    if (t.matches('.mid:not(.over)')) rows.set(Math.round(r.top), [...(rows.get(Math.round(r.top)) || []), [r, where]]);
  }
  for (const row of rows.values()) {
    row.sort((a, b) => a[0].left - b[0].left);
    row.slice(1).forEach((b, i) => { if (b[0].left < row[i][0].right) found.push('touching ' + b[1]); });
  }
}
for (const e of document.querySelectorAll('h1, h2, h3, p, li, td, th, label, summary, figcaption')) {
  const style = getComputedStyle(e);
  if (style.clipPath !== 'none') continue;  // for those who listen to the page
  if (!e.closest('svg') && e.offsetParent && e.scrollWidth > e.clientWidth + 1 && style.display !== 'inline')
    found.push(`${e.tagName} ${e.textContent.slice(0, 60)}: ${e.scrollWidth} in ${e.clientWidth}`);
}
const nav = document.querySelector('nav ul');
if (nav && nav.scrollWidth > nav.clientWidth + 1) found.push('the navigation is cut');
for (const t of document.querySelectorAll('svg.tornado text')) {
  const r = t.getBoundingClientRect();
  if (r.height && r.height < 10) found.push('too small: ' + t.textContent);
}
if (document.documentElement.scrollWidth > innerWidth) found.push('the page is wider than the window');
return found;
"""


#: Texts that are printed, with their size, where that is below 7 pt.
SMALL_PRINT = """
const found = [];
for (const e of document.querySelectorAll('body *')) {
  if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || e.closest('title, script, style, #archive')) continue;
  const svg = e.closest('svg'), box = e.getBoundingClientRect();
  if (!box.width || !box.height) continue;
  const points = 0.75 * parseFloat(getComputedStyle(e).fontSize) * (svg ? svg.getScreenCTM().a : 1);
  if (points < 6.95) found.push(`${points.toFixed(2)} ${e.textContent.slice(0, 40)}`);
}
return found;
"""


@pytest.fixture(scope="module")
def pages(outputs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(park or `compare`, language) -> page."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    for language in TITLES:
        for park, out in outputs.items():
            written = write_page(out, Language(language))
            found[park, language] = Path(shutil.copy(written, folder / f"{park}-{language}.html"))
            shutil.copy(written.with_name("hours.html"), folder / f"{park}-{language}-hours.html")
        found["compare", language] = folder / f"compare-{language}.html"
        text = comparison_page(compare_outputs(list(outputs.values())), Language(language))
        found["compare", language].write_text(text, encoding="utf-8")
    return found


#: Size in pixels of the smallest name in an energy flow that is seen, and how many there are.
FLOWS = """
const texts = [...document.querySelectorAll('svg.sankey text')].filter(t => t.getBoundingClientRect().width > 0);
return [texts.length, Math.min(...texts.map(t => parseFloat(getComputedStyle(t).fontSize) * t.ownerSVGElement.getScreenCTM().a))];
"""


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("park", [*PARKS, "compare"])
def test_a_page_opens_offline_with_marks_in_every_chart_and_no_text_out_of_place(browser: Browser, pages, park, language, width):
    browser.log()
    browser.open(pages[park, language], width)
    assert browser.log() == [] and browser.run("return performance.getEntriesByType('resource').map(r => r.name)") == []
    assert browser.run("return document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
    titles = browser.run("return [...document.querySelectorAll('h2')].map(h => h.textContent)")
    if park != "compare":
        assert titles == [t for i, t in enumerate(TITLES[language]) if park == "lakeside" or i != BANK]
    charts, bare = browser.run(BARE)
    assert charts >= (15 if park != "compare" else 6) and bare == [] and browser.run(OVERFLOW) == []
    said = browser.run("return [...document.querySelectorAll('figcaption p')].map(p => p.textContent)")
    assert [words for words in said if not is_short(words)] == []


@pytest.mark.parametrize("width", [NARROW, 900])
def test_names_in_energy_flows_are_legible(browser: Browser, pages, width):
    browser.open(pages["lakeside", "en"], width)
    count, least = browser.run(FLOWS)
    assert count > 5 and least >= 9


#: Bottom of the verdict, of the decision, of the first chart, of the schedule and of the four figures, from the top of the page.
FIRST = """
return ['.verdict p', '.approve li', '.figures li', 'svg.chart', 'figure > .scroll > .orders'].map(
  part => [...document.querySelectorAll('#answer ' + part)].map(e => e.getBoundingClientRect().bottom + scrollY));
"""


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("park", PARKS)
def test_verdict_decision_figures_and_chart_are_on_the_first_screen_and_on_the_first_two_of_a_telephone(
    browser: Browser, pages, park, language
):
    for width, height in ((WIDE, 800), (NARROW, 2 * 844)):
        browser.open(pages[park, language], width)
        verdict, decision, figures, charts, orders = browser.run(FIRST)
        assert verdict and decision and (len(figures), len(charts), len(orders)) == (4, 1, 1)
        assert max(*verdict, *decision, *figures, *charts, *orders) < height


#: Of rows of a table with the same elements and attributes, the exact number behind a cell apart, each empty or not, the first three
#: stay: axe goes through every cell, and says of all such rows what it says of one.
ALIKE = """
for (const body of document.querySelectorAll('tbody')) {
  const known = new Map();
  for (const row of [...body.rows]) {
    if (row.id || row.querySelector('[id]')) continue;  // others may refer to it
    const look = [row, ...row.querySelectorAll('*')].map(e => [e.tagName, !e.textContent.trim(),
      ...[...e.attributes].map(a => a.name + '=' + (e.tagName === 'DATA' ? '' : a.value))].join()).join(';');
    known.set(look, (known.get(look) || 0) + 1);
    if (known.get(look) > 3) row.remove();
  }
}
"""


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("park", "language", "width"),
    [("lakeside", "en", WIDE), ("steelworks", "zh", NARROW), ("compare", "en", NARROW)])
def test_axe_finds_nothing_serious(browser: Browser, pages, park, language, width, dark):
    """In the dark the colours alone are others."""
    browser.open(pages[park, language], width, dark)
    browser.run(ALIKE)
    assert [v for v in browser.axe("cat.color" if dark else "") if v[1] in ("serious", "critical")] == []


@pytest.mark.parametrize("park", PARKS)
def test_a_page_is_printed_on_a4_without_anything_cut_off(browser: Browser, pages, park):
    browser.open(pages[park, "en"], A4, print_=True)
    assert browser.run("return document.documentElement.scrollWidth") <= A4
    cut = "return [...document.querySelectorAll('section *')].filter(e => !e.closest('svg') && e.getBoundingClientRect().right > innerWidth + 1)"
    assert browser.run(cut + ".map(e => e.tagName + ' ' + e.textContent.slice(0, 60))") == []
    assert browser.run("return getComputedStyle(document.querySelector('nav')).display") == "none"


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("park", PARKS)
def test_no_print_is_below_seven_points(browser: Browser, pages, park, language):
    browser.open(pages[park, language], A4, print_=True)
    assert browser.run(SMALL_PRINT) == []


def test_what_opens_is_reached_by_the_keyboard(browser: Browser, pages):
    from selenium.webdriver.common.keys import Keys

    browser.open(pages["lakeside", "en"], WIDE)
    browser.driver.find_element("css selector", "#emissions summary").send_keys(Keys.ENTER)
    assert browser.run("return document.querySelector('#emissions details').open")
    browser.open(pages["lakeside", "en"], WIDE)
    reached = set()
    for _ in range(40):
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.run("return document.activeElement.tagName"))
    assert {"A", "SUMMARY"} <= reached


def test_colours_follow_the_scheme(browser: Browser, pages):
    ground = "return getComputedStyle(document.body).backgroundColor"
    browser.open(pages["lakeside", "en"], WIDE)
    light = browser.run(ground)
    browser.open(pages["lakeside", "en"], WIDE, dark=True)
    assert browser.run(ground) != light == "rgb(255, 255, 255)"


def test_the_report_of_twenty_years_takes_less_than_four_megabytes(twenty_years: Path):
    page = write_page(twenty_years)
    assert page.read_text(encoding="utf-8").count(">2040<") > 5 and page.stat().st_size < 4e6



#: What the script adds: values under the pointer, series on and off, sorted and filtered tables; and
# that the page is the same without it.

WIDE_SCRIPT = 1280
CHART = "[...document.querySelectorAll('#emissions figure')][0]"


@pytest.fixture(scope="module")
def page(outputs: dict[str, Path]) -> Path:
    return write_page(outputs["lakeside"])


def test_the_pointer_shows_the_row_of_the_table_behind_the_chart(browser: Browser, page):
    browser.open(page, WIDE_SCRIPT)
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
    browser.open(page, WIDE_SCRIPT)
    seen = f"""
        const figure = {CHART}, button = figure.querySelector('.legend button');
        const look = [...button.querySelector('.swatch > *').classList].find(c => /^[sl]\\d+$/.test(c));
        const shown = () => [...figure.querySelectorAll('.chart .' + look)].filter(e => getComputedStyle(e).display !== 'none').length;
        const counts = [shown()];
        button.click(); counts.push(shown(), button.getAttribute('aria-pressed'));
        button.click(); counts.push(shown(), button.getAttribute('aria-pressed'));
        return counts;
    """
    first, off, pressed, again, released = browser.run(seen)
    assert first == again > 0 == off and (pressed, released) == ("false", "true")


def test_a_table_is_sorted_by_number_and_filtered_by_a_word(browser: Browser, page):
    browser.open(page, WIDE_SCRIPT)
    found = browser.run("""
        const table = document.querySelector('#flows details table'), column = 3;
        table.closest('details').open = true;
        const values = () => [...table.tBodies[0].rows].filter(r => !r.hidden).map(r => Number(r.cells[column].dataset.value ?? 0));
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
    browser.open(write_page(hourly).with_name("hours.html"), WIDE_SCRIPT)
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
    browser.open(page, WIDE_SCRIPT)
    asked = "return [document.querySelectorAll('section').length, document.querySelectorAll('svg.chart').length, document.querySelectorAll('table').length]"
    before = browser.run(asked)
    assert browser.run("return document.querySelectorAll('.tools').length") > 5
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page, WIDE_SCRIPT)
        assert browser.run(asked) == before
        assert browser.run("return document.querySelectorAll('.tools, .legend button').length") == 0
    finally:
        browser.command("Emulation.setScriptExecutionDisabled", value=False)
