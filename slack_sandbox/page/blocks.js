/** Every block that the page can show. Whatever else comes is a visible fault. */

import { chart } from "./charts.js";
import { el, fault, icon } from "./dom.js";
import { element } from "./elements.js";
import { field } from "./inputs.js";
import { mrkdwn, textOf } from "./mrkdwn.js";
import { fromMarkdown, richText } from "./rich.js";
import { dataTable, table } from "./tables.js";

// Images are not fetched: they may lie on another machine, and nothing shall leave this one.
const picture = (one) => el("span", { class: "picture", role: "img", "aria-label": one.alt_text, title: "An image; it is not fetched here" }, one.alt_text);

function small(one) {
  if (one.type === "image") return picture(one);
  return /^(mrkdwn|plain_text)$/.test(one.type) ? el("div", null, textOf(one)) : fault(`context element ${one.type}`);
}

const BLOCKS = {
  header: (block) => el("h3", null, textOf(block.text)),
  divider: () => el("hr"),
  context: (block) => el("div", { class: "context" }, block.elements.map(small)),
  markdown: (block) => el("div", null, mrkdwn(fromMarkdown(block.text))),
  rich_text: richText,
  table,
  data_table: dataTable,
  data_visualization: chart,
  image: (block) => el("figure", null, picture(block), el("figcaption", null, textOf(block.title))),
  input: field,
  actions: (block, context) => el("div", { class: "actions" }, block.elements.map((one) => element(one, block, context))),
  alert: (block) => el("div", { class: "alert" }, el("strong", null, icon("warn"), ` ${block.level ?? "note"}: `), textOf(block.text)),
  section: (block, context) => el("div", { class: "section" },
    el("div", null, textOf(block.text), block.fields && el("div", { class: "fields" }, block.fields.map((one) => el("div", null, textOf(one))))),
    block.accessory && (block.accessory.type === "image" ? picture : element)(block.accessory, block, context)),
};

/**
 * Show blocks. In `context`, `where` is what the stand-in finds them by ({message} or {view}),
 * `values` what is typed so far; `fields` (a Map) gathers inputs, `typed` answers what they hold.
 */
export function renderBlocks(blocks, context) {
  const known = { where: {}, values: {}, fields: new Map(), ...context };
  return el("div", { class: "blocks" }, blocks.map((block) => {
    try {
      return BLOCKS[block.type]?.(block, known) ?? fault(`block ${block.type}`);
    } catch (error) {
      return fault(`block ${block.type} (${error.message})`);
    }
  }));
}
