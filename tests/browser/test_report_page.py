"""report.html and compare.html as a person opens them: offline, in both languages, narrow and wide, light, dark and printed."""

import shutil
from pathlib import Path

import pytest
from chromium import Browser
from reading import is_short

from planner.answer.page.page import write_page
from planner.compare import compare_outputs
from planner.compare.page import comparison_page
from planner.language.language import Language

PARKS = ("lakeside", "steelworks")
#: What A4 leaves within margins of 12 mm; a browser prints a page that is wider all the smaller.
NARROW, WIDE, A4 = 390, 1280, 703
TITLES = {
    "en": ["The answer", "Investment schedule", "Capacity", "Costs", "Emissions", "Stages and rules", "Energy", "Dispatch",
        "How sure is this?", "Contracts and connections", "Loads, bills and tariffs", "What the plan rests on"],
    "zh": ["结论", "投资计划", "装机容量", "费用", "排放", "阶段与规则", "能量", "运行", "结论有多可靠？", "合同与接入", "负荷、账单与电价", "方案的依据"],
}
#: The section of lakeside that only a park with `[finance]` has; and in the place of which.
OWN = {"en": ("How sure is this?", ("How sure is this?", "Finance")), "zh": ("结论有多可靠？", ("结论有多可靠？", "财务分析"))}

#: Charts that are seen and have no mark with a size.
BARE = """
const seen = [...document.querySelectorAll('svg.chart')].filter(s => s.getBoundingClientRect().width > 0);
const marks = 'rect[class^=s], path[class^=s], polyline.l, circle.m, image.heat';
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
        place, own = OWN[language]
        wanted = [t for title in TITLES[language] for t in (own if park == "lakeside" and title == place else (title,))]
        assert titles == wanted
    charts, bare = browser.run(BARE)
    assert charts >= (15 if park != "compare" else 6) and bare == [] and browser.run(OVERFLOW) == []
    said = browser.run("return [...document.querySelectorAll('figcaption p')].map(p => p.textContent)")
    assert [words for words in said if not is_short(words)] == []


@pytest.mark.parametrize("width", [NARROW, 900])
def test_names_in_energy_flows_are_legible(browser: Browser, pages, width):
    browser.open(pages["lakeside", "en"], width)
    count, least = browser.run(FLOWS)
    assert count > 5 and least >= 9


#: Bottom of the verdict with what is proven and checked, and of the first tiles of costs, in pixels from the top of the page.
FIRST = """
const tiles = [...document.querySelectorAll('.tiles li')].slice(0, 2);
const ends = ['.lead p', '.checks'].map(s => document.querySelector(s)).concat(tiles);
return ends.map(e => e.getBoundingClientRect().bottom + scrollY);
"""


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("park", PARKS)
def test_verdict_proof_and_costs_are_on_the_first_screen_and_on_the_first_two_of_a_telephone(
    browser: Browser, pages, park, language
):
    for width, height in ((WIDE, 900), (NARROW, 2 * 844)):
        browser.open(pages[park, language], width)
        assert len(browser.run(FIRST)) == 4 and max(browser.run(FIRST)) < height


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


def test_weeks_and_years_are_chosen_by_the_keyboard(browser: Browser, pages):
    from selenium.webdriver.common.keys import Keys

    browser.open(pages["lakeside", "en"], WIDE)
    shown = "return [...document.querySelectorAll('#dispatch .panel')].map(p => getComputedStyle(p).display !== 'none')"
    assert browser.run(shown) == [True, False, False]
    browser.driver.find_element("id", "weeks-0").send_keys(Keys.ARROW_RIGHT)
    assert browser.run(shown) == [False, True, False]
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
    assert page.read_text(encoding="utf-8").count(">2045<") > 5 and page.stat().st_size < 4e6
