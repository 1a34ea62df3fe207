// A block of a spreadsheet as it comes from the clipboard: rows of cells, and its numbers as we write them.
"use strict";

// Tabs between cells, a line a row; a cell with tabs, line ends or quotes stands in quotes, with each of its quotes twice.
function block(text) {
  const rows = [[]];
  let cell = "", quoted = false;
  const end = () => { rows.at(-1).push(cell.replace(/\s+/g, " ").trim()); cell = ""; };
  for (let i = 0; i < text.length; i++) {
    const sign = text[i];
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[i + 1] === '"') { cell += '"'; i++; } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") end();
    else if (sign === "\n") { end(); rows.push([]); }
    else if (sign !== "\r") cell += sign;
  }
  end();
  if (rows.at(-1).every(c => c === "")) rows.pop();
  return rows;
}

const DECIMAL = /^[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+$/, THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/, SPACED = /^[+-]?\d{1,3}([ '\u00a0\u202f]\d{3})+([.,]\d+)?$/;

// What the commas of a block are: decimal signs where one number shows it, separators of thousands where one shows that; where none
// does, they stay, and the check says so of each cell. numeric: whether a column of the block holds numbers.
function numbers(rows, numeric) {
  const cells = rows.flatMap(row => row.filter((_, at) => numeric(at)));
  const isDecimal = cells.some(c => DECIMAL.test(c) && !THOUSANDS.test(c)), isThousands = cells.some(c => THOUSANDS.test(c) && c.includes("."));
  let commas = 0, unclear = 0;
  const made = rows.map(row => row.map((c, at) => {
    if (!numeric(at)) return c;
    if (SPACED.test(c)) c = c.replace(/[ '\u00a0\u202f]/g, "");
    if (!c.includes(",")) return c;
    if (isDecimal && !isThousands && DECIMAL.test(c)) { commas++; return c.replace(/\./g, "").replace(",", "."); }
    if (isThousands && !isDecimal && THOUSANDS.test(c)) return c.replace(/,/g, "");
    if (/^[+-]?[\d.,]+$/.test(c)) unclear++;
    return c;
  }));
  return {rows: made, commas, unclear};
}

const UNIT = /\s*[[(（【]([^\])）】]*)[\])）】]?\s*$/, NUMBER = /^[+-]?[\d.,\s'\u00a0\u202f]*\d([eE][+-]?\d+)?%?$/;
const inner = text => UNIT.exec(text)?.[1].trim() ?? "", bare = text => text.replace(UNIT, "").toLowerCase();

// The column of a heading: by its name or its title in either language, as it stands before in any case, without its unit last.
function called(heading, known) {
  const names = column => [column.name, ...column.titles ?? []];
  return [n => n === heading, n => n.toLowerCase() === heading.toLowerCase(), n => bare(n) === bare(heading)]
    .map(is => known.find(column => names(column).some(is))).find(Boolean);
}

const isUnitOf = (heading, column) => [column.unit, column.heading, ""].includes(inner(heading)) || heading === column.name;
const named = name => ({name, unit: "", says: "", kind: "float", choices: [], required: false});

// What the first row of a block names, cell by cell: {to: columns of the sheet, or of those that it may have too, null where a cell names
// none, lost: headings of no column, units: headings whose unit is another than that of the sheet}; null where the row is no heading. It is
// one where more than half of its cells name columns, two at least; where the first names the column that it is pasted into, or where the
// only one stands over numbers.
// isOpen: any heading over numbers is a column, as those of profiles are.
function headed(rows, shown, others, target, isOpen) {
  const cells = rows[0], given = cells.filter(c => c !== ""), below = rows.slice(1).flat().filter(c => c !== "");
  if (given.some(c => NUMBER.test(c))) return null;
  const isOverNumbers = below.length > 0 && below.every(c => NUMBER.test(c)), known = [...shown, ...others];
  const found = cells.map(c => c === "" ? undefined : called(c, known) ?? (isOpen && isOverNumbers ? named(c) : undefined));
  const count = found.filter(Boolean).length, isOverItsOwn = below.length > 0 && found[0] && found[0] === shown[target];
  if (!isOverItsOwn && (count < 2 || 2 * count <= given.length) && !(count === 1 && given.length === 1 && isOverNumbers)) return null;
  const own = found.map((column, k) => column && found.indexOf(column) === k ? column : null);  // of two headings of one column the first
  return {
    to: own.map((column, k) => !column || shown.includes(column) || isUnitOf(cells[k], column) ? column : {...column, name: cells[k], unit: inner(cells[k])}),
    lost: cells.filter((c, k) => c !== "" && !own[k]),
    units: cells.filter((c, k) => shown.includes(own[k]) && !isUnitOf(c, own[k])),
  };
}
