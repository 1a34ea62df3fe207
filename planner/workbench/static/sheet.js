// A table of a park as a sheet: edited, pasted into, undone, checked and saved.
"use strict";

const host = document.getElementById("sheet"), from = host.dataset.from, readOnly = host.dataset.readOnly === "1";
const at = id => document.getElementById(id);
const isOpen = location.pathname.endsWith("/profiles");
const CHECK_AFTER = 500, MOST_UNDONE = 100, MOST_TOLD = 200, FEW = 12, HEIGHT = host.closest(".drawn") ? "44vh" : "52vh";
let columns, others, keys, version, table, now, saved, said = new Map(), count = 0, asked = 0, timer, isBusy = false;
const past = [], future = [];

const field = i => `c${i}`;
const toRow = cells => ({id: count++, ...Object.fromEntries(columns.map((_, i) => [field(i), cells[i] ?? ""]))});
const cellsOf = row => columns.map((_, i) => String(row[field(i)] ?? ""));
const blank = row => cellsOf(row).every(c => c === "");

async function ask(path, body) {
  const answer = await fetch(from + path, body && {method: "POST", headers: {"content-type": "application/json"}, body: JSON.stringify(body)})
    .catch(() => { notice(say("gone")); throw new Error("no answer"); });
  if (answer.status === 401) location.href = "/enter";
  return [answer.status, await answer.json()];
}

// --- the sheet ---

// A cell is no stop of Tab: the sheet is one, within it arrows move.
function look(cell, _, rendered) {
  rendered(() => { cell.getElement().tabIndex = -1; });
  const row = cell.getRow().getData(), own = cell.getField(), i = +own.slice(1), place = cell.getElement(), remark = said.get(`${row.id} ${own}`);
  place.classList.toggle("wrong", remark?.kind === "fault");
  place.classList.toggle("odd", remark?.kind === "warning");
  place.classList.toggle("changed", (saved.get(row.id)?.[i] ?? "") !== String(row[own] ?? ""));
  if (remark) place.setAttribute("aria-invalid", "true"); else place.removeAttribute("aria-invalid");
  return element("span", String(row[own] ?? ""), remark ? {title: remark.words} : {});
}

function head(column) {
  const made = element("span", column.name, {title: `${column.says}${column.required ? ` (${say("required")})` : ""}`});
  if (column.unit) made.append(element("small", ` ${column.unit}`));
  if (column.required) made.append(element("b", " *"));
  return made;
}

const escaped = text => element("i", text).innerHTML;

function defined(column, i) {
  const list = {values: column.choices.map(c => ({label: escaped(c), value: c})), autocomplete: true, freetext: true, listOnEmpty: true, allowEmpty: true};
  return {
    title: `${i}`, titleFormatter: () => head(column), field: field(i), formatter: look, headerSort: false, resizable: "header", minWidth: 70, maxInitialWidth: 260,
    hozAlign: column.kind === "text" ? "left" : "right", cssClass: column.kind === "text" ? "text" : "number",
    editor: readOnly ? false : column.choices.length ? "list" : "input", editorParams: column.choices.length ? list : {},
  };
}

