// A slider over the points of a frontier: the figures of the one that is chosen.
"use strict";

const slider = document.getElementById("slider");
if (slider) {
  const rows = [...document.querySelectorAll("#points tbody tr")], places = [...document.querySelectorAll("#point dd")];
  const show = () => {
    rows.forEach((row, i) => row.classList.toggle("chosen", i === slider.value - 1));
    [...rows[slider.value - 1].cells].forEach((cell, i) => { places[i].textContent = cell.textContent || "–"; });
  };
  slider.addEventListener("input", show);
  show();
}
