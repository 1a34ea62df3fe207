// A table of a run: sorted by its heads, filtered by a word.
"use strict";

const place = document.getElementById("output"), filter = document.getElementById("filter"), shown = document.getElementById("shown");

fetch(place.dataset.from).then(answer => answer.json()).then(data => {
  const language = document.documentElement.lang;
  const cellOf = column => cell => {
    const text = cell.getValue(), number = Number(text);
    const isPlain = !column.is_number || text === "" || column.unit === "year" || column.name === "year";
    return element("span", isPlain ? text : number.toLocaleString(language, {maximumSignificantDigits: 7}), {title: text});
  };
  const head = column => () => {
    const made = element("span", column.title, {title: column.says});
    if (column.unit && column.unit !== "1") made.append(element("small", ` ${column.unit}`));
    return made;
  };
  const table = new Tabulator(place, {
    data: data.rows.map(row => Object.fromEntries(row.map((cell, i) => [`c${i}`, cell]))), ...(data.rows.length > 15 ? {maxHeight: "70vh"} : {}), layout: "fitDataFill", placeholder: noRow("–"),
    columns: data.columns.map((column, i) => ({
      title: `${i}`, titleFormatter: head(column), field: `c${i}`, formatter: cellOf(column), hozAlign: column.is_number ? "right" : "left",
      sorter: column.is_number ? (a, b) => (a === "" ? -Infinity : Number(a)) - (b === "" ? -Infinity : Number(b)) : "string",
      frozen: i === 0, maxInitialWidth: i ? 420 : Math.min(420, innerWidth * .4),  // what a row is of stays in sight
    })),
  });
  const count = () => {
    shown.textContent = say("rows", {shown: table.getDataCount("active"), all: data.rows.length + data.left_out});
  };
  table.on("tableBuilt", () => {
    for (const [name, role] of [["header-contents", "presentation"], ["tableholder", "rowgroup"], ["table", "presentation"]]) place.querySelector(`.tabulator-${name}`)?.setAttribute("role", role);
    place.setAttribute("aria-label", document.querySelector("h1").textContent);
    place.querySelector(".tabulator-header").tabIndex = -1;
    // Each head is a stop of Tab, and sorts by Enter as by a click.
    for (const column of place.querySelectorAll(".tabulator-col.tabulator-sortable")) {
      column.tabIndex = 0;
      column.addEventListener("keydown", event => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); column.click(); } });
    }
    count();
  });
  filter.addEventListener("input", () => {
    const word = filter.value.toLowerCase();
    table.setFilter(row => !word || Object.entries(row).some(([key, text]) => key[0] === "c" && text.toLowerCase().includes(word)));
    count();
  });
});