function build(data) {
  ({columns, others, version} = data);
  keys = data.key;
  const rows = data.rows.map(toRow);
  table = new Tabulator(host, {
    data: rows, columns: columns.map(defined), ...(rows.length > FEW ? {height: HEIGHT} : {maxHeight: HEIGHT}), layout: "fitDataFill", selectableRange: 1, selectableRangeColumns: true, selectableRangeRows: true,
    selectableRangeClearCells: !readOnly, selectableRangeClearCellsValue: "", editTriggerEvent: "dblclick", renderHorizontal: columns.length > 40 ? "virtual" : "basic",
    rowHeader: {formatter: "rownum", frozen: true, width: 54, hozAlign: "right", resizable: false, headerSort: false, cssClass: "rownum", titleFormatter: () => element("span", "#")},
    clipboard: "copy", clipboardCopyStyled: false, clipboardCopyRowRange: "range", clipboardCopyConfig: {rowHeaders: false, columnHeaders: false},
    placeholder: noRow(say("no_row")),
  });
  now = rows.map(row => ({...row}));
  saved = new Map(rows.map(row => [row.id, cellsOf(row)]));
  table.on("tableBuilt", () => {
    host.setAttribute("aria-label", document.querySelector("h1").textContent);
    host.querySelector(".tabulator-header").tabIndex = -1;
    for (const [name, role] of [["header-contents", "presentation"], ["tableholder", "rowgroup"], ["table", "presentation"], ["range-overlay", "presentation"]])
      host.querySelector(`.tabulator-${name}`)?.setAttribute("role", role);
    remarks(data.remarks, now.map(row => row.id), []);
    for (const column of others) at("names").append(element("option", column.says, {value: column.name}));
    went();
    toFragment(data.lines);
  });
  table.on("cellEdited", changed);
  for (const event of ["rangeAdded", "rangeChanged"]) table.on(event, chosenSoon);
  table.on("cellEditing", () => { isBusy = true; });
  table.on("cellEditCancelled", () => { isBusy = false; });
}

// --- changes, undone and done again ---

const same = (a, b) => a.length === b.length && a.every((row, i) => row.id === b[i].id && columns.every((_, k) => (row[field(k)] ?? "") === (b[i][field(k)] ?? "")));

function changed() {
  isBusy = false;
  const data = table.getData().map(row => ({...row}));
  if (same(data, now)) return;
  past.push(now);
  if (past.length > MOST_UNDONE) past.shift();
  future.length = 0;
  now = data;
  table.getRows("visible").forEach(row => row.reformat());
  went();
  chosen();
  checkSoon();
}

async function show(rows) {
  if (rows.length > FEW) table.setHeight(HEIGHT);  // only what is seen is drawn then
  await table.replaceData(rows.map(row => ({...row})));
  now = rows;
  went();
  chosen();
  checkSoon();
}

async function undo() { if (past.length) { future.push(now); await show(past.pop()); } }
async function redo() { if (future.length) { past.push(now); await show(future.pop()); } }

// What differs from what is saved: [row, column, saved, now, id] of each cell; a row that is gone has no id.
function differences() {
  const ids = new Set(now.map(row => row.id)), found = [];
  const compare = (number, before, after, id) => columns.forEach((c, i) => { if ((before[i] ?? "") !== (after[i] ?? "")) found.push([number, i, before[i] ?? "", after[i] ?? "", id]); });
  now.forEach((row, at) => compare(at + 1, saved.get(row.id) ?? [], cellsOf(row), row.id));
  [...saved].forEach(([id, before], at) => { if (!ids.has(id)) compare(at + 1, before, [], undefined); });
  return found;
}

const differing = () => differences().length;

function tellDifferences(found) {
  const box = at("differs");
  box.hidden = !found.length;
  at("differing").textContent = say("unsaved", {count: found.length});
  if (!box.open) return;
  at("differences").replaceChildren(...found.slice(0, MOST_TOLD).map(([number, i, before, after, id]) => {
    const line = document.createElement("tr"), head = element("th", "", {scope: "row"}), words = say(id === undefined ? "removed" : saved.has(id) ? "row" : "added", {row: number});
    head.append(id === undefined ? words : Object.assign(element("button", words, {class: "link", type: "button"}), {onclick: () => choose(id, i)}));
    line.append(head, ...[columns[i].name, before || "–", after || "–"].map(text => element("td", text)));
    return line;
  }));
  at("more").textContent = found.length > MOST_TOLD ? say("more", {count: found.length - MOST_TOLD}) : "";
}

function went() {
  const found = differences(), cells = found.length;
  tellDifferences(found);
  at("save").disabled = readOnly || cells === 0;
  at("undo").disabled = readOnly || past.length === 0;
  at("redo").disabled = readOnly || future.length === 0;
  if (cells) state("unsaved", {count: cells});
  return cells;
}

const state = (key, values) => { at("state").textContent = key ? say(key, values) : ""; };

// --- checked and saved ---

