"use strict";
/* What a reader may do with the page beyond reading it. The page is complete without this; nothing is fetched. */
(() => {
  const words = document.body.dataset;
  const make = (name, properties = {}, ...inside) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...inside);
    return element;
  };

  /* The table behind a chart: names of the series, and a row of texts for each place. */
  const tableOf = (figure) => {
    const table = figure.querySelector(":scope > details table");
    if (!table) return null;
    const cells = (row) => [...row.cells].map((cell) => cell.textContent);
    return { head: cells(table.tHead.rows[0]), rows: [...table.tBodies[0].rows].map(cells) };
  };

  /* Crosshair: the values of the place under the pointer, from the table behind the chart. */
  const note = make("div", { className: "tip", hidden: true });
  note.setAttribute("role", "status");
  document.body.append(note);
  const crosshair = (svg, table) => {
    const axes = svg.querySelector("g[data-left]");
    if (!axes || !table || !table.rows.length) return;
    const left = Number(axes.dataset.left), right = Number(axes.dataset.right), count = table.rows.length;
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    line.setAttribute("class", "cross");
    line.setAttribute("y1", "20");
    line.setAttribute("y2", String(svg.viewBox.baseVal.height - 20));
    const hide = () => { line.remove(); note.hidden = true; };
    svg.addEventListener("pointerleave", hide);
    svg.addEventListener("pointermove", (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * svg.viewBox.baseVal.width;
      const place = Math.floor(((x - left) / (right - left)) * count);
      if (place < 0 || place >= count) return hide();
      const middle = left + ((place + 0.5) * (right - left)) / count;
      line.setAttribute("x1", String(middle));
      line.setAttribute("x2", String(middle));
      svg.append(line);
      const row = table.rows[place];
      const lines = row.slice(1).map((value, i) => [table.head[i + 1], value]).filter(([, value]) => value && !/^-?(0(\.0+)?|–)$/.test(value));
      note.replaceChildren(make("b", { textContent: row[0] }),
        make("dl", {}, ...lines.flatMap(([name, value]) => [make("dt", { textContent: name }), make("dd", { textContent: value })])));
      note.hidden = false;
      const wide = note.offsetWidth + 24;
      note.style.left = `${event.clientX + wide > innerWidth ? Math.max(4, event.clientX - wide) : event.clientX + 14}px`;
      note.style.top = `${Math.max(4, Math.min(event.clientY + 10, innerHeight - note.offsetHeight - 8))}px`;
    });
  };

  /* Series on and off: an entry of the legend is a button. */
  const switches = (figure) => {
    for (const entry of figure.querySelectorAll(":scope > .legend > li")) {
      const mark = entry.querySelector(".swatch > *");
      const look = mark && [...mark.classList].find((name) => /^[sl]\d+$/.test(name));
      if (!look) continue;
      const button = make("button", { type: "button" }, ...entry.childNodes);
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", () => {
        const off = button.getAttribute("aria-pressed") === "true";
        button.setAttribute("aria-pressed", String(!off));
        const also = look.startsWith("l") ? `.${look.replace("l", "m")}` : null;
        for (const shape of figure.querySelectorAll(`.chart .${look}${also ? `, .chart ${also}` : ""}`)) shape.classList.toggle("off", off);
      });
      entry.append(button);
    }
  };

  /* A chart as a picture or as its table. */
  const save = (name, address) => make("a", { href: address, download: name }).click();
  const safe = (text) => text.trim().replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80);
  const csv = (table) => {
    const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    return [table.head, ...table.rows].map((row) => row.map(quoted).join(",")).join("\r\n");
  };
  const valuesOf = (figure) => {
    const rows = [...figure.querySelectorAll(":scope > details table tr")];
    const text = (cell) => cell.dataset.value ?? cell.querySelector("data")?.value ?? cell.textContent;
    const [head, ...body] = rows.map((row) => [...row.cells].map(text));
    return { head, rows: body };
  };
  const picture = (svg, name) => {
    const copy = svg.cloneNode(true), from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
    from.forEach((element, i) => {
      const seen = getComputedStyle(element);
      for (const key of ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font", "text-anchor", "display"]) {
        to[i].style.setProperty(key, seen.getPropertyValue(key));
      }
    });
    const { width, height } = svg.viewBox.baseVal;
    copy.setAttribute("width", String(2 * width));
    copy.setAttribute("height", String(2 * height));
    const image = new Image();
    image.onload = () => {
      const canvas = make("canvas", { width: 2 * width, height: 2 * height }), area = canvas.getContext("2d");
      area.fillStyle = getComputedStyle(document.body).backgroundColor;
      area.fillRect(0, 0, canvas.width, canvas.height);
      area.drawImage(image, 0, 0);
      save(`${name}.png`, canvas.toDataURL("image/png"));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  };
  const tools = (figure) => {
    const title = figure.querySelector("h3")?.textContent ?? "chart";
    const charts = [...figure.querySelectorAll("svg.chart")];
    if (!charts.length || !tableOf(figure)) return;
    const shown = () => charts.find((svg) => svg.getBoundingClientRect().width > 0) ?? charts[0];
    const button = (text, what) => {
      const made = make("button", { type: "button", textContent: text });
      made.setAttribute("aria-label", `${text}: ${title}`);
      made.addEventListener("click", what);
      return made;
    };
    const box = make("p", { className: "tools" },
      button("PNG", () => picture(shown(), safe(title))),
      button("CSV", () => save(`${safe(title)}.csv`, `data:text/csv;charset=utf-8,${encodeURIComponent("\ufeff" + csv(valuesOf(figure)))}`)));
    figure.querySelector(":scope > details.behind").append(box);
  };

  /* Tables: sorted by a column, and filtered by a word where they are long. */
  const LONG = 30;
  const sortable = (table) => {
    const body = table.tBodies[0];
    if (!table.tHead || table.tHead.rows.length !== 1 || body.rows.length < 3 || table.matches(".timeline, .rules")) return;
    const key = (row, c) => {
      const cell = row.cells[c], text = cell?.textContent ?? "", exact = cell?.dataset.value ?? cell?.querySelector("data")?.value;
      const value = exact !== undefined ? Number(exact) : /^[\d\s,.%−-]+$/.test(text) ? Number(text.replace(/[^\d.-]/g, "")) : NaN;
      return Number.isNaN(value) ? text : value;
    };
    [...table.tHead.rows[0].cells].forEach((head, c) => {
      if (!head.textContent.trim()) return;
      const button = make("button", { type: "button" }, ...head.childNodes);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = (a, b) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1);
        body.append(...[...body.rows].sort((a, b) => (down ? -1 : 1) * order(key(a, c), key(b, c))));
      });
      head.append(button);
    });
    if (body.rows.length <= LONG) return;
    const box = make("input", { type: "search", placeholder: words.filter });
    box.setAttribute("aria-label", words.filter);
    box.addEventListener("input", () => {
      const wanted = box.value.trim().toLowerCase();
      for (const row of body.rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
    (table.closest(".scroll") ?? table).before(make("p", { className: "filter" }, box));
  };

  /* Any week of a year whose hours are in the page: stacked steps, made from the arrays of the archive. */
  const SVG = "http://www.w3.org/2000/svg", DAY = 24, WEEK = 168, LEFT = 58, WIDE = 920, HIGH = 300;
  const drawn = (name, attributes, text) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const unpacked = async (box) => {
    const year = JSON.parse(box.textContent);
    const bytes = Uint8Array.from(atob(year.data), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const planes = new Uint8Array(await new Response(stream).arrayBuffer()), count = planes.length / 2;
    let place = 0;
    for (const carrier of year.carriers) {
      carrier.series = carrier.series.map(([name, look, sign]) => {
        const steps = Float64Array.from({ length: year.hours }, (_, i) => (planes[place + i] + 256 * planes[count + place + i]) * carrier.step);
        place += year.hours;
        return [name, look, sign, steps];
      });
    }
    return year;
  };
  const weekOf = (carrier, first, hours) => {
    const svg = drawn("svg", { class: "chart hours", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": carrier.name });
    const side = (sign) => carrier.series.filter((series) => series[2] === sign);
    const sums = (all) => Array.from({ length: hours }, (_, i) => all.reduce((sum, series) => sum + series[3][first + i], 0));
    const high = Math.max(...sums(side(1)), 1e-9) * 1.04, low = Math.max(...sums(side(-1)), 1e-9) * 1.04;
    const y = (value) => 20 + ((high - value) / (high + low)) * (HIGH - 44), x = (i) => LEFT + (i / hours) * (WIDE - LEFT - 4);
    const power = 10 ** Math.floor(Math.log10((high + low) / 5)), step = [1, 2, 5, 10].map((m) => m * power).find((m) => (high + low) / m <= 7);
    const axes = drawn("g", { "aria-hidden": "true", "data-left": LEFT, "data-right": WIDE - 4 });
    for (let value = Math.ceil(-low / step) * step; value <= high; value += step) {
      axes.append(drawn("line", { x1: LEFT, x2: WIDE - 4, y1: y(value), y2: y(value), class: "grid" }),
        drawn("text", { x: LEFT - 5, y: y(value) + 4, class: "t end" }, String(Number(value.toPrecision(6)))));
    }
    for (let i = 0; i < hours; i += DAY) {
      axes.append(drawn("line", { x1: x(i), x2: x(i), y1: 20, y2: HIGH - 24, class: "grid" }), drawn("text", { x: x(i) + 3, y: HIGH - 8, class: "t" }, day(first + i)));
    }
    axes.append(drawn("text", { x: 2, y: 13, class: "t unit" }, carrier.unit));
    svg.append(axes);
    for (const sign of [1, -1]) {
      const base = new Float64Array(hours);
      for (const [, look, , values] of side(sign)) {
        let there = "", back = "";
        for (let i = 0; i < hours; i++) {
          const top = base[i] + values[first + i];
          there += `L${x(i).toFixed(1)},${y(sign * top).toFixed(1)}H${x(i + 1).toFixed(1)}`;
          back = `L${x(i + 1).toFixed(1)},${y(sign * base[i]).toFixed(1)}H${x(i).toFixed(1)}${back}`;
          base[i] = top;
        }
        svg.append(drawn("path", { d: `M${there.slice(1)}${back}Z`, class: `s${look} edge` }));
      }
    }
    svg.append(drawn("line", { x1: LEFT, x2: WIDE - 4, y1: y(0), y2: y(0), class: "zero" }));
    return svg;
  };
  const day = (hour) => new Date(Date.UTC(2025, 0, 1 + Math.floor(hour / DAY))).toISOString().slice(5, 10);
  const upper = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
  const places = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const explorer = (archive) => {
    const years = new Map([...archive.children].map((box) => [box.dataset.year, box]));
    const pick = make("select", {}, ...[...years.keys()].map((year) => make("option", { value: year, textContent: year, selected: year === archive.dataset.by })));
    const week = make("input", { type: "range", min: 0, step: 1, value: 0 });
    pick.setAttribute("aria-label", archive.dataset.year);
    week.setAttribute("aria-label", archive.dataset.week);
    const pictures = make("div"), known = new Map();
    const yearOf = async (name) => {
      if (!known.has(name)) known.set(name, await unpacked(years.get(name)));
      return known.get(name);
    };
    const show = async () => {
      const year = await yearOf(pick.value), hours = Math.min(WEEK, year.hours), first = Math.min(week.value * WEEK, year.hours - hours);
      week.max = String(Math.ceil(year.hours / WEEK) - 1);
      week.setAttribute("aria-valuetext", `${day(first)} – ${day(first + hours - 1)}`);
      pictures.replaceChildren(...year.carriers.map((carrier) => {
        const svg = weekOf(carrier, first, hours);
        const rows = Array.from({ length: hours }, (_, i) => [`${pick.value}-${day(first + i)} ${String((first + i) % DAY).padStart(2, "0")}:00`,
          ...carrier.series.map((series) => (series[2] * series[3][first + i]).toFixed(places(carrier.step)))]);
        const once = carrier.series.filter(([, look], i) => carrier.series.findIndex((other) => other[1] === look) === i);
        const entries = once.map(([name, look]) => {
          const swatch = drawn("svg", { class: "swatch", viewBox: "0 0 22 14", width: 22, height: 14, "aria-hidden": "true" });
          swatch.append(drawn("rect", { x: 4, y: 0, width: 14, height: 14, class: `s${look}` }));
          return make("li", {}, swatch, make("span", { textContent: name }));
        });
        const title = `${upper(carrier.name)}, ${pick.value}-${day(first)} – ${day(first + hours - 1)} [${carrier.unit}]`;
        const figure = make("figure", { className: "full" }, make("figcaption", {}, make("h3", { textContent: title })), make("div", { className: "scroll picture" }, svg), make("ul", { className: "legend" }, ...entries));
        crosshair(svg, { head: ["", ...carrier.series.map(([name]) => name)], rows });
        switches(figure);
        return figure;
      }));
    };
    pick.addEventListener("change", show);
    week.addEventListener("input", show);
    const box = make("details", { className: "explorer" }, make("summary", { textContent: archive.dataset.title }),
      make("p", {}, make("label", { textContent: `${archive.dataset.year} ` }, pick), " ", make("label", { textContent: `${archive.dataset.week} ` }, week)), pictures);
    box.addEventListener("toggle", () => { if (box.open && !pictures.children.length) show(); });
    archive.before(box);
  };

  for (const figure of document.querySelectorAll("figure")) {
    const table = tableOf(figure);
    for (const svg of figure.querySelectorAll("svg.chart")) crosshair(svg, table);
    switches(figure);
    tools(figure);
  }
  for (const table of document.querySelectorAll("section table")) sortable(table);
  const archive = document.getElementById("archive");
  if (archive && "DecompressionStream" in window) explorer(archive);
})();
