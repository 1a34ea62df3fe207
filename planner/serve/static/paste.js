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