const sent = () => {
  const used = columns.map((_, i) => i).filter(i => i < columns.length - added || now.some(row => row[field(i)]));
  return {version, columns: used.map(i => columns[i].name), rows: now.map(row => used.map(i => String(row[field(i)] ?? "")))};
};
let added = 0;

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, CHECK_AFTER);
  at("verdict").textContent = say("checking");
  at("verdict").className = "";
}

async function check() {
  const turn = ++asked, ids = now.map(row => row.id);
  const [status, found] = await ask("/check", sent());
  if (turn !== asked) return;
  if (status !== 200) return tellFaults(found.faults);
  remarks(found.remarks, ids, found.elsewhere);
}

function remarks(found, ids, elsewhere) {
  said = new Map();
  const list = at("list"), faults = found.filter(r => r.kind === "fault").length;
  list.replaceChildren();
  for (const remark of found) {
    const i = columns.findIndex(c => c.name === remark.column), id = ids[remark.row];
    if (i >= 0 && id !== undefined && said.get(`${id} ${field(i)}`)?.kind !== "fault") said.set(`${id} ${field(i)}`, remark);
    const item = document.createElement("li"), words = id === undefined ? remark.words : say("at_row", {row: remark.row + 1, words: remark.words});
    if (id === undefined) item.textContent = words;
    else item.append(Object.assign(element("button", words, {class: "link", type: "button"}), {onclick: () => choose(id, Math.max(i, 0))}));
    list.append(item);
  }
  at("elsewhere").replaceChildren(...elsewhere.map(words => element("li", words)));
  at("others").hidden = elsewhere.length === 0;
  at("remarks").hidden = found.length === 0;
  at("found").hidden = found.length + elsewhere.length === 0;
  table.getRows("visible").forEach(row => row.reformat());
  at("verdict").textContent = faults ? say("wrong", {count: faults}) : elsewhere.length ? say("elsewhere", {count: elsewhere.length}) : say("right");
  at("verdict").className = faults || elsewhere.length ? "fails" : "holds";
  chosen();
}

function tellFaults(faults) {
  at("list").replaceChildren(...faults.map(words => element("li", words)));
  at("remarks").hidden = at("found").hidden = false;
  notice(faults[0]);
}

async function save() {
  at("save").disabled = true;  // once
  const ids = now.map(row => row.id);
  const [status, found] = await ask("/save", sent());
  went();
  if (status === 409) {
    tellFaults([say("changed")]);
    at("list").append(Object.assign(element("button", say("reload"), {type: "button"}), {onclick: () => { saved = null; location.reload(); }}));
    return;
  }
  if (status !== 200) return tellFaults(found.faults);
  version = found.version;
  saved = new Map(now.map(row => [row.id, cellsOf(row)]));
  remarks(found.remarks, ids, found.elsewhere);
  went();
  state("saved");
}

// --- where one is ---

function choose(id, i) {
  const row = table.getRow(id);
  if (!row) return;
  table.scrollToRow(row, "center", false).then(() => {
    const cell = row.getCell(field(i));
    const [range] = table.getRanges();
    if (range) range.setBounds(cell, cell); else table.addRange(cell, cell);
    host.querySelector(".tabulator-tableholder").focus({preventScroll: true});
    chosen();
  }).catch(() => {});
}

// The first cell of what is chosen. None but this one is asked for: a column that is chosen at its head may have 8,760 of them.
function place() {
  const range = table?.getRanges?.()[0], row = range?.getRows()[0];
  const column = row && range.getColumns().find(c => c.getField()?.startsWith("c"));
  return column ? row.getCell(column) : null;
}

// A range is told of before it is the one that is chosen, and a move tells of it twice: what is chosen is known after all of that.
let isTelling = false;
function chosenSoon() {
  if (isTelling) return;
  isTelling = true;
  queueMicrotask(() => { isTelling = false; chosen(); });
}

