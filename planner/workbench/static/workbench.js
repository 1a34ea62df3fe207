// What every page of the workbench does beyond its links and forms.
"use strict";

const words = JSON.parse(document.body.dataset.words);
const say = (key, values = {}) => (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

function notice(text) {
  document.getElementById("notice").textContent = text;
}

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// What stands where no row is shown: itself one, since a group of rows has one. Tabulator makes it anew each time.
const noRow = text => () => {
  const row = element("div", "", {class: "tabulator-placeholder-contents", role: "row"});
  row.append(element("span", text, {role: "gridcell"}));
  return row;
};

// What is refused is shown where it was asked for, as everything else is.
document.addEventListener("htmx:beforeSwap", event => {
  if (event.detail.xhr.status >= 400 && event.detail.xhr.getResponseHeader("content-type")?.startsWith("text/html"))
    event.detail.shouldSwap = true;
});
document.addEventListener("htmx:afterSettle", event => event.detail.target.removeAttribute("aria-busy"));
document.addEventListener("htmx:sendError", event => { event.detail.target?.removeAttribute("aria-busy"); notice(say("gone")); });

// A file dropped on its field.
for (const drop of document.querySelectorAll(".drop")) {
  const file = drop.querySelector("input[type=file]");
  drop.addEventListener("dragover", event => { event.preventDefault(); drop.classList.add("over"); });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", event => {
    event.preventDefault();
    drop.classList.remove("over");
    file.files = event.dataTransfer.files;
  });
}
