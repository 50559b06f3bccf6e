import { button, el } from "./dom.js";
import { richText } from "./rich.js";

const valueOf = (cell) => cell.value ?? cell.text ?? "";
const shown = (cell) => (cell.type === "rich_text" ? richText(cell) : String(valueOf(cell)));
const row = (cells) => el("tr", null, cells.map((cell) => el("td", { class: cell.type }, shown(cell))));
const box = (...parts) => el("div", { class: "table", tabindex: 0 }, el("table", null, parts));

export const table = (block) => box(block.rows.map(row));

export function dataTable({ rows: [head, ...rows], caption }) {
  const order = (a, b) => a - b || String(a).localeCompare(b);
  let by = -1;
  let up = 1;
  const sort = (index) => () => {
    up = by === index ? -up : 1;
    by = index;
    rows.sort((a, b) => order(valueOf(a[by]), valueOf(b[by])) * up);
    heads.forEach((cell, at) => { cell.ariaSort = at !== by ? "none" : up > 0 ? "ascending" : "descending"; });
    body.replaceChildren(...rows.map(row));
  };
  const heads = head.map((cell, index) => el("th", { scope: "col" }, button(shown(cell), sort(index))));
  const body = el("tbody", null, rows.map(row));
  return box(el("caption", null, caption), el("thead", null, el("tr", null, heads)), body);
}