function chosen() {
  const cell = place(), meaning = at("meaning");
  if (!cell) return;
  const i = +cell.getField().slice(1), column = columns[i], remark = said.get(`${cell.getRow().getData().id} ${cell.getField()}`);
  const told = column.says + (column.required ? ` (${say("required")})` : "");
  meaning.replaceChildren(element("b", column.name), ` ${column.unit}${told ? ` – ${told}` : ""}`);
  if (remark) meaning.append(document.createElement("br"), element("strong", remark.words, {class: remark.kind === "fault" ? "fails" : "odd"}));
  picture(i, cell.getRow().getData());
}

// --- pictures ---

// A profile where the table is one of profiles, of the column that is chosen, else of the first; else the series over years of the row.
function picture(i, row) {
  const year = columns.findIndex(c => c.name === "year"), value = columns.findIndex(c => c.name === "value");
  const number = text => text === "" ? NaN : Number(text), isProfile = c => c.kind !== "text" && c.name !== "hour";
  if (isOpen) {
    const own = isProfile(columns[i]) ? i : columns.findIndex(isProfile), name = columns[own]?.name;
    const values = own < 0 ? [] : now.map(r => number(r[field(own)]));
    if (values.some(Number.isNaN)) return draw(at("drawing"), "", "", []);
    if (values.length <= 336) return draw(at("drawing"), say("of_hours", {name}), "", [values.map((v, h) => [h, v])]);
    const days = Array.from({length: Math.floor(values.length / 24)}, (_, d) => [d + 1, ...extremes(values.slice(24 * d, 24 * d + 24))]);
    return draw(at("drawing"), say("over_hours", {name, count: values.length}), "", [days]);
  }
  const column = columns[i];
  const shown = column.kind === "float" ? i : value;
  if (year < 0 || shown < 0) return draw(at("drawing"), "", "", []);
  const named = columns.map((c, k) => k).filter(k => k !== year && (keys.includes(columns[k].name) || ["parameter", "item"].includes(columns[k].name)));
  const own = now.filter(r => named.every(k => r[field(k)] === row[field(k)])).map(r => [number(r[field(year)]), number(r[field(shown)])]);
  const points = own.filter(p => !p.some(Number.isNaN)).sort((a, b) => a[0] - b[0]);
  const name = named.map(k => row[field(k)]).filter(Boolean).join(" · ") || columns[shown].name, unit = columns.findIndex(c => c.name === "unit");
  draw(at("drawing"), say("over_years", {name}), unit >= 0 && shown === value ? row[field(unit)] : columns[shown].unit, points.length > 1 ? [points] : []);
}

// --- what the buttons, the keys and the clipboard do ---

function add() {
  const cell = place(), ids = now.map(row => row.id), below = cell ? ids.indexOf(cell.getRow().getData().id) + 1 : ids.length;
  const made = toRow([]), data = [...now.slice(0, below), made, ...now.slice(below)];
  keep(data).then(() => choose(made.id, 0));
}

function keep(data) {
  past.push(now);
  future.length = 0;
  return show(data);
}

function remove() {
  const rows = new Set((table.getRanges()[0]?.getRows() ?? []).map(row => row.getData().id));
  if (rows.size) keep(now.filter(row => !rows.has(row.id)));
}

