/** The dialog: the view on top of a person's stack, with its form. */

import { renderBlocks } from "./blocks.js";
import { $, button, el, keepFocus } from "./dom.js";
import { textOf } from "./mrkdwn.js";
import { act, get, once } from "./world.js";

const dialog = $("modal");
let shown = {};
let fields = new Map();
let saving;

const typed = () => Object.fromEntries([...fields].map(([block, field]) => [block, field.read()]));

function ask(deed, details) {
  clearTimeout(saving);
  return act(deed, { view: shown.id, ...details }, deed === "fill");
}

/** Keep what is typed, through a reload too, or while acting as another. */
function save() {
  clearTimeout(saving);
  saving = setTimeout(() => ask("fill", { typed: typed() }), 400);
}

function submit(event) {
  event.preventDefault();
  const send = dialog.querySelector(".submit");
  if (send) once(send, () => ask("submit", { typed: typed() }));
}

function fill(example) {
  for (const [block, value] of Object.entries(example)) fields.get(block)?.write(value);
  save();
}

function draw(view, depth) {
  const again = shown.id === view.id;
  const before = again ? fields : new Map();
  const scroll = dialog.querySelector(".body")?.scrollTop;
  shown = view;
  fields = new Map();
  const body = renderBlocks(view.blocks, { where: { view: view.id }, values: view.values, fields, typed, changed: save });
  for (const [block, field] of fields) {
    const old = before.get(block);
    if (old?.same === field.same) field.write(old.read());
  }
  const example = get("hints").examples[view.callback];
  const title = el("h2", { id: "modal-title", tabindex: -1 }, textOf(view.title));
  const leave = view.close ? textOf(view.close) : depth > 1 ? "Back" : "Close";
  keepFocus(() => dialog.replaceChildren(el("form", { onsubmit: submit, novalidate: true },
    el("header", null, title, button("✕", () => ask("close", { everything: true }), "modal-x", { class: "quiet", "aria-label": "Close" })),
    el("div", { class: "body" }, body),
    el("footer", null,
      example && button("Fill in an example", () => fill(example), "modal-example", { class: "example" }),
      button(leave, () => ask("close"), "modal-close"),
      view.submit && el("button", { class: "primary submit", "data-key": "modal-submit" }, textOf(view.submit))))));
  if (!dialog.open) dialog.showModal();
  if (again) dialog.querySelector(".body").scrollTop = scroll;
  if (again && dialog.contains(document.activeElement)) return;
  const all = [...fields.values()];
  ((all.find((field) => field.first) ?? (again ? null : all[0]))?.control ?? title).focus();
}

export function sync(views) {
  const top = views.at(-1);
  if (!top) {
    shown = {};
    dialog.close();
    return;
  }
  const failed = JSON.stringify(top.errors);
  if (shown.id !== top.id || shown.hash !== top.hash) draw(top, views.length);
  else if (shown.failed === failed) return;
  for (const [block, field] of fields) field.fail(top.errors[block]);
  const wrong = fields.get(Object.keys(top.errors)[0])?.control;
  wrong?.focus();
  wrong?.closest(".field").scrollIntoView({ block: "nearest" });
  shown = { ...top, failed };
}

dialog.oncancel = (event) => {
  event.preventDefault();
  ask("close");
};
