// A picture of some series beside a table: lines over years, or the least and most of each day over the hours of a year.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

function svg(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// Steps of 1, 2 or 5 times a power of ten that hold the values.
function ticks(low, high, most = 5) {
  const span = high - low || Math.abs(high) || 1, raw = span / most, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(f => f * power).find(f => f >= raw);
  const found = [];
  for (let v = Math.floor(low / step) * step; v < high + step * 0.999; v += step) found.push(+v.toPrecision(12));
  return found;
}

// lines: [[x, y], …] each, or with a third value a band from the second to the third.
function draw(place, title, unit, lines) {
  place.replaceChildren();
  const points = lines.flat();
  if (points.length < 2) return;
  const width = Math.max(320, Math.min(720, place.clientWidth)), height = 220, left = 64, right = 26, top = 22, bottom = 24;
  const xs = points.map(p => p[0]), ys = points.flatMap(p => p.slice(1));
  const least = Math.min(...extremes(xs)), most = Math.max(...extremes(xs));
  const marks = ticks(Math.min(0, ...extremes(ys)), Math.max(0, ...extremes(ys)));
  const x = v => left + (v - least) / (most - least || 1) * (width - left - right);
  const y = v => height - bottom - (v - marks[0]) / (marks.at(-1) - marks[0]) * (height - top - bottom);
  const picture = svg("svg", {viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "chart"});
  picture.append(svg("text", {x: 2, y: 13, class: "soft"}, unit));
  for (const mark of marks) {
    picture.append(svg("line", {x1: left, x2: width - right, y1: y(mark), y2: y(mark), class: "mark"}));
    picture.append(svg("text", {x: left - 6, y: y(mark) + 4, class: "end"}, mark.toLocaleString(document.documentElement.lang)));
  }
  for (const v of ticks(least, most, Math.floor(width / 90)).filter(v => v >= least && v <= most && Number.isInteger(v)))
    picture.append(svg("text", {x: x(v), y: height - 6, class: "mid"}, String(v)));
  for (const line of lines) {
    if (line[0].length > 2) {
      const there = line.map(p => `${x(p[0])},${y(p[2])}`), back = line.map(p => `${x(p[0])},${y(p[1])}`).reverse();
      picture.append(svg("polygon", {points: [...there, ...back].join(" "), class: "band"}));
    } else {
      picture.append(svg("polyline", {points: line.map(p => `${x(p[0])},${y(p[1])}`).join(" "), class: "line"}));
      if (line.length < 60) for (const p of line) picture.append(svg("circle", {cx: x(p[0]), cy: y(p[1]), r: 3, class: "dot"}));
    }
  }
  const box = document.createElement("figure"), name = document.createElement("figcaption");
  name.textContent = title;
  box.append(name, picture);
  place.append(box);
}

// The least and the largest of many numbers, which Math.min itself cannot take all at once.
function extremes(numbers) {
  return numbers.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
}