function paste(text) {
  const cell = place(), ids = now.map(row => row.id);
  let top = cell ? ids.indexOf(cell.getRow().getData().id) : 0, rows = block(text), to;
  if (!rows.length) return;
  const first = cell ? +cell.getField().slice(1) : 0, heads = headed(rows, columns, others, first, isOpen), extra = [], heading = rows[0];
  if (heads) {
    extra.push(...heads.to.filter(column => column && !columns.includes(column)));
    extra.forEach(addColumn);
    to = heads.to.map(column => columns.indexOf(column));
    rows = rows.slice(1);
  } else to = rows[0].map((_, k) => first + k);
  const wide = Math.max(...rows.map(row => row.length), 0), holds = k => rows.some(row => row[k]);
  while (to.length < wide) to.push(heads ? -1 : to.at(-1) + 1);
  const beyond = to.filter((i, k) => i >= columns.length && holds(k)).length, nameless = to.filter((i, k) => i < 0 && !heading[k] && holds(k)).length;
  const made = numbers(rows, k => columns[to[k]] && columns[to[k]].kind !== "text");
  const data = now.map(row => ({...row}));
  made.rows.forEach((cells, r) => {
    if (top + r >= data.length) data.push(toRow([]));
    cells.forEach((c, k) => { if (to[k] >= 0 && to[k] < columns.length) data[top + r][field(to[k])] = c; });
  });
  keep(data).then(() => {
    const told = [say("pasted", {rows: made.rows.length})];
    if (made.commas) told.push(say("commas", {count: made.commas}));
    if (made.unclear) told.push(say("unclear", {count: made.unclear}));
    if (beyond) told.push(say("too_wide", {count: beyond}));
    if (extra.length) told.push(say("new_columns", {names: extra.map(column => column.name).join(", ")}));
    if (heads?.lost.length) told.push(say("left_out", {names: heads.lost.join(", ")}));
    if (nameless) told.push(say("nameless", {count: nameless}));
    if (heads?.units.length) told.push(say("units_left", {names: heads.units.join(", ")}));
    at("state").textContent = told.join(" · ");
    if (data[top]) choose(data[top].id, Math.max(0, Math.min(...to.filter(i => i >= 0))));
  });
}

function addColumn(column) {
  columns.push(column);
  others = others.filter(c => c.name.toLowerCase() !== bare(column.name));
  added++;
  table.addColumn(defined(column, columns.length - 1));
}

function addCalled(name) {
  const column = others.find(c => c.name === name) ?? (isOpen && name && !columns.some(c => c.name === name) ? named(name) : null);
  if (column) addColumn(column);
  return Boolean(column);
}

function toFragment(lines) {
  const found = /^#line=(\d+)(?:&column=(.*))?$/.exec(location.hash);
  if (!found) return;
  const row = now[lines.indexOf(+found[1])], i = columns.findIndex(c => c.name === decodeURIComponent(found[2] || ""));
  if (row) choose(row.id, Math.max(i, 0));
}

at("save").addEventListener("click", save);
at("undo").addEventListener("click", undo);
at("redo").addEventListener("click", redo);
at("add").addEventListener("click", add);
at("differs").addEventListener("toggle", () => tellDifferences(differences()));
at("remove").addEventListener("click", remove);
at("remove").disabled = readOnly;
at("columns").addEventListener("change", event => { if (addCalled(event.target.value.trim())) event.target.value = ""; });
const inField = () => ["INPUT", "TEXTAREA", "SELECT"].includes(document.activeElement?.tagName);
document.addEventListener("paste", event => {
  if (readOnly || inField() || !table) return;
  event.preventDefault();
  paste(event.clipboardData.getData("text/plain"));
});
document.addEventListener("keydown", event => {
  if (!(event.ctrlKey || event.metaKey) || inField()) return;
  const does = {z: event.shiftKey ? redo : undo, y: redo, s: () => at("save").disabled || save()}[event.key.toLowerCase()];
  if (does && !readOnly) { event.preventDefault(); does(); }
});
// A click makes a range anew, at the first cell: of a click on that one no range tells. Looked at once the sheet itself has heard of it.
document.addEventListener("mousedown", event => { if (host.contains(event.target)) chosenSoon(); });
host.addEventListener("keyup", event => { if (!isBusy && ["Delete", "Backspace"].includes(event.key)) changed(); });
// Tab leaves the sheet, as it does every other thing on the page; while a cell is edited it goes on to the next.
host.addEventListener("keydown", event => { if (event.key === "Tab" && !inField()) event.stopPropagation(); }, true);
// A letter begins a new text in the cell, as in every spreadsheet.
host.addEventListener("keydown", event => {
  if (readOnly || inField() || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  const cell = place();
  if (!cell) return;
  event.preventDefault();
  cell.edit();
  const input = host.querySelector(".tabulator-editing input");
  if (input) { input.value = event.key; input.dispatchEvent(new Event("input", {bubbles: true})); }
});
addEventListener("beforeunload", event => { if (saved && table && differing()) event.preventDefault(); });

ask("/data").then(([status, data]) => status === 200 ? build(data) : tellFaults(data.faults));
