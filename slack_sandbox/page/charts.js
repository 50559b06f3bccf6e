/** Charts as SVG; each says its numbers, and needs no colour. */

import { el, svg } from "./dom.js";

const W = 480;
const H = 220;
const LEFT = 44;
const BASE = H - 26;
const DASHES = ["none", "6 3", "2 3", "8 3 2 3", "1 4", "10 4"];

const label = (x, y, anchor, text) => svg("text", { x, y, "text-anchor": anchor }, text);
const hue = (index) => `hsl(${170 + index * 137} 60% 45%)`;
const stroke = (index, d) => svg("path", { class: "line", color: hue(index), d, "stroke-dasharray": DASHES[index] });

function ceiling(most) {
  const unit = 10 ** Math.floor(Math.log10(most || 1));
  return unit * [1, 2, 5, 10].find((step) => step * unit >= most);
}

function pie(segments) {
  const sum = segments.reduce((total, one) => total + one.value, 0);
  const at = (angle, radius) => [W / 2 + Math.cos(angle) * radius, H / 2 + Math.sin(angle) * radius];
  let turn = -Math.PI / 2;
  return segments.flatMap((one, index) => {
    // A whole circle would end where it begins, and show nothing.
    const share = Math.min(one.value / sum, 0.9999);
    const d = `M${W / 2} ${H / 2}L${at(turn, 92)}A92 92 0 ${share > 0.5 ? 1 : 0} 1 ${at(turn + share * 2 * Math.PI, 92)}Z`;
    const middle = turn + share * Math.PI;
    turn += share * 2 * Math.PI;
    return [svg("path", { color: hue(index), d }), label(...at(middle, 104), Math.cos(middle) < 0 ? "end" : "start", `${one.label} ${Math.round(share * 100)}%`)];
  });
}

function axes({ type, series, axis_config: { categories } }) {
  const values = series.flatMap((one) => one.data.map((point) => point.value));
  const most = ceiling(Math.max(0, ...values));
  const least = Math.min(0, ...values);
  const y = (value) => BASE - ((value - least) / (most - least)) * (BASE - 12);
  const room = (W - LEFT - 8) / categories.length;
  const x = (name) => LEFT + room * (categories.indexOf(name) + 0.5);
  const grid = [least, (most + least) / 2, most].flatMap((value) => [
    svg("line", { x1: LEFT, x2: W - 8, y1: y(value), y2: y(value) }), label(LEFT - 6, y(value) + 4, "end", String(value)),
  ]);
  const every = Math.ceil(categories.length / 8);
  const names = categories.map((name, index) => label(x(name), H - 8, "middle", index % every ? "" : name));
  const width = Math.min(48, (room * 0.8) / series.length);
  const drawn = series.flatMap(({ data }, index) => {
    if (type === "bar") {
      return data.map(({ label: name, value }) => svg("rect", {
        color: hue(index), width, x: x(name) + width * (index - series.length / 2),
        y: y(Math.max(value, 0)), height: Math.abs(y(value) - y(0)),
      }));
    }
    const points = data.map((point) => `${x(point.label)} ${y(point.value)}`).join("L");
    const area = `M${x(data[0].label)} ${y(0)}L${points}L${x(data.at(-1).label)} ${y(0)}Z`;
    return [type === "area" && svg("path", { class: "area", color: hue(index), d: area }), stroke(index, `M${points}`)];
  });
  return [grid, names, drawn];
}

export function chart({ title, chart: one }) {
  const series = one.type === "pie" ? [{ name: title, data: one.segments }] : one.series;
  const said = series.map(({ name, data }) => `${name}: ${data.map((point) => `${point.label} ${point.value}`).join(", ")}`);
  const key = (index) => svg("svg", { viewBox: "0 0 24 10", class: "key" }, one.type === "bar" ? svg("rect", { color: hue(index), width: 24, height: 10 }) : stroke(index, "M0 5H24"));
  const labels = [one.axis_config?.y_label, one.axis_config?.x_label].filter(Boolean).join(" by ");
  return el("figure", { class: "chart" },
    el("figcaption", null, el("strong", null, title), labels && ` (${labels})`),
    svg("svg", { viewBox: `0 0 ${W} ${H}`, role: "img", "aria-label": `${title}. ${said.join(". ")}` }, one.type === "pie" ? pie(one.segments) : axes(one)),
    one.type !== "pie" && el("p", null, series.map(({ name }, index) => el("span", null, key(index), name))),
    el("details", null, el("summary", null, "The numbers"), said.map((line) => el("p", null, line))));
}
